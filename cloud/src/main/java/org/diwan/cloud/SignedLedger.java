package org.diwan.cloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diwan.base.AtomicFile;
import org.diwan.sovereignty.ledger.Cosigners;
import org.diwan.sovereignty.ledger.HsmKey;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.jspecify.annotations.Nullable;

/// The ledger of a data folder, open for writing, and the key that signs it.
public record SignedLedger(Ledger ledger, LogSigner signer) implements AutoCloseable {
    private static final String ORIGIN = "diwan.local/log";

    /// Opens `data/ledger` with `data/keys/log.key` or the key in a token; what is missing is made, and
    /// `log.vkey` and `log.policy` are written beside the key.
    ///
    /// @throws IOException when another process has it open, its key is elsewhere, or the disk fails
    public static SignedLedger open(Path data, LedgerConfig config) throws IOException {
        Path keys = data.resolve("keys");
        Files.createDirectories(keys);
        var signer = signer(keys, config.hsm());
        AtomicFile.write(
                keys.resolve("log.vkey"),
                (String.join("\n", signer.verifierKeys()) + "\n").getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(keys.resolve("log.policy"), config.witnesses().bytes());
        return new SignedLedger(Ledger.open(data.resolve("ledger"), signer, Cosigners.of(config.witnesses())), signer);
    }

    private static LogSigner signer(Path keys, @Nullable HsmKey hsm) throws IOException {
        if (hsm != null) return LogSigner.inHsm(hsm, ORIGIN);
        Path secret = keys.resolve("log.key");
        return Files.exists(secret) ? LogSigner.load(secret) : LogSigner.create(secret, ORIGIN);
    }

    @Override
    public void close() throws IOException {
        ledger.close();
    }
}
