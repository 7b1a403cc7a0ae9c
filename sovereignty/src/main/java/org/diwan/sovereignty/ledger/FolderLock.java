package org.diwan.sovereignty.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The right to write a folder: held by one ledger of one process, given back by the operating system
/// when the process dies.
///
/// POSIX drops a process' lock on a file when the process closes *any* descriptor of that file (fcntl(2),
/// "Advisory record locking"). A second attempt within this process must therefore not so much as open
/// the lock file, hence the set of held folders.
final class FolderLock implements Closeable {
    private static final String FILE = ".state/lock";
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// The lock of `folder`, which has a `.state` in it.
    ///
    /// @throws IOException when somebody holds it
    static FolderLock take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HELD.add(real)) throw held(folder);
        try {
            var channel = FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) return new FolderLock(real, channel);
            channel.close();
            throw held(folder);
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static IOException held(Path folder) {
        return new IOException(folder + ": the ledger is open already; one process at a time may write it");
    }

    /// Gives the lock back; call once.
    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(folder);
    }
}
