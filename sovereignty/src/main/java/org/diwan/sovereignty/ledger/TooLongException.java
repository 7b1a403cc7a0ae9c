package org.diwan.sovereignty.ledger;

import java.io.IOException;

/// A published file has more bytes than a file of its name can have.
final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    TooLongException(String file, int limit) {
        super(file + ": larger than " + limit + " bytes, the most it can be");
    }
}
