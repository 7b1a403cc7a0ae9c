package org.diwan.language;

import static org.diwan.language.CharClass.HEAD;
import static org.diwan.language.CharClass.LETTER;
import static org.diwan.language.CharClass.LINE_END;
import static org.diwan.language.CharClass.NUMBER;
import static org.diwan.language.CharClass.SPACE;
import static org.diwan.language.CharClass.TAIL;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Cuts text into words before byte pairs are merged; no merge crosses a cut. Each constant is one
/// published regular expression ([#regex]), read by a scanner written by hand: it never backtracks
/// more than the expression means, needs no memory, and `PreTokenizerTest` holds it to
/// `java.util.regex` on random text.
///
/// For a language written with combining marks, such as vocalised Arabic, use [#GPT_4O]: the others
/// cut a word at every mark, because `\p{L}+` excludes `\p{M}`.
public enum PreTokenizer {
    /// GPT-2 (`encoder.py`, 2019).
    GPT2("gpt-2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),

    /// StarCoder: every digit alone, then as GPT-2 between the digits.
    STARCODER("starcoder", "\\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?![^\\s\\p{N}])|\\s+"),

    /// Llama 3 (its `tokenizer.json`); tiktoken's `cl100k_base` with other names.
    LLAMA_BPE("llama-bpe", Parts.CONTRACTION + Parts.PREFIX + "\\p{L}+|\\p{N}{1,3}|" + Parts.REST),

    /// Qwen 2, 2.5 and 3 (their `tokenizer.json`): as Llama 3, but digits alone.
    QWEN2("qwen2", Parts.CONTRACTION + Parts.PREFIX + "\\p{L}+|\\p{N}|" + Parts.REST),

    /// tiktoken's `o200k_base`: marks belong to words, and words end where case rises. llama.cpp
    /// reads an expression of its own under this name, which knows case in ASCII only and cuts at
    /// marks (seen in node-llama-cpp 3.22.1): its tokens differ from these, and from Hugging Face's,
    /// where such letters occur.
    GPT_4O(
            "gpt-4o",
            Parts.PREFIX + Parts.UPPER + "*" + Parts.LOWER + "+" + Parts.SUFFIX + "|" + Parts.PREFIX + Parts.UPPER + "+"
                    + Parts.LOWER + "*" + Parts.SUFFIX
                    + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    private static final class Parts {
        static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
        static final String PREFIX = "[^\\r\\n\\p{L}\\p{N}]?";
        static final String REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        static final String SUFFIX = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    }

    /// The name in `tokenizer.ggml.pre`.
    public final String ggufName;

    /// The expression whose successive matches are the words. `\s` is Unicode's White_Space; case is
    /// ignored for ASCII letters only, so that `'ſ` (long s) is no contraction, as in llama.cpp.
    public final String regex;

    PreTokenizer(String ggufName, String regex) {
        this.ggufName = ggufName;
        this.regex = regex;
    }

    /// The pre-tokenizer that GGUF files call `name`. Aliases are llama.cpp's.
    ///
    /// @throws IllegalArgumentException naming it and all that are known: a guess would give wrong
    ///     tokens without any error
    public static PreTokenizer named(String name) {
        return switch (name) {
            case "gpt-2", "phi-2", "mpt", "olmo", "jais" -> GPT2;
            case "starcoder", "refact", "command-r", "smollm", "codeshell" -> STARCODER;
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "midm-2.0" -> LLAMA_BPE;
            case "qwen2", "deepseek-r1-qwen" -> QWEN2;
            case "gpt-4o", "llama4" -> GPT_4O;
            default ->
                throw new IllegalArgumentException("pre-tokenizer '" + name + "' (tokenizer.ggml.pre) is not known; "
                        + "known are "
                        + Arrays.stream(values()).map(p -> p.ggufName).collect(Collectors.joining(", ")));
        };
    }

    /// The words of `text` in order; together they are `text`.
    public List<String> split(String text) {
        var words = new ArrayList<String>(text.length() / 5 + 1);
        for (int from = 0; from < text.length(); ) {
            int to = next(text, from, text.length());
            words.add(text.substring(from, to));
            from = to;
        }
        return words;
    }

    /// Where the word that begins at `from` ends, as if `text` ended at `limit`: call again with the
    /// result until it is `limit`. Allocates nothing. Cost: the length of the word.
    ///
    /// @param from in `[0, limit)`, not inside a surrogate pair
    public int next(String text, int from, int limit) {
        return switch (this) {
            case GPT2 -> gpt2(text, from, limit, false);
            case STARCODER -> gpt2(text, from, limit, true);
            case LLAMA_BPE -> llama3(text, from, limit, 3);
            case QWEN2 -> llama3(text, from, limit, 1);
            case GPT_4O -> gpt4o(text, from, limit);
        };
    }

    private static int gpt2(String text, int from, int limit, boolean digitsAlone) {
        int first = at(text, from, limit);
        int bits = CharClass.of(first);
        if (digitsAlone && (bits & NUMBER) != 0) return after(from, first);
        if (first == '\'') {
            int end = contraction(text, from, limit, false);
            if (end > from) return end;
        }
        int body = from;
        if (first == ' ' && from + 1 < limit) {
            bits = CharClass.of(at(text, from + 1, limit));
            boolean takesSpace = (bits & SPACE) == 0 && !(digitsAlone && (bits & NUMBER) != 0);
            if (takesSpace) body = from + 1;
            else bits = SPACE;
        }
        if ((bits & SPACE) != 0) return spaces(text, from, limit, digitsAlone ? NUMBER : 0);
        if ((bits & LETTER) != 0) return run(text, body, limit, LETTER);
        if ((bits & NUMBER) != 0) return run(text, body, limit, NUMBER);
        return others(text, body, limit);
    }

    private static int llama3(String text, int from, int limit, int maxDigits) {
        int first = at(text, from, limit);
        int bits = CharClass.of(first);
        if ((bits & LETTER) != 0) return run(text, from, limit, LETTER);
        if ((bits & NUMBER) != 0) return digits(text, from, limit, maxDigits);
        if (first == '\'') {
            int end = contraction(text, from, limit, true);
            if (end > from) return end;
        }
        int second = after(from, first);
        if ((bits & LINE_END) == 0 && has(text, second, limit, LETTER)) return run(text, second, limit, LETTER);
        return rest(text, from, limit, false);
    }

    private static int gpt4o(String text, int from, int limit) {
        int bits = CharClass.of(at(text, from, limit));
        if ((bits & NUMBER) != 0) return digits(text, from, limit, 3);
        int end = (bits & LETTER) != 0 ? word(text, from, limit) : prefixedWord(text, from, limit);
        if (end == from) return rest(text, from, limit, true);
        return end < limit && text.charAt(end) == '\'' ? contraction(text, end, limit, true) : end;
    }

    /// The end of `HEAD* TAIL+` or else of `HEAD+ TAIL*` from `from`, or `from`.
    private static int word(String text, int from, int limit) {
        int end = tailed(text, from, limit);
        return end > from ? end : run(text, from, limit, HEAD);
    }

    /// As [#word] after one character that is no letter. That character is optional (a mark may
    /// begin a word itself), and each alternative is tried with it before without it.
    private static int prefixedWord(String text, int from, int limit) {
        int first = at(text, from, limit);
        if ((CharClass.of(first) & LINE_END) != 0) return from;
        int second = after(from, first);
        int end = tailed(text, second, limit);
        if (end > second) return end;
        end = tailed(text, from, limit);
        if (end > from) return end;
        end = run(text, second, limit, HEAD);
        return end > second ? end : run(text, from, limit, HEAD);
    }

    /// The end of `HEAD* TAIL+` from `from` as a backtracking matcher finds it, or `from` when there
    /// is none: the longest head, then the tail; where no tail follows, the last character of the
    /// head that may stand in a tail, too, is the tail.
    private static int tailed(String text, int from, int limit) {
        int i = from;
        int lastBoth = from;
        while (i < limit) {
            int c = at(text, i, limit);
            int bits = CharClass.of(c);
            if ((bits & HEAD) == 0) break;
            i = after(i, c);
            if ((bits & TAIL) != 0) lastBoth = i;
        }
        int end = run(text, i, limit, TAIL);
        return end > i ? end : lastBoth;
    }

    /// `␣?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with `/` after punctuation if `slash`.
    private static int rest(String text, int from, int limit, boolean slash) {
        int body = text.charAt(from) == ' ' ? from + 1 : from;
        int end = others(text, body, limit);
        if (end > body) {
            while (end < limit && endsPunctuation(text.charAt(end), slash)) end++;
            return end;
        }
        return spacesOrLines(text, from, limit);
    }

    private static boolean endsPunctuation(char c, boolean slash) {
        return c == '\n' || c == '\r' || (slash && c == '/');
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line end in the run of spaces, if there is one.
    private static int spacesOrLines(String text, int from, int limit) {
        int end = run(text, from, limit, SPACE);
        for (int i = end - 1; i >= from; i--) if ((CharClass.of(text.charAt(i)) & LINE_END) != 0) return i + 1;
        return end < limit && end - from > 1 ? end - 1 : end;
    }

    /// `\s+(?!\S)|\s+`: all but the last space of the run, which goes with the word that follows;
    /// `endBits` are classes that count as the end of the text.
    private static int spaces(String text, int from, int limit, int endBits) {
        int end = run(text, from, limit, SPACE);
        boolean wordFollows = end < limit && (CharClass.of(at(text, end, limit)) & endBits) == 0;
        return wordFollows && end - from > 1 ? end - 1 : end;
    }

    private static int run(String text, int from, int limit, int bits) {
        int i = from;
        while (i < limit) {
            int c = at(text, i, limit);
            if ((CharClass.of(c) & bits) == 0) break;
            i = after(i, c);
        }
        return i;
    }

    /// `[^\s\p{L}\p{N}]*`.
    private static int others(String text, int from, int limit) {
        int i = from;
        while (i < limit) {
            int c = at(text, i, limit);
            if ((CharClass.of(c) & (SPACE | LETTER | NUMBER)) != 0) break;
            i = after(i, c);
        }
        return i;
    }

    private static int digits(String text, int from, int limit, int max) {
        int i = from;
        for (int count = 0; count < max && has(text, i, limit, NUMBER); count++) i = after(i, at(text, i, limit));
        return i;
    }

    /// The end of `'s|'t|'re|'ve|'m|'ll|'d` at the apostrophe `from`, or `from`.
    private static int contraction(String text, int from, int limit, boolean anyCase) {
        int a = from + 1 < limit ? fold(text.charAt(from + 1), anyCase) : 0;
        if (a == 's' || a == 't' || a == 'm' || a == 'd') return from + 2;
        int b = from + 2 < limit ? fold(text.charAt(from + 2), anyCase) : 0;
        boolean two = (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l');
        return two ? from + 3 : from;
    }

    private static int fold(char c, boolean anyCase) {
        return anyCase && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    private static boolean has(String text, int i, int limit, int bits) {
        return i < limit && (CharClass.of(at(text, i, limit)) & bits) != 0;
    }

    /// The code point at `i`; half a pair at `limit` counts as a lone surrogate.
    private static int at(String text, int i, int limit) {
        char c = text.charAt(i);
        if (!Character.isHighSurrogate(c) || i + 1 >= limit) return c;
        char low = text.charAt(i + 1);
        return Character.isLowSurrogate(low) ? Character.toCodePoint(c, low) : c;
    }

    private static int after(int i, int codePoint) {
        return codePoint > 0xFFFF ? i + 2 : i + 1;
    }
}
