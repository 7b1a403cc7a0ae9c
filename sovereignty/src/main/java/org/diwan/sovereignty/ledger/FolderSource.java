package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Published files in a folder.
record FolderSource(Path folder) implements TileSource {
    @Override
    public byte @Nullable [] read(String path, int limit) throws IOException {
        try (var in = Files.newInputStream(folder.resolve(path))) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) throw new TooLongException(folder + "/" + path, limit);
            return bytes;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
