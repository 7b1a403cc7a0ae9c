package org.diwan.sovereignty.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.diwan.sovereignty.SoftHsm;
import org.diwan.sovereignty.ledger.HsmKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A root key in a token, which never leaves it, and the one that takes over from it.
class HsmRootKeyTest {
    @TempDir
    Path folder;

    private static SoftHsm.Result vault(SoftHsm token, String... wrapped) throws Exception {
        String[] arguments = new String[wrapped.length + 2];
        arguments[0] = token.configuration().toString();
        arguments[1] = SoftHsm.PIN;
        System.arraycopy(wrapped, 0, arguments, 2, wrapped.length);
        return token.java(HsmVault.class, arguments);
    }

    @Test
    void aRootKeyInATokenWrapsAndUnwrapsAcrossProcessesBesideTheLogsKey() throws Exception {
        var token = SoftHsm.inFolder(folder);
        token.makeLogKey(HsmKey.ALIAS);

        var none = vault(token);
        assertEquals(1, none.exit());
        assertTrue(none.output().contains("the module has no key \"diwan-root\"; make it with keytool"), none.output());

        token.makeRootKey(HsmRootKey.ALIAS);
        var first = vault(token);
        assertEquals(0, first.exit(), first.output());
        var second = vault(token, first.output().strip());
        assertEquals(first.output(), second.output(), "the key survives the process");

        String wrapped = first.output().strip();
        String noNewer = "no newer root key than hsm:diwan-root";
        var alone = vault(token, wrapped, "rotate");
        assertEquals(1, alone.exit());
        assertTrue(alone.output().contains(noNewer + ","), alone.output());
        assertTrue(alone.output().contains("keytool -genseckey -alias diwan-root-2 "), alone.output());

        token.makeRootKey("diwan-root-2");
        var later = vault(token, wrapped, "rotate");
        assertEquals(
                List.of(wrapped, "hsm:diwan-root-2 took over from hsm:diwan-root"),
                later.output().lines().limit(2).toList());
        assertEquals(1, later.exit(), "a second rotation finds no newer key");
        assertTrue(later.output().contains(noNewer + "-2,"), later.output());
    }
}
