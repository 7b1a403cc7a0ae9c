package org.diwan.cloud.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// A database in one SQLite file.
///
/// One connection under one lock: a look-up takes some twenty microseconds, SQLite has one writer
/// anyway, and SQLite's own locking would block a virtual thread inside native code. Every write is
/// on disk when its method returns (WAL, `synchronous=FULL`).
final class SqliteFile implements AutoCloseable {
    /// How long another process, a backup tool or `./diwan vault`, may hold the file.
    private static final int BUSY_MILLIS = 5_000;

    private final Path file;
    private final Handle handle;
    private final ReentrantLock lock = new ReentrantLock();

    private SqliteFile(Path file, Handle handle) {
        this.file = file;
        this.handle = handle;
    }

    /// How `file` is connected to; its folder is there afterwards.
    static SQLiteDataSource source(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /// The database in `file`, made when there is none, after `prepare`.
    ///
    /// @throws IOException naming the file, when it cannot be opened or prepared
    static SqliteFile open(Path file, Iterable<String> prepare) throws IOException {
        try {
            var handle = Jdbi.create(source(file)).open();
            try {
                prepare.forEach(handle::execute);
            } catch (JdbiException e) {
                handle.close();
                throw e;
            }
            return new SqliteFile(file, handle);
        } catch (JdbiException e) {
            throw new IOException(file + ": cannot open the database: " + e.getMessage(), e);
        }
    }

    /// What `work` gives; nobody else uses the database meanwhile.
    ///
    /// @throws IOException naming the file, when SQLite refuses
    <T> T locked(Function<Handle, T> work) throws IOException {
        lock.lock();
        try {
            return work.apply(handle);
        } catch (JdbiException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            handle.close();
        } finally {
            lock.unlock();
        }
    }
}
