package org.diwan.engine.convert;

import java.io.IOException;
import java.nio.file.Path;

/// A folder that cannot be converted. The message names the file, the field and what stands in the way.
public final class ConversionException extends IOException {
    /// @param field what was being read
    /// @param problem the value found and what was allowed
    public ConversionException(Path file, String field, String problem) {
        super(file + ": " + field + ": " + problem);
    }
}
