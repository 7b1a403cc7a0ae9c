package org.diwan.app;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.cloud.LedgerConfig;
import org.diwan.cloud.VaultConfig;
import org.diwan.sovereignty.ledger.HsmKey;
import org.diwan.sovereignty.vault.HsmRootKey;
import picocli.CommandLine.Option;

/// The options of whoever opens a vault: where its root keys are.
final class VaultOptions {
    @Option(
            names = "--root-in-hsm",
            description = "The vault's root key is in the token too, named diwan-root; a later one diwan-root-2.")
    private boolean rootInHsm;

    @Option(
            names = "--key-service",
            paramLabel = "TENANT=URL",
            description = "A tenant that keeps its root key itself, and where it lends it. Repeatable.")
    private final Map<String, URI> keyServices = new TreeMap<>();

    /// @param ledger names the token
    VaultConfig config(LedgerConfig ledger) {
        var hsm = ledger.hsm();
        if (rootInHsm && hsm == null) throw new IllegalArgumentException("--root-in-hsm needs --hsm FILE");
        return new VaultConfig(
                rootInHsm && hsm != null ? new HsmKey(hsm.configuration(), HsmRootKey.ALIAS, hsm.pin()) : null,
                keyServices);
    }
}
