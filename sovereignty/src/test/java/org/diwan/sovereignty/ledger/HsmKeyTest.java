package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.diwan.base.Digest;
import org.diwan.sovereignty.SoftHsm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log whose key lies in a token, held to openssl.
class HsmKeyTest {
    @TempDir
    Path folder;

    private SoftHsm token;

    @BeforeEach
    void makeToken() throws Exception {
        token = SoftHsm.inFolder(folder);
    }

    /// What [HsmLog] prints: the verifier key, or why there is no log.
    private SoftHsm.Result log(String pin) throws Exception {
        return token.java(
                HsmLog.class,
                token.configuration().toString(),
                pin,
                folder.resolve("log").toString());
    }

    @Test
    void aKeyThatNeverLeavesItsTokenSignsALogThatOpensslVerifies() throws Exception {
        token.makeLogKey(HsmKey.ALIAS);
        var first = log(SoftHsm.PIN);
        assertEquals(0, first.exit(), first.output());
        var key = VerifierKey.parse(first.output().strip());
        assertEquals(VerifierKey.Type.ECDSA_P256, key.type());
        var second = log(SoftHsm.PIN);
        assertEquals(first.output(), second.output(), "the key survives the process");

        var report = Fsck.check(folder.resolve("log"), List.of(key));
        assertNull(report.difference());
        assertEquals(2 * HsmLog.ENTRIES, report.size());
        checkWithOpenssl(key, Checkpoint.parse(Files.readString(folder.resolve("log/checkpoint"))));
    }

    /// The key id and the signature, by somebody else: signed-note's type 0x02.
    private void checkWithOpenssl(VerifierKey key, Checkpoint checkpoint) throws Exception {
        byte[] material =
                StrictBase64.decode(key.toString().substring(key.name().length() + 10));
        byte[] spki = Arrays.copyOfRange(material, 1, material.length);
        assertEquals(2, material[0]);
        assertEquals(HexFormat.of().formatHex(Digest.sha256(spki), 0, 4), key.idText());
        Files.write(folder.resolve("key.der"), spki);
        Files.write(folder.resolve("note"), checkpoint.body().bytes());
        byte[] signature = checkpoint.signatures().getFirst().blob();
        assertEquals("Verified OK\n", openssl(signature).output());
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(false, key.verifies(checkpoint.body(), flipped), "bit " + bit);
        }
        signature[signature.length - 1] ^= 1;
        assertEquals(1, openssl(signature).exit());
    }

    private SoftHsm.Result openssl(byte[] signature) throws Exception {
        Files.write(folder.resolve("signature"), signature);
        return token.run(List.of(
                "openssl",
                "dgst",
                "-sha256",
                "-keyform",
                "DER",
                "-verify",
                folder.resolve("key.der").toString(),
                "-signature",
                folder.resolve("signature").toString(),
                folder.resolve("note").toString()));
    }

    @Test
    void aWrongPinAMissingKeyAndAMissingModuleAreNamed() throws Exception {
        var none = log(SoftHsm.PIN);
        assertEquals(1, none.exit());
        assertTrue(none.output().contains("the module has no key \"diwan-log\"; make it with keytool"), none.output());
        var wrong = log("0000");
        assertEquals(1, wrong.exit());
        assertTrue(wrong.output().contains("does not open with this PIN"), wrong.output());
        Files.writeString(token.configuration(), "name = diwan\nlibrary = /nowhere/lib.so\n");
        var missing = log(SoftHsm.PIN);
        assertEquals(1, missing.exit());
        assertTrue(missing.output().contains("the module does not give its key"), missing.output());
        assertThrows(
                IOException.class,
                () -> LogSigner.inHsm(new HsmKey(folder.resolve("no"), HsmKey.ALIAS, SoftHsm.PIN), Logs.ORIGIN));
    }
}
