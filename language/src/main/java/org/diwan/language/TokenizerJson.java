package org.diwan.language;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.diwan.language.json.JsonText;
import org.jspecify.annotations.Nullable;

/// Hugging Face's `tokenizer.json` (the format of the library `tokenizers`, 0.20 and later) as a
/// [Vocabulary], and back.
///
/// Four families can be read. *Byte-level BPE* (GPT-2, Llama 3, Qwen, Mistral Tekken, …): model
/// `BPE`, pre-tokenizer `ByteLevel`, alone or behind `Split` and `Digits`, whose expressions must
/// be those of a [PreTokenizer]. *SentencePiece BPE* (Llama 2, Gemma, Mistral): model `BPE` with
/// `byte_fallback`, spaces written `▁` by the normalizers `Prepend` and `Replace` or by the
/// pre-tokenizer `Metaspace`. The file then orders merges by rank where SentencePiece orders tokens
/// by score; ranks that no scores express are refused. *WordPiece* (BERT) and *Unigram* (XLM-RoBERTa)
/// are [WordPieceJson] and [UnigramJson].
///
/// What the file asks for and this reader does not do is refused by the name it has in the file,
/// for a guess would give wrong tokens without any error. Left out on purpose: `truncation` and
/// `padding`, which are the caller's, and post-processors and decoders that change no ids.
///
/// @param vocabulary tokens, merges and how they are used
/// @param composes whether text is brought to Unicode's form C first (normalizer `NFC`, as Qwen's
///     files ask; GGUF files have no field for it, and llama.cpp does not do it): see [#normalized]
public record TokenizerJson(Vocabulary vocabulary, boolean composes) {
    /// Longest file in UTF-16 units; the largest in use (Gemma 3) has 33 million.
    public static final int MAX_LENGTH = 1 << 27;

    /// The tokenizer that `json`, the text of a `tokenizer.json`, describes.
    ///
    /// @param config the text of the `tokenizer_config.json` beside it, which alone names the begin
    ///     and the end token; null when there is none
    /// @throws IllegalArgumentException naming the field, what it holds and what is supported
    public static TokenizerJson read(String json, @Nullable String config) {
        if (json.length() > MAX_LENGTH)
            throw new IllegalArgumentException(
                    "tokenizer.json of " + json.length() + " characters, at most " + MAX_LENGTH + " allowed");
        JsonFields file = new JsonFields("", JsonText.object(json));
        JsonFields settings = new JsonFields("", config == null ? Map.of() : JsonText.object(config));
        var whole = new TokenizerFile(file, settings);
        return switch (whole.model().text("type", "BPE")) {
            case "WordPiece" -> new TokenizerJson(WordPieceJson.read(whole), false);
            case "Unigram" -> new TokenizerJson(UnigramJson.read(whole), false);
            default -> new Reader(whole).read();
        };
    }

    /// `text` as the tokenizer is to see it.
    public String normalized(String text) {
        return composes ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
    }

    /// The text of the `tokenizer.json` that describes `vocabulary`: what reads it gives the same
    /// ids.
    ///
    /// @throws IllegalArgumentException for a vocabulary that no such file describes
    public static String write(Vocabulary vocabulary) {
        return JsonText.write(new Writer(vocabulary).file());
    }

    private static final class Reader {
        private final TokenizerFile whole;
        private final JsonFields file;
        private final JsonFields model;

        Reader(TokenizerFile whole) {
            this.whole = whole;
            this.file = whole.file();
            this.model = whole.model();
        }

        TokenizerJson read() {
            String type = model.text("type", "BPE");
            if (!type.equals("BPE")) throw model.unsupported("type", type, "BPE, Unigram and WordPiece");
            for (String part : List.of("continuing_subword_prefix", "end_of_word_suffix"))
                if (!model.text(part, "").isEmpty()) throw model.unsupported(part, model.text(part, ""), "none");
            if (model.number("dropout", 0) != 0) throw model.unsupported("dropout", model.number("dropout", 0), "none");
            boolean sentencePiece = model.flag("byte_fallback", false) || metaspace() != null || replacesSpaces();
            return sentencePiece ? sentencePiece() : byteLevel();
        }

