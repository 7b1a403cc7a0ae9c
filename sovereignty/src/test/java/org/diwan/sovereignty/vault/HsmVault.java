package org.diwan.sovereignty.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.diwan.sovereignty.ledger.HsmKey;
import org.diwan.sovereignty.ledger.LogSigner;

/// The process in which [HsmRootKeyTest] keeps a vault: `HsmVault CONFIGURATION PIN [WRAPPED [rotate]]` wraps a
/// key with the token's, or unwraps the one of an earlier process, beside a log that signs with the same
/// token; with `rotate`, what hangs on its oldest root key is then wrapped by its newest, twice. Exit
/// code 1 and the reason when it cannot.
final class HsmVault {
    static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONTEXT = {1, 2, 3};

    private HsmVault() {}

    public static void main(String[] arguments) {
        try {
            Path configuration = Path.of(arguments[0]);
            LogSigner.inHsm(new HsmKey(configuration, HsmKey.ALIAS, arguments[1]), "example.com/log");
            var roots = HsmRootKey.open(configuration, HsmRootKey.ALIAS, arguments[1].toCharArray());
            var root = roots.getLast();
            byte[] wrapped = arguments.length > 2 ? HexFormat.of().parseHex(arguments[2]) : root.wrap(KEY, CONTEXT);
            if (!Arrays.equals(KEY, root.unwrap(wrapped, CONTEXT))) throw new IOException("another key came back");
            if (Arrays.equals(wrapped, root.wrap(KEY, CONTEXT))) throw new IOException("a nonce was used twice");
            for (int bit = 0; bit < wrapped.length * 8; bit++) {
                byte[] flipped = wrapped.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                refused(root, flipped, CONTEXT);
            }
            refused(root, wrapped, new byte[] {1, 2, 4});
            refused(root, new byte[5], CONTEXT);
            var vault = new Vault(root, List.of(), Map.of(), new MemoryShelf());
            byte[] sealed = vault.sealNew("t", "p", "r", "request", KEY);
            if (!Arrays.equals(KEY, vault.open("t", "r", "request", sealed))) throw new IOException("another body");
            System.out.println(HexFormat.of().formatHex(wrapped));
            if (arguments.length > 3) takeOver(roots);
        } catch (IOException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void takeOver(List<HsmRootKey> roots) throws IOException {
        var newest = roots.getFirst();
        var oldest = roots.getLast();
        var shelf = new MemoryShelf();
        byte[] sealed = new Vault(oldest, List.of(), Map.of(), shelf).sealNew("t", "p", "r", "request", KEY);
        try (var rotation = new KeyRotation(null, roots, List.of(), Map.of(), shelf)) {
            rotation.checkRoot();
            if (!rotation.root().done().equals(List.of("t"))) throw new IOException("the key was not wrapped");
            if (!rotation.unused().equals(List.of(oldest.name())))
                throw new IOException("still in use: " + oldest.name());
            var alone = new Vault(newest, List.of(), Map.of(), shelf);
            if (!Arrays.equals(KEY, alone.open("t", "r", "request", sealed))) throw new IOException("another body");
            System.out.println(newest.name() + " took over from " + oldest.name());
            rotation.checkRoot();
        }
    }

    private static void refused(HsmRootKey root, byte[] wrapped, byte[] context) throws IOException {
        try {
            root.unwrap(wrapped, context);
        } catch (SealBrokenException e) {
            return;
        }
        throw new IOException("a changed key was unwrapped");
    }
}
