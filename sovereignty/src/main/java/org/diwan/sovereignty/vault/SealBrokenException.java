package org.diwan.sovereignty.vault;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A sealed body does not open: it was changed, belongs to another tenant or record, or was sealed
/// with another key. Nothing of it can be shown.
public final class SealBrokenException extends IOException {
    private static final long serialVersionUID = 1;

    SealBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
