package org.diwan.sovereignty.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// A root key that never leaves a hardware security module: AES-256-GCM through PKCS #11.
///
/// `configuration` is a file in the JDK's own format (PKCS #11 Reference Guide, "SunPKCS11
/// Configuration"): `name`, `library`, `slotListIndex`. The key is made inside the module, once:
///
/// ```
/// keytool -genseckey -alias diwan-root -keyalg AES -keysize 256 -storetype PKCS11 \
///   -providerClass sun.security.pkcs11.SunPKCS11 -providerArg hsm.cfg
/// ```
///
/// A later key stands beside it with a number, `diwan-root-2`, `diwan-root-3` and so on: the highest wraps,
/// the others unwrap what they wrapped until they are deleted from the module.
///
/// A wrapped key is 12 bytes of nonce, the ciphertext, 16 bytes of tag.
public final class HsmRootKey implements RootKey {
    /// The key that is used where nothing else is said.
    public static final String ALIAS = "diwan-root";

    /// Most keys that are looked for in a module, and the highest number of one.
    private static final int MAX_NUMBER = 999;

    private static final int NONCE_SIZE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String alias;
    private final int number;
    private final Provider provider;
    private final SecretKey key;

    private HsmRootKey(String alias, int number, Provider provider, SecretKey key) {
        this.alias = alias;
        this.number = number;
        this.provider = provider;
        this.key = key;
    }

    /// Handles to the key named `alias` and the later ones, `alias-2` and so on, the newest first.
    ///
    /// @throws IOException when the module does not open, or has no such key; says how to make it
    public static List<HsmRootKey> open(Path configuration, String alias, char[] pin) throws IOException {
        if (!Files.isReadable(configuration)) throw new IOException(configuration + ": no such file, or not readable");
        try {
            var provider = Objects.requireNonNull(Security.getProvider("SunPKCS11"), "JDK 25 has SunPKCS11")
                    .configure(configuration.toString());
            var store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            var keys = new ArrayList<HsmRootKey>();
            for (int number = MAX_NUMBER; number >= 1; number--)
                if (store.getKey(named(alias, number), null) instanceof SecretKey key)
                    keys.add(new HsmRootKey(alias, number, provider, key));
            if (keys.isEmpty())
                throw new IOException(
                        configuration + ": the module has no key \"" + alias + "\"; make it with " + making(alias));
            return keys;
        } catch (GeneralSecurityException
                | ProviderException
                | IllegalArgumentException
                | UnsupportedOperationException e) {
            throw new IOException(configuration + ": the module does not give its key: " + e.getMessage(), e);
        }
    }

    private static String named(String alias, int number) {
        return number == 1 ? alias : alias + "-" + number;
    }

    private static String making(String alias) {
        return "keytool -genseckey -alias " + alias + " -keyalg AES -keysize 256 -storetype PKCS11";
    }

    /// The command that makes the key which takes over from this one.
    public String makingNext() {
        return making(named(alias, number + 1));
    }

    @Override
    public String name() {
        return "hsm:" + named(alias, number);
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) throws KeyRefusedException {
        byte[] nonce = new byte[NONCE_SIZE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, plain, 0, context);
            return ByteBuffer.allocate(NONCE_SIZE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyRefusedException("the hardware module does not wrap: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException {
        if (wrapped.length < NONCE_SIZE) throw new SealBrokenException("a tenant's key is cut short", null);
        try {
            return run(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, NONCE_SIZE), wrapped, NONCE_SIZE, context);
        } catch (AEADBadTagException e) {
            throw new SealBrokenException("a tenant's key does not unwrap: it is another root key's", e);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyRefusedException("the hardware module does not unwrap: " + e.getMessage(), e);
        }
    }

    /// Everything after `offset` of `text`; a cipher for each call, because the module is asked by many.
    private byte[] run(int mode, byte[] nonce, byte[] text, int offset, byte[] context)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher.doFinal(text, offset, text.length - offset);
    }

    @Override
    public boolean lends() {
        return true;
    }
}
