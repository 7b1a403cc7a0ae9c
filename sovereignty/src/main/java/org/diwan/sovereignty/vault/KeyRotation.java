package org.diwan.sovereignty.vault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.diwan.sovereignty.vault.Vault.Rewrapped;
import org.jspecify.annotations.Nullable;

/// New keys for a vault that nobody else uses meanwhile.
///
/// Who makes a new root key depends on where it is: one in a file is made here; one in a token by the
/// token's tools, and taken up here; one in a tenant's own service by the service, which is asked to
/// unwrap with what it has and to wrap with what it likes best. A root key that changes its place, from a
/// file into a token or into a tenant's hands and back, is a rotation like any other.
public final class KeyRotation implements AutoCloseable {
    private final @Nullable FileRootKey file;
    private final List<HsmRootKey> token;
    private final List<RootKey> roots;
    private final Map<String, RootKey> held;
    private final Vault vault;

    /// @param file the root key, or where there is one in a token, the one before it
    /// @param token the keys of a token, the newest first; none where the root key is in a file
    /// @param left services that tenants leave, which unwrap for the last time
    /// @param held tenants' own root keys, by tenant
    /// @throws IllegalArgumentException when neither a file nor a token holds a root key
    public KeyRotation(
            @Nullable FileRootKey file,
            List<HsmRootKey> token,
            List<RemoteRootKey> left,
            Map<String, RootKey> held,
            KeyShelf shelf) {
        if (file == null && token.isEmpty())
            throw new IllegalArgumentException("no root key in a file, and none in a token");
        this.file = file;
        this.token = List.copyOf(token);
        this.held = Map.copyOf(held);
        this.roots = new ArrayList<>(token);
        if (file != null) roots.add(file);
        roots.addAll(left);
        this.vault = new Vault(roots.getFirst(), roots.subList(1, roots.size()), held, shelf);
    }

    /// Whether [#tenant] has what it needs.
    ///
    /// @throws KeyRefusedException when the tenant's key is not lent; so for [ErasedException], when it has none
    public void checkTenant(String tenant) throws IOException {
        vault.check(tenant);
    }

    /// Gives `tenant` a new key, wrapped by the root key that it has now.
    ///
    /// @throws IOException as [#checkTenant]; nothing changed
    public void tenant(String tenant) throws IOException {
        vault.rotate(tenant);
    }

    /// Whether there is a root key that [#root] can turn to.
    ///
    /// @throws IOException when the root key is in a token that has no newer one; says how to make it
    public void checkRoot() throws IOException {
        if (token.isEmpty()) return;
        var newest = token.getFirst();
        var kept = vault.roots();
        if (!kept.containsValue(newest.name())) return;
        for (var each : kept.entrySet())
            if (!each.getValue().equals(held.getOrDefault(each.getKey(), newest).name())) return;
        throw new IOException("the token has no newer root key than " + newest.name()
                + ", and every tenant's key is wrapped where it should be; make one with " + newest.makingNext()
                + ", then rotate");
    }

    /// Wraps all tenants' keys with the newest root key; an older one in a file is forgotten when nothing
    /// hangs on it any more.
    public Rewrapped root() throws IOException {
        var made = token.isEmpty() ? file : null;
        if (made != null) made.rotate();
        var came = vault.rewrap();
        if (made != null
                && came.refused().stream().noneMatch(refusal -> refusal.root().equals(made.name()))) made.dropOlder();
        return came;
    }

    /// Root keys that are at hand and that nothing hangs on any more, the newest excepted.
    public List<String> unused() throws IOException {
        var used = new HashSet<>(vault.roots().values());
        return roots.stream()
                .skip(1)
                .map(RootKey::name)
                .filter(name -> !used.contains(name))
                .toList();
    }

    @Override
    public void close() {
        vault.close();
    }
}
