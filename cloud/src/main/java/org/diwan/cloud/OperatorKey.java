package org.diwan.cloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.diwan.base.AtomicFile;
import org.diwan.cloud.store.ApiKey;

/// The first key of a data folder: whoever has it runs the place.
public final class OperatorKey {
    private OperatorKey() {}

    /// The key in `data/operator.key`, which is made if it is not there.
    ///
    /// @throws IOException if the file holds something else, or cannot be written
    public static ApiKey of(Path data) throws IOException {
        Path file = data.resolve("operator.key");
        if (Files.exists(file)) {
            try {
                return new ApiKey(Files.readString(file).strip());
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        file + ": not an API key (" + e.getMessage() + "); delete it to get a new one", e);
            }
        }
        var key = ApiKey.random();
        AtomicFile.write(file, (key.text() + "\n").getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return key;
    }
}
