package org.diwan.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// A file that is there whole or not at all, whatever moment the power fails.
public final class AtomicFile {
    private AtomicFile() {}

    /// `file` holds exactly `bytes`, on disk, when this returns; a crash before that leaves the old
    /// file (or none). Missing parent folders are made. Two writers of one file need a lock of
    /// their own: the last rename wins.
    ///
    /// @throws IOException when the disk refuses (full, read-only); the old file is untouched
    public static void write(Path file, byte[] bytes) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), () -> file + " is not a file name");
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, "." + file.getFileName(), ".draft");
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) channel.write(buffer);
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        syncFolder(folder);
    }

    /// Names created, renamed or deleted in `folder` are on disk when this returns. POSIX keeps a
    /// file's content and its name apart: fsync of the file alone may lose the name.
    public static void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
