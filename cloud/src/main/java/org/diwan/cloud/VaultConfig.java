package org.diwan.cloud;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.cloud.store.SqlKeyShelf;
import org.diwan.sovereignty.ledger.HsmKey;
import org.diwan.sovereignty.vault.FileRootKey;
import org.diwan.sovereignty.vault.HsmRootKey;
import org.diwan.sovereignty.vault.KeyRotation;
import org.diwan.sovereignty.vault.RemoteRootKey;
import org.diwan.sovereignty.vault.RootKey;
import org.diwan.sovereignty.vault.Vault;
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

    /// The vault whose keys lie in `keys`; a root key in a file, and the vault, are made when there are none.
    ///
    /// @throws IOException when a root key does not open, or the folder is of an older version
    public Vault open(Path keys) throws IOException {
        // Its receipts would be taken for erased: they have no keys of their own.
        Path older = keys.resolve("vault.key");
        if (Files.exists(older))
            throw new IOException(older + ": this data folder is of an older version, whose vault cannot be read;"
                    + " keep it for that version and start with another --data");
        List<RootKey> roots = new ArrayList<>(token());
        if (roots.isEmpty()) roots.add(FileRootKey.open(keys.resolve("root.key")));
        return new Vault(
                roots.getFirst(), roots.subList(1, roots.size()), held(), SqlKeyShelf.open(keys.resolve("vault.db")));
    }

    /// A rotation of the vault whose keys lie in `keys`.
    ///
    /// @param left services that tenants leave, which unwrap for the last time
    /// @throws IOException when there is neither a root key in a file nor one in a token, or one does not open
    public KeyRotation rotation(Path keys, List<URI> left) throws IOException {
        Path secret = keys.resolve("root.key");
        var token = token();
        // Opening a file that is not there would make one.
        boolean inFile = Files.exists(secret);
        if (token.isEmpty() && !inFile)
            throw new IOException(secret + ": no root key here; if it is in a token, say --root-in-hsm and --hsm FILE");
        return new KeyRotation(
                inFile ? FileRootKey.open(secret) : null,
                token,
                left.stream().map(RemoteRootKey::new).toList(),
                held(),
                SqlKeyShelf.open(keys.resolve("vault.db")));
    }

    /// The token's root keys, the newest first; none where there is no token.
    List<HsmRootKey> token() throws IOException {
        return hsm == null
                ? List.of()
                : HsmRootKey.open(hsm.configuration(), hsm.alias(), hsm.pin().toCharArray());
    }

    /// The root keys of tenants that keep theirs themselves.
    Map<String, RootKey> held() {
        var held = new HashMap<String, RootKey>();
        services.forEach((tenant, url) -> held.put(tenant, new RemoteRootKey(url)));
        return held;
    }
}
