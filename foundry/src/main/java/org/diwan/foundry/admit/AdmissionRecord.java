package org.diwan.foundry.admit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.diwan.base.LineReader;

/// Has an admission written into a ledger, by a child process that has its key.
public final class AdmissionRecord {
    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_SECONDS = 120;

    private AdmissionRecord() {}

    /// Records the digest of `manifest` in the ledger of the data folder `data`; what the child says of
    /// the entry: `{"entry":17,"manifest":"07…","data":"…"}`.
    ///
    /// @throws IOException when it is not recorded; the documents are admitted nevertheless
    public static byte[] write(Path launcher, Path manifest, Path data) throws IOException {
        List<String> command =
                List.of(launcher.toString(), "admit", "record", manifest.toString(), "--data", data.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            process.getOutputStream().close();
            String line = new LineReader(process.getInputStream(), MAX_LINE).next();
            boolean over = process.waitFor(MAX_SECONDS, TimeUnit.SECONDS);
            if (!over || process.exitValue() != 0 || line == null)
                throw new IOException("the admission is not in the ledger of " + data + " ("
                        + (over ? "status " + process.exitValue() : "no answer in " + MAX_SECONDS + " s")
                        + "); what was said is above, and the next build tries again");
            return line.getBytes(StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("recording the admission was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
