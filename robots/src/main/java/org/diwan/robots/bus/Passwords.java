package org.diwan.robots.bus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// The users of a broker, in the form of mosquitto 2's password files, which `mosquitto_passwd` writes:
/// a line `user:$7$iterations$salt$hash` for each, where hash is PBKDF2 with HMAC-SHA-512 of the password and
/// both are in base 64.
final class Passwords {
    /// More users, or more rounds for one of them, are refused.
    static final int MAX_USERS = 100_000;

    static final int MAX_ITERATIONS = 10_000_000;

    private static final Pattern LINE =
            Pattern.compile("([^:]+):\\$7\\$(\\d{1,8})\\$([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+)");

    @SuppressWarnings("ArrayRecordComponent")
    private record Secret(int iterations, byte[] salt, byte[] hash) {}

    private final Map<String, Secret> secrets = new HashMap<>();

    private Passwords() {}

    /// @throws IOException naming the line that is of another form
    static Passwords read(Path file) throws IOException {
        var passwords = new Passwords();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank()) continue;
            var parts = LINE.matcher(line.strip());
            if (!parts.matches())
                throw new IOException(file + ", line " + number
                        + ": must be user:$7$iterations$salt$hash; mosquitto_passwd writes such lines");
            int iterations = Integer.parseInt(parts.group(2));
            if (iterations < 1 || iterations > MAX_ITERATIONS || passwords.secrets.size() >= MAX_USERS)
                throw new IOException(file + ", line " + number + ": " + iterations + " iterations of user "
                        + passwords.secrets.size() + ", the limits are 1 to " + MAX_ITERATIONS + " and " + MAX_USERS);
            passwords.secrets.put(parts.group(1), secret(file, number, iterations, parts.group(3), parts.group(4)));
        }
        return passwords;
    }

    private static Secret secret(Path file, int number, int iterations, String salt, String hash) throws IOException {
        try {
            return new Secret(
                    iterations,
                    Base64.getDecoder().decode(salt),
                    Base64.getDecoder().decode(hash));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ", line " + number + ": not base 64: " + e.getMessage(), e);
        }
    }

    /// Whether `user` has that password. Takes as long as one round of hashing.
    boolean accepts(String client, @Nullable String user, byte @Nullable [] password) {
        if (user == null || password == null) return false;
        var secret = secrets.get(user);
        if (secret == null) return false;
        try {
            var text = StandardCharsets.UTF_8.decode(java.nio.ByteBuffer.wrap(password));
            var chars = new char[text.remaining()];
            text.get(chars);
            var key = new PBEKeySpec(chars, secret.salt(), secret.iterations(), secret.hash().length * 8);
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(key)
                    .getEncoded();
            return MessageDigest.isEqual(hash, secret.hash());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no PBKDF2 in this JDK", e);
        }
    }
}
