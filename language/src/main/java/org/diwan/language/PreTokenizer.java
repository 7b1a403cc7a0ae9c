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
/// published rule ([#expressions]), read by a scanner written by hand: it never backtracks more
/// than the expressions mean, needs no memory, and `PreTokenizerTest` holds it to `java.util.regex`
/// on random text.
///
/// For a language written with combining marks, such as vocalised Arabic, use [#GPT_4O], [#TEKKEN]
/// or [#QWEN35]: the others cut a word at every mark, because `\p{L}+` excludes `\p{M}`.
public enum PreTokenizer {
    /// GPT-2 (`encoder.py`, 2019); EXAONE 4, Jais, A.X 4.0, Trillion.
    GPT2("gpt-2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),

    /// StarCoder: every digit alone, then as GPT-2 between the digits; Granite, EXAONE 3, Minerva,
    /// Command R, SmolLM.
    STARCODER("starcoder", "\\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?![^\\s\\p{N}])|\\s+"),

    /// Llama 3 (its `tokenizer.json`), which looks whole words up before it merges; Falcon 3, Mi:dm
    /// 2.
    LLAMA_BPE("llama-bpe", Parts.CONTRACTION + Parts.PREFIX + "\\p{L}+|\\p{N}{1,3}|" + Parts.REST),

    /// tiktoken's `cl100k_base`: as Llama 3, but always merges; DBRX, GLM 4.
    DBRX("dbrx", Parts.CONTRACTION + Parts.PREFIX + "\\p{L}+|\\p{N}{1,3}|" + Parts.REST),

    /// Qwen 2, 2.5 and 3 (their `tokenizer.json`): as Llama 3, but digits alone.
    QWEN2("qwen2", Parts.CONTRACTION + Parts.PREFIX + "\\p{L}+|\\p{N}|" + Parts.REST),

    /// Qwen 3.5: as Qwen 2, but marks belong to words.
    QWEN35(
            "qwen35",
            Parts.CONTRACTION + Parts.PREFIX + "[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),

    /// Jais 2: as Llama 3, but white space is cut into runs of powers of two, the longest first.
    JAIS2(
            "jais-2",
            Parts.CONTRACTION + Parts.PREFIX + "\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
                    + "|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)|\\s{16}(?!\\S)"
                    + "|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s"),

    /// tiktoken's `o200k_base`: marks belong to words, and words end where case rises; Llama 4,
    /// Kanana 2. llama.cpp reads an expression of its own under this name, which knows case in
    /// ASCII only and cuts at marks (seen in node-llama-cpp 3.22.1): its tokens differ from these,
    /// and from Hugging Face's, where such letters occur.
    GPT_4O(
            "gpt-4o",
            Parts.PREFIX + Parts.UPPER + "*" + Parts.LOWER + "+" + Parts.SUFFIX + "|" + Parts.PREFIX + Parts.UPPER + "+"
                    + Parts.LOWER + "*" + Parts.SUFFIX + "|\\p{N}{1,3}|" + Parts.SLASHED),

    /// Mistral's Tekken (`tekken.json`), which looks whole words up before it merges: as
    /// `o200k_base` without contractions, and digits alone; Apertus. llama.cpp differs as for
    /// [#GPT_4O].
    TEKKEN(
            "tekken",
            Parts.PREFIX + Parts.UPPER + "*" + Parts.LOWER + "+|" + Parts.PREFIX + Parts.UPPER + "+" + Parts.LOWER
                    + "*|\\p{N}|" + Parts.SLASHED),

    /// DeepSeek LLM (its `tokenizer.json`); see [DeepSeekPieces].
    DEEPSEEK_LLM(
            "deepseek-llm",
            "[\\r\\n]",
            "\\s?[" + DeepSeekPieces.LETTERS + "]+",
            "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
            "\\s+$",
            Parts.IDEOGRAPHS,
            "\\p{N}+"),

    /// DeepSeek Coder (its `tokenizer.json`); see [DeepSeekPieces].
    DEEPSEEK_CODER("deepseek-coder", "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", Parts.IDEOGRAPHS, "\\p{N}"),

    /// BLOOM (its `tokenizer.json`), Poro: all but a few marks and white space is a word.
    BLOOM("bloom", Parts.BLOOM),

    /// Viking: as BLOOM, then digits alone.
    VIKING("viking", Parts.BLOOM, "\\p{N}");

    private static final class Parts {
        static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
        static final String PREFIX = "[^\\r\\n\\p{L}\\p{N}]?";
        static final String REST = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String SLASHED = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String IDEOGRAPHS = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";
        static final String BLOOM_ENDS = "(|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)";
        static final String BLOOM = " ?[^\\s" + BLOOM_ENDS + "]+";
        static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        static final String SUFFIX = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    }

    /// The name in `tokenizer.ggml.pre`.
    public final String ggufName;

    /// The expressions that cut a text, one after the other: each finds its matches inside the
    /// pieces that the ones before have left, and what lies between two matches is a piece, too.
    /// `\s` is Unicode's White_Space; case is ignored for ASCII letters only, so that `'ſ` (long s)
    /// is no contraction, as in llama.cpp.
    @SuppressWarnings("ImmutableEnumChecker") // List.of
    public final List<String> expressions;

    PreTokenizer(String ggufName, String... expressions) {
        this.ggufName = ggufName;
        this.expressions = List.of(expressions);
    }

    /// The pre-tokenizer that GGUF files call `name`. Aliases are llama.cpp's.
    ///
    /// @throws IllegalArgumentException naming it and all that are known: a guess would give wrong
    ///     tokens without any error
    public static PreTokenizer named(String name) {
        return switch (name) {
            case "gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "trillion", "a.x-4.0", "mellum", "gigachat" ->
                GPT2;
            case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b" -> STARCODER;
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2" -> LLAMA_BPE;
            case "dbrx", "smaug-bpe", "glm4", "chatglm-bpe" -> DBRX;
            case "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "megrez", "kormo", "solar-open" -> QWEN2;
            case "qwen35" -> QWEN35;
            case "jais-2" -> JAIS2;
            case "gpt-4o", "llama4", "kanana2" -> GPT_4O;
            case "tekken" -> TEKKEN;
            case "deepseek-llm" -> DEEPSEEK_LLM;
            case "deepseek-coder" -> DEEPSEEK_CODER;
            case "bloom", "poro-chat", "gpt3-finnish" -> BLOOM;
            case "viking" -> VIKING;
            default ->
                throw new IllegalArgumentException("pre-tokenizer '" + name + "' (tokenizer.ggml.pre) is not known; "
                        + "known are "
                        + Arrays.stream(values()).map(p -> p.ggufName).collect(Collectors.joining(", "))
                        + ", and the names of models that share them");
        };
    }

    /// Whether a word that is a token is never merged from its bytes (`ignore_merges`).
    boolean looksUpWholeWords() {
        return this == LLAMA_BPE || this == TEKKEN;
    }

    /// Whether models that cut text so want the begin token first, unless they say otherwise.
    boolean addsBos() {
        return this == LLAMA_BPE || this == TEKKEN;
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

    /// Where the word that begins at `from` ends, as if `text` ended at `limit`: call again with
    /// the result until it is `limit`. Allocates nothing. Cost: the length of the word.
    ///
    /// @param from in `[0, limit)`, not inside a surrogate pair
    public int next(String text, int from, int limit) {
        return switch (this) {
            case GPT2 -> gpt2(text, from, limit, false);
            case STARCODER -> gpt2(text, from, limit, true);
            case LLAMA_BPE, DBRX -> llama3(text, from, limit, 3, LETTER, false);
            case QWEN2 -> llama3(text, from, limit, 1, LETTER, false);
            case QWEN35 -> llama3(text, from, limit, 1, HEAD | TAIL, false);
            case JAIS2 -> llama3(text, from, limit, 3, LETTER, true);
            case GPT_4O -> gpt4o(text, from, limit, 3, true);
            case TEKKEN -> gpt4o(text, from, limit, 1, false);
            case DEEPSEEK_LLM -> DeepSeekPieces.LLM.next(text, from, limit);
            case DEEPSEEK_CODER -> DeepSeekPieces.CODER.next(text, from, limit);
            case BLOOM -> bloom(text, from, limit, 0);
            case VIKING -> bloom(text, from, limit, NUMBER);
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
        return others(text, body, limit, LETTER);
    }

    /// @param letters the classes of characters in a word: [CharClass#LETTER], or `HEAD | TAIL`
    ///     with marks
    /// @param powers whether white space is cut into runs of powers of two
    private static int llama3(String text, int from, int limit, int maxDigits, int letters, boolean powers) {
        int first = at(text, from, limit);
        int bits = CharClass.of(first);
        if ((bits & letters) != 0) return run(text, from, limit, letters);
        if ((bits & NUMBER) != 0) return digits(text, from, limit, maxDigits);
        if (first == '\'') {
            int end = contraction(text, from, limit, true);
            if (end > from) return end;
        }
        int second = after(from, first);
        if ((bits & LINE_END) == 0 && has(text, second, limit, letters)) return run(text, second, limit, letters);
        if (powers && (bits & SPACE) != 0 && !(first == ' ' && isOther(text, second, limit)))
            return powerOfTwo(text, from, limit);
        return rest(text, from, limit, letters, false);
    }

    private static boolean isOther(String text, int i, int limit) {
        return i < limit && !has(text, i, limit, SPACE | LETTER | NUMBER);
    }

    /// How far behind white space a line end is still looked for: a part of a text may begin there,
    /// behind a special token that ends in white space.
    private static final int LINE_END_HORIZON = 8192;

    /// `\s*[\r\n]+|\s{512}(?!\S)|…|\s{4}(?!\S)|\s{1,2}(?!\S)|\s`.
    private static int powerOfTwo(String text, int from, int limit) {
        // Behind white space no line end can follow in the same run, or that would have ended the word:
        // looking no further keeps the cost of long runs linear.
        boolean inside = from > 0 && (CharClass.of(text.charAt(from - 1)) & SPACE) != 0;
        int horizon = inside ? Math.min(limit, from + LINE_END_HORIZON) : limit;
        int end = run(text, from, horizon, SPACE);
        for (int i = end - 1; i >= from; i--) if ((CharClass.of(text.charAt(i)) & LINE_END) != 0) return i + 1;
        int kept = end < limit && !has(text, end, limit, SPACE) ? 1 : 0;
        int length = end - from - kept;
        for (int power = 512; power >= 4; power /= 2) if (length >= power) return from + power;
        return from + Math.clamp(length, 1, 2);
    }

    /// ` ?[^\s(|.,!?…]+`, and what lies between; a character of the classes `alone` is a word of
    /// its own.
    private static int bloom(String text, int from, int limit, int alone) {
        int first = at(text, from, limit);
        int i = after(from, first);
        if ((CharClass.of(first) & alone) != 0) return i;
        boolean isWord = isBloomWord(first) || (first == ' ' && i < limit && isBloomWord(at(text, i, limit)));
        while (i < limit) {
            int c = at(text, i, limit);
            if ((CharClass.of(c) & alone) != 0 || isBloomWord(c) != isWord) return i;
            int after = after(i, c);
            // A space goes with the word behind it.
            if (c == ' ' && after < limit && isBloomWord(at(text, after, limit))) return i;
            i = after;
        }
        return i;
    }

    private static boolean isBloomWord(int c) {
        return (CharClass.of(c) & SPACE) == 0 && Parts.BLOOM_ENDS.indexOf(c) < 0;
    }

    private static int gpt4o(String text, int from, int limit, int maxDigits, boolean contractions) {
        int bits = CharClass.of(at(text, from, limit));
        if ((bits & NUMBER) != 0) return digits(text, from, limit, maxDigits);
        int end = (bits & LETTER) != 0 ? word(text, from, limit) : prefixedWord(text, from, limit);
        if (end == from) return rest(text, from, limit, LETTER, true);
        boolean contracts = contractions && end < limit && text.charAt(end) == '\'';
        return contracts ? contraction(text, end, limit, true) : end;
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

    /// The end of `HEAD* TAIL+` from `from` as a backtracking matcher finds it, or `from` when
    /// there is none: the longest head, then the tail; where no tail follows, the last character of
    /// the head that may stand in a tail, too, is the tail.
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

    /// `␣?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with `/` after punctuation if `slash`,
    /// and with the classes `letters` for `\p{L}`.
    private static int rest(String text, int from, int limit, int letters, boolean slash) {
        int body = text.charAt(from) == ' ' ? from + 1 : from;
        int end = others(text, body, limit, letters);
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
    private static int others(String text, int from, int limit, int letters) {
        int i = from;
        while (i < limit) {
            int c = at(text, i, limit);
            if ((CharClass.of(c) & (SPACE | letters | NUMBER)) != 0) break;
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
    static int at(String text, int i, int limit) {
        char c = text.charAt(i);
        if (!Character.isHighSurrogate(c) || i + 1 >= limit) return c;
        char low = text.charAt(i + 1);
        return Character.isLowSurrogate(low) ? Character.toCodePoint(c, low) : c;
    }

    static int after(int i, int codePoint) {
        return codePoint > 0xFFFF ? i + 2 : i + 1;
    }
}