        private TokenizerJson byteLevel() {
            boolean composes = false;
            for (JsonFields step : steps("normalizer", "normalizers")) {
                String type = step.text("type", "");
                if (!type.equals("NFC")) throw step.unsupported("type", type, "NFC for byte-level BPE");
                composes = true;
            }
            PreTokenizer pre = preTokenizer();
            Map<String, Integer> ids = ids();
            List<Vocabulary.Token> tokens = tokens(ids, false);
            return new TokenizerJson(
                    vocabulary(Vocabulary.Kind.BYTE_PAIR, pre, tokens, merges(), ids, false), composes);
        }

        /// The [PreTokenizer] of the file's expressions.
        private PreTokenizer preTokenizer() {
            var expressions = new ArrayList<String>();
            boolean bytes = false;
            for (JsonFields step : steps("pre_tokenizer", "pretokenizers")) {
                String type = step.text("type", "");
                if (bytes) throw step.unsupported("type", type, "nothing behind ByteLevel");
                switch (type) {
                    case "Split" -> expressions.add(split(step));
                    case "Digits" -> expressions.add(step.flag("individual_digits", false) ? "\\p{N}" : "\\p{N}+");
                    case "ByteLevel" -> {
                        if (step.flag("add_prefix_space", true))
                            throw step.unsupported("add_prefix_space", true, "false");
                        if (step.flag("use_regex", true)) expressions.add(PreTokenizer.GPT2.expressions.getFirst());
                        bytes = true;
                    }
                    default -> throw step.unsupported("type", type, "Split, Digits and ByteLevel");
                }
            }
            if (!bytes)
                throw file.unsupported("pre_tokenizer", "no ByteLevel", "ByteLevel, for BPE without byte_fallback");
            // The one expression of StarCoder says in one pass what its file says in two.
            if (expressions.equals(List.of("\\p{N}", PreTokenizer.GPT2.expressions.getFirst())))
                expressions = new ArrayList<>(PreTokenizer.STARCODER.expressions);
            boolean wholeWords = model.flag("ignore_merges", false);
            for (PreTokenizer pre : PreTokenizer.values())
                if (pre.expressions.equals(expressions) && pre.looksUpWholeWords() == wholeWords) return pre;
            throw file.unsupported(
                    "pre_tokenizer",
                    expressions + (wholeWords ? " with ignore_merges" : ""),
                    "the expressions of org.diwan.language.PreTokenizer");
        }

        private static String split(JsonFields step) {
            String behavior = step.text("behavior", "");
            boolean invert = step.flag("invert", false);
            // Removing all that does not match is the same where the expression matches everything.
            if (!(behavior.equals("Isolated") && !invert) && !(behavior.equals("Removed") && invert))
                throw step.unsupported("behavior", behavior + (invert ? " (inverted)" : ""), "Isolated");
            return step.object("pattern").text("Regex", "").replace("\r", "\\r").replace("\n", "\\n");
        }

        private TokenizerJson sentencePiece() {
            boolean prefix = false;
            boolean replaces = false;
            for (JsonFields step : steps("normalizer", "normalizers")) {
                String type = step.text("type", "");
                switch (type) {
                    case "Prepend" -> {
                        if (!step.text("prepend", "").equals("▁"))
                            throw step.unsupported("prepend", step.text("prepend", ""), "▁");
                        prefix = true;
                    }
                    case "Replace" -> {
                        checkReplacesSpaces(step);
                        replaces = true;
                    }
                    default -> throw step.unsupported("type", type, "Prepend and Replace for SentencePiece BPE");
                }
            }
            JsonFields metaspace = metaspace();
            if (metaspace != null) {
                if (!metaspace.text("replacement", "▁").equals("▁"))
                    throw metaspace.unsupported("replacement", metaspace.text("replacement", ""), "▁");
                String scheme =
                        metaspace.text("prepend_scheme", metaspace.flag("add_prefix_space", true) ? "always" : "never");
                if (scheme.equals("first") || (!scheme.equals("always") && !scheme.equals("never")))
                    throw metaspace.unsupported("prepend_scheme", scheme, "always and never");
                if (metaspace.flag("split", true)) throw metaspace.unsupported("split", true, "false");
                prefix |= scheme.equals("always");
                replaces = true;
            } else {
                for (JsonFields step : steps("pre_tokenizer", "pretokenizers"))
                    if (!isIdleSplit(step)) throw step.unsupported("type", step.text("type", ""), "Metaspace");
            }
            if (!replaces)
                throw file.unsupported("normalizer", "no Replace", "Replace of spaces by ▁, for byte_fallback");
            if (!model.flag("byte_fallback", false)) throw model.unsupported("byte_fallback", false, "true");
            if (model.flag("ignore_merges", false)) throw model.unsupported("ignore_merges", true, "false");

            Map<String, Integer> ids = ids();
            List<Vocabulary.Token> tokens = tokens(ids, true);
            List<Vocabulary.Token> scored = MergeScores.score(tokens, merges());
            return new TokenizerJson(
                    vocabulary(Vocabulary.Kind.SENTENCE_PIECE, null, scored, List.of(), ids, prefix), false);
        }

