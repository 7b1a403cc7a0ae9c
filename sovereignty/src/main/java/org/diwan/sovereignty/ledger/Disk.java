package org.diwan.sovereignty.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// What the ledger asks of a file system, and no more: two implementations, [FolderDisk] and the one
/// in the tests that fills up, fails and forgets what was not forced.
///
/// Paths are relative and use `/`. Only what [File#force] and [#syncFolder] have confirmed survives a
/// power failure: the first for bytes, the second for names. Everything else may or may not.
interface Disk extends TileSource {
    /// Where drafts lie until they are whole; emptied when a ledger opens.
    String DRAFTS = ".state/draft";

    /// Files that [#write] has open at a time.
    int MAX_OPEN = 64;

    /// A file open for writing.
    interface File extends Closeable {
        /// Writes all of `bytes` at `position`; after an error some of them may be there.
        void write(long position, ByteBuffer bytes) throws IOException;

        /// Everything written so far is on disk when this returns. After an error nobody knows, and
        /// asking again proves nothing: the kernel may have dropped the pages that it could not write
        /// ("fsyncgate", Rebello et al., USENIX ATC 2020). Write them again.
        void force() throws IOException;

        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }

    /// A new file, empty; one of that name is emptied.
    File create(String path) throws IOException;

    /// Gives the file another name in one step, replacing a file of that name.
    void rename(String from, String to) throws IOException;

    /// Removes a file or an empty folder; nothing happens when there is none.
    void delete(String path) throws IOException;

    /// Makes one folder in an existing one; nothing happens when it is there.
    void makeFolder(String path) throws IOException;

    /// Whether the folder has no names in it, or is not there.
    boolean isEmpty(String folder) throws IOException;

    /// The names in a folder in ascending order, none when there is no folder.
    List<String> list(String folder) throws IOException;

    /// Names added, replaced and removed in `folder` ("" is the root) are on disk when this returns.
    void syncFolder(String folder) throws IOException;

    /// Forces all of `files`; a real disk does many at once for little more than the price of one.
    default void force(List<File> files) throws IOException {
        for (var file : files) file.force();
    }

    /// Each file of `files` holds its bytes, on disk, when this returns. After an error or a crash each
    /// is either whole or as it was before: it is written under another name, forced, and renamed.
    default void write(Map<String, byte[]> files) throws IOException {
        for (String path : files.keySet()) makeFolders(parent(path));
        var paths = List.copyOf(files.keySet());
        for (int from = 0; from < paths.size(); from += MAX_OPEN) {
            var some = paths.subList(from, Math.min(paths.size(), from + MAX_OPEN));
            writeDrafts(some, files);
            for (String path : some) rename(draft(path), path);
        }
        for (String folder : new TreeSet<>(paths.stream().map(Disk::parent).toList())) syncFolder(folder);
    }

    private void writeDrafts(List<String> paths, Map<String, byte[]> files) throws IOException {
        var drafts = new ArrayList<File>();
        try {
            for (String path : paths) {
                var draft = create(draft(path));
                drafts.add(draft);
                draft.write(0, ByteBuffer.wrap(Objects.requireNonNull(files.get(path))));
            }
            force(drafts);
        } finally {
            for (var draft : drafts) draft.close();
        }
    }

    private static String draft(String path) {
        return DRAFTS + "/" + path.replace('/', '-');
    }

    /// The folder and those above it are there, on disk, when this returns. An empty folder may have
    /// its name only in memory, from a call that failed, so its parent is synced again; a folder with
    /// something in it got that after this had returned.
    default void makeFolders(String folder) throws IOException {
        if (folder.isEmpty() || !isEmpty(folder)) return;
        String parent = parent(folder);
        makeFolders(parent);
        makeFolder(folder);
        syncFolder(parent);
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
