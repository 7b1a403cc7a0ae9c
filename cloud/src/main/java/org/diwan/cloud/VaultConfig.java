package org.diwan.cloud;

import java.net.URI;
import java.util.Map;
import org.diwan.sovereignty.ledger.HsmKey;
import org.jspecify.annotations.Nullable;

/// Who holds the keys of what was said.
///
/// @param hsm the token that holds the root key; null for a file in the data folder
/// @param services tenants that keep their root key themselves, and where it is asked for
public record VaultConfig(@Nullable HsmKey hsm, Map<String, URI> services) {
    /// A root key in the data folder, for all.
    public static final VaultConfig ALONE = new VaultConfig(null, Map.of());

    public VaultConfig {
        services = Map.copyOf(services);
    }
}