        private static void checkReplacesSpaces(JsonFields step) {
            boolean spaces = step.object("pattern").text("String", "").equals(" ")
                    && step.text("content", "").equals("▁");
            if (!spaces)
                throw step.unsupported("pattern", step.object("pattern").text("String", "?"), "\" \" by ▁");
        }

        /// Gemma's files split at spaces after the normalizer has replaced them all.
        private static boolean isIdleSplit(JsonFields step) {
            return step.text("type", "").equals("Split")
                    && step.object("pattern").text("String", "").equals(" ");
        }

        private @Nullable JsonFields metaspace() {
            for (JsonFields step : steps("pre_tokenizer", "pretokenizers"))
                if (step.text("type", "").equals("Metaspace")) return step;
            return null;
        }

        private boolean replacesSpaces() {
            return steps("normalizer", "normalizers").stream()
                    .anyMatch(step -> step.text("type", "").equals("Replace"));
        }

        private List<JsonFields> steps(String field, String parts) {
            return whole.steps(field, parts);
        }

        /// Token texts to ids, added tokens too.
        private Map<String, Integer> ids() {
            var ids = new HashMap<String, Integer>();
            JsonFields vocabulary = model.object("vocab");
            for (String text : vocabulary.names()) ids.put(text, vocabulary.id(text));
            return whole.withAdded(ids);
        }

        private List<Vocabulary.Token> tokens(Map<String, Integer> ids, boolean sentencePiece) {
            String unknown = model.text("unk_token", "");
            var tokens = TokenizerFile.places(ids);
            ids.forEach((text, id) -> {
                if (tokens[id] != null)
                    throw new IllegalArgumentException("tokenizer.json gives the id " + id + " to '" + text
                            + "' and to '" + tokens[id].text() + "'");
                boolean isByte = sentencePiece && text.matches("<0x[0-9A-F]{2}>");
                tokens[id] = new Vocabulary.Token(text, 0, isByte ? TokenType.BYTE : TokenType.NORMAL);
            });
            for (TokenizerFile.Added added : whole.added()) {
                TokenType type = added.text().equals(unknown) ? TokenType.UNKNOWN : added.type();
                tokens[added.id()] = new Vocabulary.Token(added.text(), 0, type, added.edges());
            }
            return TokenizerFile.filled(tokens);
        }

        /// `"left right"`; files write pairs or strings.
        private List<String> merges() {
            var merges = new ArrayList<String>();
            for (Object merge : model.list("merges")) {
                String text = merge instanceof List<?> pair && pair.size() == 2
                        ? pair.getFirst() + " " + pair.getLast()
                        : String.valueOf(merge);
                merges.add(text);
            }
            return merges;
        }

        private Vocabulary vocabulary(
                Vocabulary.Kind kind,
                @Nullable PreTokenizer pre,
                List<Vocabulary.Token> tokens,
                List<String> merges,
                Map<String, Integer> ids,
                boolean prefix) {
            TokenizerFile.Frame frame = whole.frame(ids);
            if (frame.last() != Vocabulary.NONE)
                throw file.unsupported(
                        "post_processor",
                        tokens.get(frame.last()).text() + " after the text",
                        "one token before the text");
            int added = frame.first();
            int bos = added != Vocabulary.NONE ? added : whole.named("bos_token", ids);
            int eos = whole.named("eos_token", ids);
            var ends = new HashSet<>(Vocabulary.ends(tokens));
            if (eos != Vocabulary.NONE) ends.add(eos);
            int unknown = ids.getOrDefault(model.text("unk_token", ""), Vocabulary.NONE);
            return new Vocabulary(kind, pre, tokens, merges, bos, eos, unknown, ends, added != Vocabulary.NONE, prefix);
        }
    }

