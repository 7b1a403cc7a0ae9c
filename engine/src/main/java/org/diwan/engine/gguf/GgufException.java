package org.diwan.engine.gguf;

import java.io.IOException;
import java.nio.file.Path;

/// A file that is not a GGUF file this engine reads. The message names the file, the field, the
/// value found and what was allowed.
public final class GgufException extends IOException {
    /// @param field what was being read, with its byte offset where there is one
    /// @param problem the value found and the limit it breaks
    public GgufException(Path file, String field, String problem) {
        super(file + ": " + field + ": " + problem);
    }
}
