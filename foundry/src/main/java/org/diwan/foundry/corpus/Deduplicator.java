package org.diwan.foundry.corpus;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.diwan.base.Digest;

/// Remembers texts by the SHA-256 of what is left when case, marks, punctuation and spacing are
/// taken away, so that two printings of one text count as one. Memory: about 100 bytes a document.
public final class Deduplicator {
    private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{Nd}]+");
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

    private final Set<String> seen = new HashSet<>();

    /// Whether `text` is the first of its kind; it is remembered from now on.
    public boolean isNew(String text) {
        return seen.add(Digest.hex(Digest.sha256(normal(text).getBytes(StandardCharsets.UTF_8))));
    }

    static String normal(String text) {
        String bare =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        return NOT_WORD.matcher(bare.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }
}
