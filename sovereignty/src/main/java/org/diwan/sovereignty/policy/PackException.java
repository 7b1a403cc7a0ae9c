package org.diwan.sovereignty.policy;

import java.io.IOException;
import java.nio.file.Path;

/// A pack that cannot be used: which file, which field, what is wrong with it. Nothing of such a
/// pack is loaded, because half a law is worse than none.
public final class PackException extends IOException {
    private static final long serialVersionUID = 1;

    /// @param field where in the file, such as `identifiers[2].checksum`
    public PackException(Path file, String field, String problem) {
        super(file + ": " + field + ": " + problem);
    }
}
