package org.diwan.cloud.store;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import org.diwan.base.Digest;

/// A bearer secret: `dk-` and 32 random bytes in base 62, 43 digits (0–9, A–Z, a–z).
///
/// @param text the whole key, prefix included
public record ApiKey(String text) {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 43; // 62^43 > 2^256
    private static final int RANDOM_SIZE = 32;
    private static final Pattern FORM = Pattern.compile("dk-[0-9A-Za-z]{" + LENGTH + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public ApiKey {
        if (!FORM.matcher(text).matches()) throw new IllegalArgumentException("not of the form dk- and 43 digits");
    }

    /// A key that nobody has seen before.
    public static ApiKey random() {
        return new ApiKey("dk-" + base62(RANDOM_SIZE, LENGTH));
    }

    /// `size` random bytes as exactly `length` digits in base 62; callers choose `length` so that
    /// 62^length ≥ 256^size.
    static String base62(int size, int length) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        var rest = new BigInteger(1, bytes);
        var out = new char[length];
        for (int i = length - 1; i >= 0; i--) {
            var division = rest.divideAndRemainder(BigInteger.valueOf(DIGITS.length()));
            out[i] = DIGITS.charAt(division[1].intValue());
            rest = division[0];
        }
        assert rest.signum() == 0 : "the digits hold all bytes";
        return new String(out);
    }

    /// What the store keeps in place of the key.
    String hash() {
        return Digest.hex(Digest.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// What the ledger names it by.
    public String publicId() {
        return "k-"
                + Digest.hex(Digest.sha256(("diwan-key-id/v1\n" + hash()).getBytes(StandardCharsets.UTF_8)))
                        .substring(0, 12);
    }

    /// Never the key: logs and error messages may print records.
    @Override
    public String toString() {
        return "dk-…";
    }
}
