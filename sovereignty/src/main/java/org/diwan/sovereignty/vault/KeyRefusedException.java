package org.diwan.sovereignty.vault;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Whoever holds a tenant's key did not lend it: said no, or nothing in time. Nothing can be read.
public final class KeyRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    /// @param message says who refused what
    public KeyRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
