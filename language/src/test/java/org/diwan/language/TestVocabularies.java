package org.diwan.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Small vocabularies made on the spot, so that properties hold without any file.
final class TestVocabularies {
    static final List<String> CONTROL =
            List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "[INST]", "[/INST]");

    private static final String LETTERS = "abet<|>/s_imاللهـ한글é";

    private TestVocabularies() {}

    /// All bytes, `merges` random merges over them, and the control tokens, one of which ordinary
    /// merges would spell, too.
    static BytePairTokenizer bytePair(SplittableRandom random, int merges, PreTokenizer pre) {
        var tokens = new ArrayList<String>();
        for (int b = 0; b < 256; b++) tokens.add(String.valueOf(ByteLevel.letter(b)));
        var rules = new ArrayList<String>();
        addMerge("<", "s", tokens, rules);
        rules.add("<s >");
        // Half of the draws come from few letters, so that merges build on merges.
        String common = "abe tĠاÙØ<|>/im_";
        for (int i = 0; i < merges; i++) {
            String left = draw(random, tokens, common);
            String right = draw(random, tokens, common);
            if (left.length() + right.length() <= 12 && !tokens.contains(left + right))
                addMerge(left, right, tokens, rules);
        }
        tokens.addAll(CONTROL);
        return BytePairTokenizer.of(tokens, rules, pre, Set.copyOf(CONTROL));
    }

    private static String draw(SplittableRandom random, List<String> tokens, String common) {
        return switch (random.nextInt(3)) {
            case 0 -> letter(common.charAt(random.nextInt(common.length())));
            case 1 -> tokens.get(256 + random.nextInt(tokens.size() - 256));
            default -> tokens.get(random.nextInt(tokens.size()));
        };
    }

    private static String letter(char c) {
        return c > 255 || c == ' ' ? String.valueOf(ByteLevel.letter(c & 0xFF)) : String.valueOf(c);
    }

    private static void addMerge(String left, String right, List<String> tokens, List<String> merges) {
        tokens.add(left + right);
        merges.add(left + " " + right);
    }

    /// Unknown, control and byte tokens as Llama 2 has them, and pieces that random merging of a few
    /// letters reaches, `</s>` among them.
    static SentencePieceTokenizer sentencePiece(SplittableRandom random, int pieces) {
        var texts = new ArrayList<String>(List.of("<unk>"));
        texts.addAll(CONTROL);
        int firstByte = texts.size();
        for (int b = 0; b < 256; b++) texts.add("<0x%02X>".formatted(b));
        int firstPiece = texts.size();
        var seen = new ArrayList<>(List.of("▁", "a", "b", "e", "t", "<", "/", "s", ">", "ا", "ل", "한", "</", "s>"));
        boolean wordsStandAlone = random.nextBoolean();
        for (int i = 0; i < pieces; i++) {
            String text = seen.get(random.nextInt(seen.size())) + seen.get(random.nextInt(seen.size()));
            boolean crosses = text.replaceFirst("^▁+", "").contains("▁");
            if (crosses && wordsStandAlone) continue;
            if (text.length() <= 10 && !seen.contains(text) && !texts.contains(text)) seen.add(text);
        }
        texts.addAll(seen);
        var types = new int[texts.size()];
        var scores = new float[texts.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = id == 0 ? 2 : id < firstByte ? 3 : id < firstPiece ? 6 : 1;
            // Few distinct scores, so that ties happen.
            scores[id] = -random.nextInt(20);
        }
        return (SentencePieceTokenizer) Tokenizer.of(Vocabulary.fromMetadata(Map.of(
                "tokenizer.ggml.model", "llama",
                "tokenizer.ggml.tokens", texts.toArray(String[]::new),
                "tokenizer.ggml.scores", scores,
                "tokenizer.ggml.token_type", types,
                "tokenizer.ggml.bos_token_id", texts.indexOf("<s>"),
                "tokenizer.ggml.eos_token_id", texts.indexOf("</s>"),
                "tokenizer.ggml.add_space_prefix", random.nextBoolean())));
    }

    /// Text in which the merges, the control tokens and all of Unicode occur, well-formed.
    static String randomText(SplittableRandom random, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            switch (random.nextInt(6)) {
                case 0 -> text.append(CONTROL.get(random.nextInt(CONTROL.size())));
                case 1 -> {
                    int c = random.nextInt(Character.MAX_CODE_POINT + 1);
                    text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
                }
                case 2 -> text.append(" \n\t  ".charAt(random.nextInt(5)));
                default -> text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
        }
        return text.toString();
    }
}
