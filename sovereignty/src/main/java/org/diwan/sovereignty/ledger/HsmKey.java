package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Security;
import java.util.Objects;

/// Where a log's key lies that never leaves a hardware security module: ECDSA on P-256, because the
/// JDK's bridge to PKCS #11 offers neither Ed25519 nor ML-DSA.
///
/// `configuration` is a file in the JDK's own format (PKCS #11 Reference Guide, "SunPKCS11
/// Configuration"):
///
/// ```
/// name = diwan
/// library = /usr/lib/softhsm/libsofthsm2.so
/// slotListIndex = 0
/// attributes(generate, CKO_PRIVATE_KEY, *) = {
///   CKA_SENSITIVE = true
///   CKA_EXTRACTABLE = false
/// }
/// ```
///
/// The key is made inside the module, once, by the JDK's keytool (which also makes the certificate
/// that a Java key store wants beside a key; nobody reads it):
///
/// ```
/// keytool -genkeypair -alias diwan-log -keyalg EC -groupname secp256r1 -dname CN=diwan-log \
///   -storetype PKCS11 -providerClass sun.security.pkcs11.SunPKCS11 -providerArg hsm.cfg
/// ```
///
/// @param alias of the key in the module
public record HsmKey(Path configuration, String alias, String pin) {
    /// The key that [LogSigner] uses where nothing else is said.
    public static final String ALIAS = "diwan-log";

    /// The handle to the key, which has signed a message.
    SigningKey open(String name) throws IOException {
        if (!Files.isReadable(configuration)) throw new IOException(configuration + ": no such file, or not readable");
        try {
            var provider = Objects.requireNonNull(Security.getProvider("SunPKCS11"), "JDK 25 has SunPKCS11")
                    .configure(configuration.toString());
            var store = KeyStore.getInstance("PKCS11", provider);
            unlock(store);
            if (!(store.getKey(alias, null) instanceof PrivateKey secret))
                throw new IOException(configuration + ": the module has no key \"" + alias
                        + "\"; make it with keytool -genkeypair -alias " + alias
                        + " -keyalg EC -groupname secp256r1 -storetype PKCS11");
            var certificate = store.getCertificate(alias);
            var key = new SigningKey(
                    VerifierKey.of(name, VerifierKey.Type.ECDSA_P256, certificate.getPublicKey()), secret, provider);
            KeyFile.checkPair(configuration.toString(), key);
            return key;
        } catch (GeneralSecurityException
                | ProviderException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw new IOException(configuration + ": the module does not give its key: " + e.getMessage(), e);
        }
    }

    private void unlock(KeyStore store) throws IOException, GeneralSecurityException {
        try {
            store.load(null, pin.toCharArray());
        } catch (IOException e) {
            throw new IOException(configuration + ": the module does not open with this PIN: " + e.getMessage(), e);
        }
    }

    /// Without the PIN.
    @Override
    public String toString() {
        return "HsmKey[" + alias + " by " + configuration + "]";
    }
}
