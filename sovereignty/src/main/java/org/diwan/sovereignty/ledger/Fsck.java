package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// Checks a log as an auditor does who trusts nothing but the verifier keys.
public final class Fsck {
    private Fsck() {}

    /// The state of the log in `folder`.
    ///
    /// @throws IOException when a file cannot be read; a file that differs is in the report
    public static FsckReport check(Path folder, List<VerifierKey> keys) throws IOException {
        return check(TileSource.of(folder), keys);
    }

    /// The state of the log served below `base`.
    ///
    /// @throws IOException when the server does not answer; a file that differs is in the report
    public static FsckReport check(URI base, List<VerifierKey> keys) throws IOException {
        return check(TileSource.of(base), keys);
    }

    private static FsckReport check(TileSource source, List<VerifierKey> keys) throws IOException {
        try {
            byte[] text = source.read("checkpoint", Checkpoint.MAX_TEXT);
            if (text == null) return new FsckReport(0, 0, 0, source + ": no checkpoint");
            var checkpoint = Checkpoint.parse(new String(text, java.nio.charset.StandardCharsets.UTF_8));
            checkpoint.verify(keys);
            return new FsckReport(checkpoint.size(), 1, 0, null);
        } catch (VerificationException e) {
            return new FsckReport(0, 1, 0, e.getMessage());
        }
    }
}
