package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.diwan.base.AtomicFile;
import org.jspecify.annotations.Nullable;

/// A folder of the real file system.
record FolderDisk(Path root) implements Disk {
    /// The JDK copies what it writes into memory outside the heap, as much as it is given: give it
    /// little at a time.
    private static final int WRITE_SIZE = 1 << 20;

    /// Forces under way at a time.
    private static final int FORCES = 16;

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

    /// Forces that wait on the disk together commit together (ext4's journal): 100 files one after the
    /// other took 48 ms, 16 at a time 27 ms on an idle virtual disk.
    @Override
    public void force(List<File> files) throws IOException {
        if (files.size() < 3) {
            for (var file : files) file.force();
            return;
        }
        try (var pool = Executors.newFixedThreadPool(Math.min(files.size(), FORCES))) {
            var forces = new ArrayList<Future<?>>();
            for (var file : files)
                forces.add(pool.submit(() -> {
                    file.force();
                    return null;
                }));
            for (var force : forces) force.get();
        } catch (ExecutionException e) {
            throw new IOException(root + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(root + ": interrupted while forcing " + files.size() + " files");
        }
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
