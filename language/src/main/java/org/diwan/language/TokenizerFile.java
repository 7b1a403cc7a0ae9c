package org.diwan.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.diwan.language.Vocabulary.Token;
import org.jspecify.annotations.Nullable;

/// What the readers of every kind of `tokenizer.json` need of it, and of what they write of one.
///
/// @param file the `tokenizer.json`
/// @param settings the `tokenizer_config.json` beside it; empty when there is none
record TokenizerFile(JsonFields file, JsonFields settings) {
    JsonFields model() {
        return file.object("model");
    }

    /// The steps under `field`: none, one, or those of a `Sequence`.
    List<JsonFields> steps(String field, String parts) {
        if (!file.has(field)) return List.of();
        JsonFields step = file.object(field);
        return step.text("type", "").equals("Sequence") ? step.objects(parts) : List.of(step);
    }

    /// The id of a token that `tokenizer_config.json` names, as text or as `{"content": …}`.
    int named(String field, Map<String, Integer> ids) {
        if (!settings.has(field)) return Vocabulary.NONE;
        String text = settings.isObject(field) ? settings.object(field).text("content", "") : settings.text(field, "");
        return ids.getOrDefault(text, Vocabulary.NONE);
    }

    /// An entry of `added_tokens`.
    ///
    /// @param normalized whether it is matched after normalisation; of special tokens that says nothing here,
    ///     for only trusted text may spell one
    record Added(JsonFields fields, int id, String text, boolean special, boolean normalized, Edges edges) {
        TokenType type() {
            return special ? TokenType.CONTROL : TokenType.USER_DEFINED;
        }
    }

    List<Added> added() {
        var added = new ArrayList<Added>();
        for (JsonFields entry : file.objects("added_tokens"))
            added.add(new Added(
                    entry,
                    entry.id("id"),
                    entry.text("content", ""),
                    entry.flag("special", false),
                    entry.flag("normalized", false),
                    new Edges(
                            entry.flag("lstrip", false),
                            entry.flag("rstrip", false),
                            entry.flag("single_word", false))));
        return added;
    }

    /// Token texts to ids: those of the model, of which there must be no two with one text, and the added ones.
    Map<String, Integer> withAdded(Map<String, Integer> vocabulary) {
        var ids = new HashMap<>(vocabulary);
        for (Added added : added()) {
            Integer known = ids.put(added.text, added.id);
            if (known != null && known != added.id)
                throw added.fields.unsupported("id", added.id, "the id " + known + " that model.vocab gives it");
        }
        return ids;
    }

    /// A place for every id in `ids`, null where the numbering has a hole.
    static @Nullable Token[] places(Map<String, Integer> ids) {
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        if (size > Vocabulary.MAX_TOKENS)
            throw new IllegalArgumentException(
                    "tokenizer.json has a token " + (size - 1) + ", ids must be below " + Vocabulary.MAX_TOKENS);
        // A file of a few bytes must not ask for a list of millions.
        if (size > 2 * ids.size() + 1_024)
            throw new IllegalArgumentException("tokenizer.json has " + ids.size() + " tokens and ids up to "
                    + (size - 1) + ", must have fewer holes");
        return new @Nullable Token[size];
    }

    /// `tokens` with unused ones in the holes.
    static List<Token> filled(@Nullable Token[] tokens) {
        var all = new ArrayList<Token>(tokens.length);
        for (int id = 0; id < tokens.length; id++)
            all.add(Objects.requireNonNullElse(tokens[id], new Token("<unused" + id + ">", 0, TokenType.UNUSED)));
        return all;
    }

    /// Tokens that the post-processor puts around a text, [Vocabulary#NONE] for none.
    ///
    /// @param pair what stands around two texts: ids, and [#TEXT] for either; null where the file does not say
    record Frame(int first, int last, @Nullable List<Integer> pair) {
        static final int TEXT = -2;
        static final Frame NOTHING = new Frame(Vocabulary.NONE, Vocabulary.NONE, null);
    }

    Frame frame(Map<String, Integer> ids) {
        Frame frame = Frame.NOTHING;
        for (JsonFields step : steps("post_processor", "processors")) {
            String type = step.text("type", "");
            frame = switch (type) {
                case "ByteLevel" -> frame;
                case "TemplateProcessing" -> template(step, ids);
                case "BertProcessing" -> frame(step, ids, false);
                case "RobertaProcessing" -> frame(step, ids, true);
                default ->
                    throw step.unsupported(
                            "type", type, "TemplateProcessing, BertProcessing, RobertaProcessing and ByteLevel");
            };
        }
        return frame;
    }

