package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.SignedLedger;
import org.diwan.cloud.mirror.S3Store;
import org.diwan.sovereignty.ledger.HsmKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of whoever writes a ledger: who cosigns it, where its key is, where a copy goes.
final class LedgerOptions {
    @Option(
            names = "--witness-policy",
            paramLabel = "FILE",
            description = "Who must cosign the log's checkpoints, and where (C2SP tlog-policy).")
    private @Nullable Path witnessPolicy;

    @Option(
            names = "--hsm",
            paramLabel = "FILE",
            description = "The log's key is in a token: its SunPKCS11 configuration; PIN in DIWAN_HSM_PIN.")
    private @Nullable Path hsm;

    @Option(
            names = "--mirror",
            paramLabel = "s3://BUCKET[/DIR]",
            description = "Copy the log's public files there; credentials in AWS_ACCESS_KEY_ID and so on.")
    private @Nullable URI mirror;

    /// @param usual the witness policy to take if none is named, where such a file is
    LedgerConfig config(@Nullable Path usual) throws IOException {
        Path policy = witnessPolicy == null && usual != null && Files.exists(usual) ? usual : witnessPolicy;
        return new LedgerConfig(
                policy == null ? WitnessPolicy.NONE : WitnessPolicy.parse(Files.readAllBytes(policy)),
                hsm == null ? null : new HsmKey(hsm, HsmKey.ALIAS, pin()),
                mirror == null ? null : S3Store.of(mirror, System.getenv()));
    }

    /// Appends `entry` to the ledger of `data` and publishes it; its index. The witnesses that the server
    /// was started with still count.
    ///
    /// @throws IOException as when a running server holds the ledger
    long append(DataFolder data, byte[] entry) throws IOException {
        try (var signed = SignedLedger.open(data.folder(), config(data.folder().resolve("keys/log.policy")))) {
            long index = signed.ledger().append(entry);
            signed.ledger().publish();
            return index;
        }
    }

    private static String pin() {
        String pin = System.getenv("DIWAN_HSM_PIN");
        if (pin == null) throw new IllegalArgumentException("--hsm needs the token's PIN in DIWAN_HSM_PIN");
        return pin;
    }
}
