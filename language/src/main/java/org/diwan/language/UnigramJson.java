package org.diwan.language;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.language.TokenizerFile.Added;
import org.diwan.language.TokenizerFile.Frame;
import org.diwan.language.Vocabulary.Token;
import org.jspecify.annotations.Nullable;

/// The part of `tokenizer.json` that is Unigram, as the files of XLM-RoBERTa and its descendants have it:
/// normalizer `Precompiled`, pre-tokenizer `Metaspace`, and extra spaces dropped either by the pre-tokenizer
/// `WhitespaceSplit` or by the normalizers `Strip` and `Replace`.
///
/// Hugging Face applies the replacements of `Precompiled` to whole graphemes and takes the shortest key
/// that begins one, where SentencePiece, GGUF files and this reader take the longest anywhere in the text: a
/// letter with a mark that has a replacement without the mark loses the mark there and keeps it here.
final class UnigramJson {
    private static final String SPACE = "▁";

    /// White space that a `Strip` or `WhitespaceSplit` removes and this reader leaves to the replacements.
    private static final List<String> OTHER_SPACES = List.of("\t", "\n", "\r", "\u00a0", "\u3000");

    private UnigramJson() {}

    static Vocabulary read(TokenizerFile file) {
        JsonFields model = file.model();
        byte[] charsmap = new byte[0];
        boolean strips = false;
        boolean merges = false;
        for (JsonFields step : file.steps("normalizer", "normalizers")) {
            String type = step.text("type", "");
            switch (type) {
                case "Precompiled" -> charsmap = charsmap(step, charsmap.length > 0 || strips || merges);
                case "Strip" -> strips = step.flag("strip_right", true);
                case "Replace" -> merges = mergesSpaces(step);
                default -> throw step.unsupported("type", type, "Precompiled, Strip and Replace for Unigram");
            }
        }
        boolean splits = false;
        JsonFields metaspace = null;
        for (JsonFields step : file.steps("pre_tokenizer", "pretokenizers")) {
            String type = step.text("type", "");
            switch (type) {
                case "WhitespaceSplit" -> splits = true;
                case "Metaspace" -> metaspace = step;
                default -> throw step.unsupported("type", type, "WhitespaceSplit and Metaspace for Unigram");
            }
        }
        if (metaspace == null) throw file.file().unsupported("pre_tokenizer", "no Metaspace", "Metaspace");
        checkPrefix(metaspace);
        if (!splits && !(strips && merges))
            throw file.file()
                    .unsupported(
                            "normalizer",
                            "none that drops extra spaces",
                            "Strip (right) with Replace of \" {2,}\", or the pre-tokenizer WhitespaceSplit");
        checkSpaces(file, charsmap);
        return vocabulary(file, model, charsmap, metaspace.flag("split", true));
    }

    private static byte[] charsmap(JsonFields step, boolean late) {
        if (late) throw step.unsupported("type", "Precompiled", "one, before all other normalizers");
        try {
            return Base64.getDecoder().decode(step.text("precompiled_charsmap", ""));
        } catch (IllegalArgumentException e) {
            throw step.unsupported("precompiled_charsmap", "not base64: " + e.getMessage(), "base64");
        }
    }

    private static boolean mergesSpaces(JsonFields step) {
        String pattern = step.object("pattern").text("Regex", "?");
        String content = step.text("content", "");
        if (!pattern.equals(" {2,}") || !(content.equals(" ") || content.equals(SPACE)))
            throw step.unsupported("pattern", pattern + " by " + content, "Regex \" {2,}\" by \" \" or \"▁\"");
        return true;
    }

    private static void checkPrefix(JsonFields metaspace) {
        if (!metaspace.text("replacement", SPACE).equals(SPACE))
            throw metaspace.unsupported("replacement", metaspace.text("replacement", ""), SPACE);
        String scheme = metaspace.text("prepend_scheme", metaspace.flag("add_prefix_space", true) ? "always" : "never");
        if (!scheme.equals("always")) throw metaspace.unsupported("prepend_scheme", scheme, "always");
    }

    private static void checkSpaces(TokenizerFile file, byte[] charsmap) {
        for (String space : OTHER_SPACES)
            if (!isMapped(charsmap, space))
                throw file.file()
                        .unsupported(
                                "normalizer",
                                "without a replacement for U+%04X".formatted((int) space.charAt(0)),
                                "a Precompiled that makes spaces of tabs, line ends, U+00A0 and U+3000");
    }

    private static boolean isMapped(byte[] charsmap, String text) {
        return charsmap.length > 0
                && new Charsmap(charsmap)
                                .longest(text.getBytes(StandardCharsets.UTF_8), 0)
                                .length()
                        > 0;
    }

