package org.diwan.engine.generate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diwan.base.Digest;
import org.diwan.engine.model.Page;

/// Prompt and answer of one request as far as it has come, and the names of its full pages.
///
/// A page's name is a hash chain over all tokens up to its end, so two texts with the same name have
/// the same tokens in it and before it:
///
/// ```
/// name(0)   = SHA-256("diwan-prefix/v1\n")
/// name(i+1) = SHA-256(name(i) ‖ scope(i) ‖ u32 token …)      little-endian
/// scope(i)  = SHA-256("tenant\n" + tenant), or SHA-256("public\n") for a page of public tokens only
/// ```
///
/// The scope keeps tenants apart: from the time to the first token one could learn what another has
/// asked (Song et al. 2024, "The early bird catches the leak"). What a request declares public, such
/// as an operator's system prompt, is shared.
final class Text {
    private static final byte[] ROOT = digest("diwan-prefix/v1\n");
    private static final byte[] PUBLIC = digest("public\n");
    private static final int LEAST_GROWTH = 64;

    private final byte[] own;
    private final int publicTokens;
    private final List<ByteBuffer> names = new ArrayList<>();
    private int[] tokens;
    private int count;

    Text(GenerateRequest request) {
        this.own = digest("tenant\n" + request.tenant());
        this.publicTokens = request.publicTokens();
        this.tokens = request.prompt();
        this.count = tokens.length;
    }

    int count() {
        return count;
    }

    int token(int index) {
        return tokens[index];
    }

    void add(int token) {
        if (count == tokens.length) tokens = Arrays.copyOf(tokens, count + Math.max(LEAST_GROWTH, count / 2));
        tokens[count++] = token;
    }

    /// The name of page `index`, which must be full.
    ByteBuffer name(int index) {
        while (names.size() <= index) names.add(next());
        return names.get(index);
    }

    private ByteBuffer next() {
        int from = names.size() * Page.POSITIONS;
        int end = from + Page.POSITIONS;
        assert end <= count : "page " + names.size() + " is not full with " + count + " tokens";
        byte[] before = names.isEmpty() ? ROOT : names.getLast().array();
        var page = ByteBuffer.allocate(Page.POSITIONS * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < end; i++) page.putInt(tokens[i]);
        return ByteBuffer.wrap(Digest.sha256(before, end <= publicTokens ? PUBLIC : own, page.array()));
    }

    private static byte[] digest(String text) {
        return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
