package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the tests of witnesses share.
final class Witnesses {
    /// Both keys of one witness.
    static final List<SigningKey> BOTH = both();

    private Witnesses() {}

    private static List<SigningKey> both() {
        try {
            Path folder = Files.createTempDirectory("diwan-witness-key");
            Path file = folder.resolve("witness.key");
            var keys = KeyFile.WITNESS.create(file, "witness.example/w");
            Files.delete(file);
            Files.delete(folder);
            return keys;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The faster keys of witnesses `w0.example`, `w1.example`, …
    static List<SigningKey> keys(int count) {
        var keys = new ArrayList<SigningKey>();
        for (int i = 0; i < count; i++) {
            try {
                var type = VerifierKey.Type.ML_DSA_44;
                var pair = KeyPairGenerator.getInstance(type.keyAlgorithm).generateKeyPair();
                keys.add(new SigningKey(
                        VerifierKey.of("w" + i + ".example", type, pair.getPublic()), pair.getPrivate(), null));
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
        return keys;
    }

    /// A witness of the tests' log that remembers on `disk`.
    static Witness witness(Disk disk, SigningKey... keys) throws IOException {
        return new Witness(disk, List.of(keys), Map.of(Logs.ORIGIN, Logs.QUICK_KEYS), InstantSource.system(), () -> {});
    }

    static URI url(int index) {
        return URI.create("http://w" + index + ".example/");
    }

    /// A policy over `keys`, each at its [#url] and named `w0`, `w1`, …, that ends with `rules`.
    static WitnessPolicy policy(List<SigningKey> keys, String rules) {
        var text = new StringBuilder();
        for (int i = 0; i < keys.size(); i++)
            text.append("witness w%d %s %s%n".formatted(i, keys.get(i).verifier(), url(i)));
        return WitnessPolicy.parse(text.append(rules).toString().getBytes(StandardCharsets.UTF_8));
    }
}
