package org.diwan.language;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.language.TokenizerFile.Added;
import org.diwan.language.TokenizerFile.Frame;
import org.diwan.language.Vocabulary.Token;
import org.jspecify.annotations.Nullable;

/// The part of `tokenizer.json` that is WordPiece, as BERT's files have it: normalizer `BertNormalizer`,
/// pre-tokenizer `BertPreTokenizer`, tokens that go on marked `##`.
final class WordPieceJson {
    private static final String GOES_ON = "##";
    private static final char BEGINS = '▁';

    private WordPieceJson() {}

    static Vocabulary read(TokenizerFile file) {
        JsonFields model = file.model();
        if (!model.text("continuing_subword_prefix", GOES_ON).equals(GOES_ON))
            throw model.unsupported("continuing_subword_prefix", model.text("continuing_subword_prefix", ""), GOES_ON);
        double longest = model.number("max_input_chars_per_word", WordPieceTokenizer.MAX_WORD);
        if (longest != WordPieceTokenizer.MAX_WORD)
            throw model.unsupported("max_input_chars_per_word", longest, String.valueOf(WordPieceTokenizer.MAX_WORD));
        checkPreTokenizer(file);
        var entries = new LinkedHashMap<String, Integer>();
        JsonFields texts = model.object("vocab");
        for (String text : texts.names()) entries.put(text, texts.id(text));
        Map<String, Integer> ids = file.withAdded(entries);
        Frame frame = file.frame(ids);
        int last = frame.last();
        checkPair(file, frame, List.of(frame.first(), Frame.TEXT, last, Frame.TEXT, last));
        List<Token> tokens = tokens(file, ids);
        var ends = new HashSet<>(Vocabulary.ends(tokens));
        if (last != Vocabulary.NONE) ends.add(last);
        return new Vocabulary(
                Vocabulary.Kind.WORD_PIECE,
                null,
                tokens,
                List.of(),
                frame.first(),
                last,
                ids.getOrDefault(model.text("unk_token", "[UNK]"), Vocabulary.NONE),
                ends,
                frame.first() != Vocabulary.NONE,
                true,
                rules(file, last));
    }

    private static void checkPreTokenizer(TokenizerFile file) {
        List<JsonFields> steps = file.steps("pre_tokenizer", "pretokenizers");
        if (steps.size() != 1) throw file.file().unsupported("pre_tokenizer", steps.size() + " steps", "one");
        String type = steps.getFirst().text("type", "");
        if (!type.equals("BertPreTokenizer")) throw steps.getFirst().unsupported("type", type, "BertPreTokenizer");
    }

    /// A reranker's two texts are framed by [Tokenizer#encodePair], which knows one way.
    static void checkPair(TokenizerFile file, Frame frame, List<Integer> known) {
        @Nullable List<Integer> pair = frame.pair();
        boolean framed = frame.first() != Vocabulary.NONE && frame.last() != Vocabulary.NONE;
        if (framed && pair != null && !pair.equals(known))
            throw file.file()
                    .unsupported("post_processor", "pair " + pair, "pair " + known + " (-2 is a text, others are ids)");
    }

    private static List<Token> tokens(TokenizerFile file, Map<String, Integer> ids) {
        @Nullable Token[] tokens = TokenizerFile.places(ids);
        ids.forEach((text, id) -> {
            Token known = tokens[id];
            if (known != null)
                throw new IllegalArgumentException("tokenizer.json gives the id " + id + " to two tokens, '" + text
                        + "' and '" + known.text() + "'");
            String stored = text.startsWith(GOES_ON) ? text.substring(GOES_ON.length()) : BEGINS + text;
            tokens[id] = new Token(stored, 0, TokenType.NORMAL);
        });
        for (Added added : file.added()) {
            if (!added.special() && added.normalized())
                throw added.fields().unsupported("normalized", true, "false, where letters may be lowered");
            tokens[added.id()] = new Token(added.text(), 0, added.type(), added.edges());
        }
        return TokenizerFile.filled(tokens);
    }

    private static TextRules rules(TokenizerFile file, int last) {
        List<JsonFields> steps = file.steps("normalizer", "normalizers");
        if (steps.size() != 1) throw file.file().unsupported("normalizer", steps.size() + " steps", "one");
        JsonFields step = steps.getFirst();
        if (!step.text("type", "").equals("BertNormalizer"))
            throw step.unsupported("type", step.text("type", ""), "BertNormalizer");
        for (String flag : List.of("clean_text", "handle_chinese_chars"))
            if (!step.flag(flag, true)) throw step.unsupported(flag, false, "true");
        boolean lowercase = step.flag("lowercase", true);
        return new TextRules(last, lowercase, step.flag("strip_accents", lowercase), new byte[0], true);
    }

    /// The fields of the file that only WordPiece has.
    static Map<String, @Nullable Object> write(Vocabulary vocabulary) {
        TextRules rules = vocabulary.rules();
        var file = new LinkedHashMap<String, @Nullable Object>();
        file.put(
                "normalizer",
                TokenizerFile.map(
                        "type",
                        "BertNormalizer",
                        "clean_text",
                        true,
                        "handle_chinese_chars",
                        true,
                        "strip_accents",
                        rules.stripAccents(),
                        "lowercase",
                        rules.lowercase()));
        file.put("pre_tokenizer", TokenizerFile.map("type", "BertPreTokenizer"));
        file.put("post_processor", TokenizerFile.template(vocabulary, vocabulary.bos(), rules.last(), 1));
        file.put("decoder", TokenizerFile.map("type", "WordPiece", "prefix", GOES_ON, "cleanup", false));
        var vocab = new LinkedHashMap<String, Object>();
        for (int id = 0; id < vocabulary.size(); id++) {
            Token token = vocabulary.tokens().get(id);
            String text =
                    switch (token.type()) {
                        case NORMAL, BYTE ->
                            token.text().indexOf(BEGINS) == 0 ? token.text().substring(1) : GOES_ON + token.text();
                        case CONTROL, UNKNOWN, USER_DEFINED, UNUSED -> token.text();
                    };
            vocab.putIfAbsent(text, id);
        }
        file.put(
                "model",
                TokenizerFile.map(
                        "type",
                        "WordPiece",
                        "unk_token",
                        vocabulary.tokens().get(vocabulary.unknown()).text(),
                        "continuing_subword_prefix",
                        GOES_ON,
                        "max_input_chars_per_word",
                        WordPieceTokenizer.MAX_WORD,
                        "vocab",
                        vocab));
        return file;
    }
}
