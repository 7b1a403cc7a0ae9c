package org.diwan.sovereignty.vault;

import java.io.IOException;

/// The key of a record was destroyed, alone, with its person's or with its tenant's: nobody can read the
/// record any more, whoever holds which other key.
public final class ErasedException extends IOException {
    private static final long serialVersionUID = 1;

    ErasedException(String message) {
        super(message);
    }
}
