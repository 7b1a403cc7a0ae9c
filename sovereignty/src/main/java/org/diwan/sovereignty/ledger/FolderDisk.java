package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.diwan.base.AtomicFile;
import org.jspecify.annotations.Nullable;

/// A folder of the real file system.
record FolderDisk(Path root) implements Disk {
    /// The JDK copies what it writes into memory outside the heap, as much as it is given: give it
    /// little at a time.
    private static final int WRITE_SIZE = 1 << 20;

    private record OpenFile(FileChannel channel) implements File {
        @Override
        public void write(long position, ByteBuffer bytes) throws IOException {
            long at = position;
            while (bytes.hasRemaining()) {
                var piece = bytes.slice(bytes.position(), Math.min(bytes.remaining(), WRITE_SIZE));
                int written = channel.write(piece, at);
                bytes.position(bytes.position() + written);
                at += written;
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public File create(String path) throws IOException {
        return new OpenFile(FileChannel.open(
                root.resolve(path),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                root.resolve(from),
                root.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(root.resolve(path));
    }

    @Override
    public void makeFolder(String path) throws IOException {
        try {
            Files.createDirectory(root.resolve(path));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(root.resolve(path))) throw e;
        }
    }

    @Override
    public boolean isEmpty(String folder) throws IOException {
        Path path = root.resolve(folder);
        if (!Files.isDirectory(path)) return true;
        try (var names = Files.newDirectoryStream(path)) {
            return !names.iterator().hasNext();
        }
    }

    @Override
    public List<String> list(String folder) throws IOException {
        Path path = root.resolve(folder);
        if (!Files.isDirectory(path)) return List.of();
        try (var names = Files.list(path)) {
            return names.map(name -> String.valueOf(name.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        AtomicFile.syncFolder(root.resolve(folder));
    }

    @Override
    public byte @Nullable [] read(String path, int limit) throws IOException {
        return new FolderSource(root).read(path, limit);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
