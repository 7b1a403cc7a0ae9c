package org.diwan.sovereignty.ledger;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import org.jspecify.annotations.Nullable;

/// A private key, and the one way in which it is used: to sign a checkpoint.
///
/// @param secret in memory, or a handle to a key that never leaves its token
/// @param provider whose key `secret` is where it lies in a token, else null
record SigningKey(
        VerifierKey verifier, PrivateKey secret, @Nullable Provider provider) {
    /// This key's line under `body`.
    ///
    /// @param time seconds since 1970, for the types that sign a time
    /// @throws IllegalStateException when the key cannot be used: a token was unplugged
    Checkpoint.SignatureLine sign(Checkpoint.Body body, long time) {
        var type = verifier.type();
        try {
            var signature = provider == null
                    ? Signature.getInstance(type.algorithm)
                    : Signature.getInstance(type.algorithm, provider);
            signature.initSign(secret);
            signature.update(type.message(verifier.name(), time, body));
            byte[] signed = signature.sign();
            byte[] blob = !type.isTimed()
                    ? signed
                    : ByteBuffer.allocate(Long.BYTES + signed.length)
                            .putLong(time)
                            .put(signed)
                            .array();
            return new Checkpoint.SignatureLine(verifier.name(), verifier.idText(), blob);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign as " + verifier.name() + ": " + e.getMessage(), e);
        }
    }

    /// Names the key and never shows it.
    @Override
    public String toString() {
        return "SigningKey[" + verifier.name() + "+" + verifier.idText() + "]";
    }
}
