package org.diwan.engine.safetensors;

import java.io.IOException;
import java.nio.file.Path;

/// A file that is not a safetensors file this engine reads. The message names the file, the field, the
/// value found and what was allowed.
public final class SafetensorsException extends IOException {
    /// @param field what was being read
    /// @param problem the value found and the limit it breaks
    public SafetensorsException(Path file, String field, String problem) {
        super(file + ": " + field + ": " + problem);
    }
}