    private static final class Writer {
        private final Vocabulary vocabulary;

        Writer(Vocabulary vocabulary) {
            this.vocabulary = vocabulary;
        }

        Map<String, @Nullable Object> file() {
            var file = new LinkedHashMap<String, @Nullable Object>();
            file.put("version", "1.0");
            file.put("added_tokens", TokenizerFile.added(vocabulary));
            switch (vocabulary.kind()) {
                case BYTE_PAIR, SENTENCE_PIECE -> pairs(file, vocabulary.kind() == Vocabulary.Kind.BYTE_PAIR);
                case WORD_PIECE -> file.putAll(WordPieceJson.write(vocabulary));
                case UNIGRAM -> file.putAll(UnigramJson.write(vocabulary));
            }
            return file;
        }

        private void pairs(Map<String, @Nullable Object> file, boolean bytePair) {
            // Readers want every field, empty ones too.
            boolean begins = vocabulary.addBos() && vocabulary.bos() != Vocabulary.NONE;
            file.put("normalizer", bytePair ? null : normalizer());
            file.put("pre_tokenizer", bytePair ? preTokenizer() : null);
            file.put(
                    "post_processor",
                    begins ? TokenizerFile.template(vocabulary, vocabulary.bos(), Vocabulary.NONE, 0) : null);
            file.put("decoder", bytePair ? byteLevel() : decoder());
            file.put("model", model(bytePair));
        }

        private Object preTokenizer() {
            PreTokenizer pre = Objects.requireNonNull(vocabulary.preTokenizer());
            var steps = new ArrayList<Object>();
            for (String expression : pre.expressions)
                steps.add(TokenizerFile.map(
                        "type",
                        "Split",
                        "pattern",
                        Map.of("Regex", expression),
                        "behavior",
                        "Isolated",
                        "invert",
                        false));
            steps.add(byteLevel());
            return TokenizerFile.map("type", "Sequence", "pretokenizers", steps);
        }

        private static Map<String, Object> byteLevel() {
            return TokenizerFile.map(
                    "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        }

        private Object normalizer() {
            Object replace = TokenizerFile.map("type", "Replace", "pattern", Map.of("String", " "), "content", "▁");
            Object prepend = TokenizerFile.map("type", "Prepend", "prepend", "▁");
            return TokenizerFile.map(
                    "type",
                    "Sequence",
                    "normalizers",
                    vocabulary.addSpacePrefix() ? List.of(prepend, replace) : List.of(replace));
        }

        private Object decoder() {
            var steps = new ArrayList<Object>(List.of(
                    TokenizerFile.map("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "),
                    TokenizerFile.map("type", "ByteFallback"),
                    TokenizerFile.map("type", "Fuse")));
            if (vocabulary.addSpacePrefix())
                steps.add(TokenizerFile.map("type", "Strip", "content", " ", "start", 1, "stop", 0));
            return TokenizerFile.map("type", "Sequence", "decoders", steps);
        }

        private Object model(boolean bytePair) {
            var vocab = new LinkedHashMap<String, Object>();
            for (int id = 0; id < vocabulary.size(); id++)
                vocab.putIfAbsent(vocabulary.tokens().get(id).text(), id);
            var merges = new ArrayList<Object>();
            for (String merge : bytePair ? vocabulary.merges() : MergeScores.merges(vocabulary.tokens())) {
                int space = merge.indexOf(' ', 1);
                merges.add(List.of(merge.substring(0, space), merge.substring(space + 1)));
            }
            PreTokenizer pre = vocabulary.preTokenizer();
            Map<String, Object> model = TokenizerFile.map("type", "BPE", "byte_fallback", !bytePair);
            model.put("ignore_merges", pre != null && pre.looksUpWholeWords());
            if (vocabulary.unknown() != Vocabulary.NONE)
                model.put(
                        "unk_token",
                        vocabulary.tokens().get(vocabulary.unknown()).text());
            model.put("fuse_unk", !bytePair);
            model.put("vocab", vocab);
            model.put("merges", merges);
            return model;
        }
    }
}
