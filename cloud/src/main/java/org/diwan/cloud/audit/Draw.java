package org.diwan.cloud.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.diwan.base.Digest;

/// A random sample that anybody can draw again: which of the log's answers an auditor looks at.
///
/// The seed is the auditor's, and the root of the signed tree goes in as well: an operator who learned
/// the seed could not have chosen, when writing an answer, whether it will be drawn. With
///
/// ```
/// word(i) = first 8 bytes, big-endian, unsigned, of
///           SHA-256("diwan-audit/v1\n" ‖ UTF-8(seed) ‖ "\n" ‖ root ‖ u64(i))          i = 0, 1, 2, …
/// ```
///
/// a number below k is the next word that is below the largest multiple of k within 2⁶⁴, modulo k. The
/// sample of n of m is Floyd's (Bentley and Floyd 1987, "A sample of brilliance"): for j = m - n … m - 1
/// draw t below j + 1 and take t, or j where t was taken before. Each set of n is equally likely.
final class Draw {
    private static final byte[] LABEL = "diwan-audit/v1\n".getBytes(StandardCharsets.UTF_8);

    private final byte[] prefix;
    private long counter;

    private Draw(String seed, byte[] root) {
        byte[] text = (seed + "\n").getBytes(StandardCharsets.UTF_8);
        prefix = ByteBuffer.allocate(LABEL.length + text.length + root.length)
                .put(LABEL)
                .put(text)
                .put(root)
                .array();
    }

    /// `count` numbers of 0 … `of` - 1, in increasing order; all of them where there are no more.
    ///
    /// @param root of the tree that the numbers stand for
    static int[] sample(String seed, byte[] root, int count, int of) {
        int n = Math.min(count, of);
        var draw = new Draw(seed, root);
        var taken = new BitSet(of);
        for (int j = of - n; j < of; j++) {
            int t = (int) draw.below(j + 1L);
            taken.set(taken.get(t) ? j : t);
        }
        return taken.stream().toArray();
    }

    private long below(long k) {
        // 2⁶⁴ mod k; words from 2⁶⁴ - that on would make small numbers likelier.
        long excess = Long.remainderUnsigned(-k, k);
        while (true) {
            long word = word();
            if (excess == 0 || Long.compareUnsigned(word, -excess) < 0) return Long.remainderUnsigned(word, k);
        }
    }

    private long word() {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(counter++).array();
        return ByteBuffer.wrap(Digest.sha256(prefix, number)).getLong();
    }
}
