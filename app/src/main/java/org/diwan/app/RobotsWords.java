package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.diwan.cloud.Gateway;
import org.diwan.cloud.VaultConfig;
import org.diwan.robots.record.Sealing;
import org.diwan.robots.record.VaultSealing;
import org.diwan.sovereignty.vault.Vault;

/// The vault of a data folder, for what is said to robots where no gateway runs.
final class RobotsWords {
    private RobotsWords() {}

    /// The vault in `data`, if a server has made one there whose root key is in a file.
    static Optional<Vault> vault(Path data) throws IOException {
        Path keys = data.resolve("keys");
        if (!Files.exists(keys.resolve("vault.db")) || !Files.exists(keys.resolve("root.key"))) return Optional.empty();
        return Optional.of(VaultConfig.ALONE.open(keys));
    }

    /// For the words of the operator, whom alone robots obey.
    static Sealing sealing(Vault vault) {
        return new VaultSealing(vault, Gateway.OPERATOR);
    }
}
