package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.diwan.cloud.Gateway;
import org.diwan.cloud.OperatorVault;
import org.diwan.cloud.VaultConfig;
import org.diwan.robots.record.Sealing;
import org.diwan.robots.record.VaultSealing;
import org.diwan.sovereignty.vault.Vault;

/// What is said to robots goes where prompts go: into the vault, as the words of the operator, whom alone robots obey.
final class RobotsWords {
    private RobotsWords() {}

    /// For whoever has the ledger: erasures reach it.
    static Sealing sealing(OperatorVault vault) {
        return new Sealing() {
            @Override
            public byte[] seal(String id, String person, byte[] plain) throws IOException {
                return vault.seal(id, person, VaultSealing.PART, plain);
            }

            @Override
            public byte[] open(String id, byte[] sealed) throws IOException {
                return vault.open(id, VaultSealing.PART, sealed);
            }
        };
    }

    /// The vault in `data`, if there is one whose root key is in a file: to read what was said, beside whoever has the
    /// ledger.
    static Optional<Vault> vault(Path data) throws IOException {
        Path keys = data.resolve("keys");
        if (!Files.exists(keys.resolve("vault.db")) || !Files.exists(keys.resolve("root.key"))) return Optional.empty();
        return Optional.of(VaultConfig.ALONE.open(keys));
    }

    /// To read it.
    static Sealing reading(Vault vault) {
        return new VaultSealing(vault, Gateway.OPERATOR);
    }
}