    private static Vocabulary vocabulary(TokenizerFile file, JsonFields model, byte[] charsmap, boolean splits) {
        List<?> pieces = model.list("vocab");
        var entries = new HashMap<String, Integer>();
        for (Object piece : pieces) {
            String text =
                    piece instanceof List<?> pair && pair.size() == 2 && pair.getFirst() instanceof String s ? s : null;
            if (text == null) throw model.unsupported("vocab", piece, "pairs of a text and a score");
            Integer known = entries.put(text, entries.size());
            if (known != null) throw model.unsupported("vocab", text, "no text twice");
        }
        Map<String, Integer> ids = file.withAdded(entries);
        if (!model.has("unk_id")) throw model.unsupported("unk_id", null, "the id of the unknown token");
        int unknown = model.id("unk_id");
        if (!entries.containsKey(SPACE)) throw model.unsupported("vocab", "no ▁", "a vocabulary with the token ▁");
        List<Token> tokens = tokens(file, ids, pieces, unknown, splits);
        Frame frame = file.frame(ids);
        int last = frame.last();
        WordPieceJson.checkPair(file, frame, List.of(frame.first(), Frame.TEXT, last, last, Frame.TEXT, last));
        int eos = last != Vocabulary.NONE ? last : file.named("eos_token", ids);
        var ends = new HashSet<>(Vocabulary.ends(tokens));
        if (eos != Vocabulary.NONE) ends.add(eos);
        return new Vocabulary(
                Vocabulary.Kind.UNIGRAM,
                null,
                tokens,
                List.of(),
                frame.first() != Vocabulary.NONE ? frame.first() : file.named("bos_token", ids),
                eos,
                unknown,
                ends,
                frame.first() != Vocabulary.NONE,
                true,
                new TextRules(last, false, false, charsmap, true));
    }

    private static List<Token> tokens(
            TokenizerFile file, Map<String, Integer> ids, List<?> pieces, int unknown, boolean splits) {
        @Nullable Token[] tokens = TokenizerFile.places(ids);
        boolean bytes = file.model().flag("byte_fallback", false);
        for (int id = 0; id < pieces.size(); id++) {
            List<?> pair = (List<?>) pieces.get(id);
            String text = (String) pair.getFirst();
            if (!(pair.getLast() instanceof Number score))
                throw file.model().unsupported("vocab", pair, "pairs of a text and a score");
            // Words are cut apart before tokens are looked for, so a token of two of them is never met.
            boolean never = splits && text.indexOf(SPACE, 1) > 0;
            TokenType type = bytes && text.matches("<0x[0-9A-F]{2}>")
                    ? TokenType.BYTE
                    : never ? TokenType.UNUSED : TokenType.NORMAL;
            tokens[id] = new Token(text, score.floatValue(), id == unknown ? TokenType.UNKNOWN : type);
        }
        for (Added added : file.added()) {
            if (!added.special() && added.normalized())
                throw added.fields().unsupported("normalized", true, "false, where text is normalised");
            Token token = tokens[added.id()];
            TokenType type = added.id() == unknown ? TokenType.UNKNOWN : added.type();
            tokens[added.id()] = new Token(added.text(), token == null ? 0 : token.score(), type, added.edges());
        }
        return TokenizerFile.filled(tokens);
    }

    /// The fields of the file that only Unigram has.
    ///
    /// @throws IllegalArgumentException for a vocabulary that keeps extra spaces, begins no text with a space,
    ///     or leaves other white space as it is
    static Map<String, @Nullable Object> write(Vocabulary vocabulary) {
        TextRules rules = vocabulary.rules();
        if (!rules.removeExtraSpaces()
                || !vocabulary.addSpacePrefix()
                || !OTHER_SPACES.stream().allMatch(space -> isMapped(rules.charsmap(), space)))
            throw new IllegalArgumentException(
                    "a Unigram vocabulary is written to tokenizer.json only if it drops extra"
                            + " spaces, begins texts with one, and maps tabs, line ends, U+00A0 and U+3000");
        var file = new LinkedHashMap<String, @Nullable Object>();
        file.put(
                "normalizer",
                TokenizerFile.map(
                        "type",
                        "Sequence",
                        "normalizers",
                        List.of(
                                TokenizerFile.map(
                                        "type",
                                        "Precompiled",
                                        "precompiled_charsmap",
                                        Base64.getEncoder().encodeToString(rules.charsmap())),
                                TokenizerFile.map("type", "Strip", "strip_left", false, "strip_right", true),
                                TokenizerFile.map(
                                        "type", "Replace", "pattern", Map.of("Regex", " {2,}"), "content", SPACE))));
        Object metaspace = TokenizerFile.map(
                "type", "Metaspace", "replacement", SPACE, "prepend_scheme", "always", "split", false);
        file.put("pre_tokenizer", metaspace);
        file.put(
                "post_processor",
                TokenizerFile.template(
                        vocabulary,
                        vocabulary.addBos() ? vocabulary.bos() : Vocabulary.NONE,
                        rules.last(),
                        rules.last() == Vocabulary.NONE ? 0 : 2));
        file.put("decoder", metaspace);
        var vocab = new ArrayList<Object>();
        boolean bytes = false;
        for (Token token : vocabulary.tokens()) {
            vocab.add(List.of(token.text(), (double) token.score()));
            bytes |= token.type() == TokenType.BYTE;
        }
        file.put(
                "model",
                TokenizerFile.map(
                        "type", "Unigram", "unk_id", vocabulary.unknown(), "vocab", vocab, "byte_fallback", bytes));
        return file;
    }
}
