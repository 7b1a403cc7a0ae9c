package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the published files of a log come from: a folder, or a web server that hands the folder out.
/// Nothing that comes from here is trusted.
public interface TileSource {
    /// The bytes of `path` (`checkpoint`, `tile/0/x001/067`, …), or null when there is no such file.
    ///
    /// @throws IOException when the source fails, or the file is larger than `limit` bytes
    byte @Nullable [] read(String path, int limit) throws IOException;

    /// The log in a folder on this machine.
    static TileSource of(Path folder) {
        return new FolderSource(folder);
    }

    /// The log served below `base`, such as `https://example.com/log/`.
    static TileSource of(URI base) {
        return new HttpSource(base);
    }
}