    /// `cls A sep`, and of two texts `cls A sep B sep` or `cls A sep sep B sep`.
    private static Frame frame(JsonFields step, Map<String, Integer> ids, boolean twice) {
        int cls = processed(step, "cls", ids);
        int sep = processed(step, "sep", ids);
        var pair = new ArrayList<>(List.of(cls, Frame.TEXT, sep, Frame.TEXT, sep));
        if (twice) pair.add(2, sep);
        return new Frame(cls, sep, pair);
    }

    /// The id of a token that is written `["[CLS]", 101]`.
    private static int processed(JsonFields step, String name, Map<String, Integer> ids) {
        List<?> pair = step.list(name);
        Integer id = pair.isEmpty() ? null : ids.get(String.valueOf(pair.getFirst()));
        if (id == null) throw step.unsupported(name, pair, "a token of the vocabulary and its id");
        return id;
    }

    private static Frame template(JsonFields step, Map<String, Integer> ids) {
        List<Integer> single = parts(step, "single", ids);
        int text = single.indexOf(Frame.TEXT);
        if (text < 0 || text > 1 || single.size() - text > 2)
            throw step.unsupported("single", single.size() + " parts", "at most one token before and after the text");
        return new Frame(
                text == 0 ? Vocabulary.NONE : single.getFirst(),
                text == single.size() - 1 ? Vocabulary.NONE : single.getLast(),
                step.has("pair") ? parts(step, "pair", ids) : null);
    }

    private static List<Integer> parts(JsonFields step, String name, Map<String, Integer> ids) {
        var parts = new ArrayList<Integer>();
        for (JsonFields part : step.objects(name)) {
            if (part.has("Sequence")) {
                parts.add(Frame.TEXT);
                continue;
            }
            String text = part.object("SpecialToken").text("id", "?");
            Integer id = ids.get(text);
            if (id == null) throw step.unsupported(name, text, "tokens of the vocabulary");
            parts.add(id);
        }
        return parts;
    }

    // What follows is written.

    /// `added_tokens` of `vocabulary`.
    static List<Object> added(Vocabulary vocabulary) {
        var added = new ArrayList<Object>();
        for (int id = 0; id < vocabulary.size(); id++) {
            Token token = vocabulary.tokens().get(id);
            boolean special = token.type() == TokenType.CONTROL || token.type() == TokenType.UNKNOWN;
            if (!special && token.type() != TokenType.USER_DEFINED) continue;
            added.add(map(
                    "id",
                    id,
                    "content",
                    token.text(),
                    "single_word",
                    token.edges().singleWord(),
                    "lstrip",
                    token.edges().left(),
                    "rstrip",
                    token.edges().right(),
                    "normalized",
                    false,
                    "special",
                    special));
        }
        return added;
    }

    /// A `TemplateProcessing` that puts `first` and `last`, if there are such, around a text.
    ///
    /// @param between tokens `last` that stand between two texts, of which the second is of token type 1 if it is 1
    static Object template(Vocabulary vocabulary, int first, int last, int between) {
        var single = new ArrayList<Object>();
        var pair = new ArrayList<Object>();
        var special = new LinkedHashMap<String, Object>();
        if (first != Vocabulary.NONE) single.add(part(vocabulary, first, 0, special));
        single.add(map("Sequence", map("id", "A", "type_id", 0)));
        pair.addAll(single);
        for (int i = 0; i < between; i++) pair.add(part(vocabulary, last, 0, special));
        int type = between == 1 ? 1 : 0;
        pair.add(map("Sequence", map("id", "B", "type_id", type)));
        if (last != Vocabulary.NONE) {
            single.add(part(vocabulary, last, 0, special));
            pair.add(part(vocabulary, last, type, special));
        }
        return map("type", "TemplateProcessing", "single", single, "pair", pair, "special_tokens", special);
    }

    private static Object part(Vocabulary vocabulary, int id, int type, Map<String, Object> special) {
        String text = vocabulary.tokens().get(id).text();
        special.put(text, map("id", text, "ids", List.of(id), "tokens", List.of(text)));
        return map("SpecialToken", map("id", text, "type_id", type));
    }

    static Map<String, Object> map(Object... entries) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < entries.length; i += 2) map.put((String) entries[i], entries[i + 1]);
        return map;
    }
}
