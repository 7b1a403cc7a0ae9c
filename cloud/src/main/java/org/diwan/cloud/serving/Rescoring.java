package org.diwan.cloud.serving;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.diwan.engine.generate.ForcedReading;
import org.diwan.engine.generate.TokenScore;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.model.Model;
import org.diwan.language.Detokenizer;
import org.diwan.language.Tokenizer;
import org.diwan.language.answer.AnswerFormat;
import org.jspecify.annotations.Nullable;

/// Scores answers that somebody else gave under a model's weights: by the tokens that they told, or by their
/// words. The same words can be cut into tokens in several ways, and a model does not always cut its own as
/// its tokenizer would; so a greedy answer that is known by its words is cut as the model itself would have.
///
/// Belongs to one thread.
public final class Rescoring {
    /// Most places of an answer at which its words are cut anew; each costs reading on from there.
    static final int MAX_CUTS = 256;

    private final Model model;
    private final KvType cache;
    private final Tokenizer tokenizer;
    private final AnswerFormat format;
    private final Map<Integer, byte[]> marks;

    /// @param marks control tokens that are spelled in an answer
    Rescoring(Model model, KvType cache, Tokenizer tokenizer, AnswerFormat format, Map<Integer, byte[]> marks) {
        this.model = model;
        this.cache = cache;
        this.tokenizer = tokenizer;
        this.format = format;
        this.marks = marks;
    }

    /// What an upstream said.
    ///
    /// @param tokens by its word; none where it told its words only
    /// @param ended whether the answer ended by itself, with a token that ends answers
    /// @param cut whether it may have been cut inside a token: at a stop string, or by a client that hung up
    public record Said(String text, List<Integer> tokens, boolean ended, boolean cut) {
        public Said {
            tokens = List.copyOf(tokens);
        }
    }

    /// What is wrong with the tokens that were told: they are none of this vocabulary, or do not spell the text.
    /// An upstream may keep reasoning and marks to itself, and space at either end.
    public Optional<String> misspelt(Said said) {
        if (said.tokens().isEmpty()) return Optional.empty();
        int size = tokenizer.vocabulary().size();
        for (int token : said.tokens())
            if (token >= size)
                return Optional.of("token " + token + " is not in the vocabulary, which ends at " + (size - 1));
        String text = bare(said.text());
        var spellings = new HashSet<String>();
        for (var spelled : List.of(marks, Map.<Integer, byte[]>of())) {
            String whole = spell(said.tokens(), spelled);
            spellings.add(bare(whole));
            for (var frame : format.reasoning()) {
                int close = whole.lastIndexOf(frame.close());
                if (close >= 0)
                    spellings.add(bare(whole.substring(close + frame.close().length())));
            }
        }
        boolean spelled =
                spellings.contains(text) || (said.cut() && spellings.stream().anyMatch(each -> each.startsWith(text)));
        return spelled ? Optional.empty() : Optional.of("the tokens that were told do not spell the words");
    }

    private String spell(List<Integer> tokens, Map<Integer, byte[]> spelled) {
        var detokenizer = new Detokenizer(tokenizer, spelled);
        var text = new StringBuilder();
        for (int token : tokens) text.append(detokenizer.push(token));
        return text.toString();
    }

    /// Without space at the ends, and without characters at the end that never became whole.
    private static String bare(String text) {
        return text.replaceFirst("\uFFFD+$", "").strip();
    }

    /// Scores what was said to `prompt`.
    ///
    /// @param temperature that it was sampled with; 0 for a greedy answer, which is scored at 1
    /// @throws IllegalArgumentException when prompt and answer do not fit the context
    public List<TokenScore> score(LocalModel.Prompt prompt, Said said, float temperature) {
        int[] tokens = said.tokens().isEmpty()
                ? tokenizer.encode(said.text(), false, false)
                : said.tokens().stream().mapToInt(Integer::intValue).toArray();
        var ends = tokenizer.vocabulary().endTokens();
        boolean open = tokens.length == 0 || !ends.contains(tokens[tokens.length - 1]);
        int end = said.ended() && open ? tokenizer.vocabulary().eos() : -1;
        if (temperature == 0) return new Greedy(prompt.tokens(), tokens, said, end).follow();
        int[] all = with(tokens, end);
        return new ForcedReading(model, cache, prompt.tokens(), all.length).scores(all, 0, temperature);
    }

    private static int[] with(int[] tokens, int end) {
        if (end < 0) return tokens;
        int[] all = Arrays.copyOf(tokens, tokens.length + 1);
        all[tokens.length] = end;
        return all;
    }

    /// Follows a greedy answer. Wherever its next token is not the most likely one although the most likely one
    /// spells the same words, an honest model has taken that, and the rest is cut anew. Any token that ends
    /// answers may stand for one that was not told. No other place is excused.
    private final class Greedy {
        private final byte[] text;
        private final boolean told;
        private final boolean cut;
        private final int end;
        private final int most;
        private final ForcedReading reading;
        private final List<TokenScore> scores = new ArrayList<>();
        private int[] answer;

        /// @param end the token that ends the answer and was not told; -1 for none
        Greedy(int[] prompt, int[] tokens, Said said, int end) {
            this.text = said.text().getBytes(StandardCharsets.UTF_8);
            this.told = !said.tokens().isEmpty();
            this.cut = said.cut();
            this.end = end;
            // Another cut can have more tokens; it is left out where it has many more.
            int room = Math.max(0, model.contextLength() - prompt.length);
            this.most = Math.min(room, tokens.length + (told ? 1 : 1 + MAX_CUTS));
            this.reading = new ForcedReading(model, cache, prompt, most);
            this.answer = with(tokens, end);
        }

        List<TokenScore> follow() {
            scores.addAll(reading.scores(answer, 0, 1));
            for (int cuts = 0; cuts < MAX_CUTS; cuts++) {
                int at = 0;
                int from = 0;
                int[] other = null;
                for (; at < answer.length && other == null; at++) {
                    other = otherwise(at, from);
                    from += tokenizer.bytes(answer[at]).length;
                }
                if (other == null) break;
                answer = other;
                at--;
                scores.subList(at, scores.size()).clear();
                scores.addAll(reading.scores(answer, at, 1));
            }
            return scores;
        }

        /// The answer with the most likely token at `at` where that says the same; null where it stays.
        ///
        /// @param from how many bytes of the text lie before
        private int @Nullable [] otherwise(int at, int from) {
            int best = scores.get(at).best();
            if (best == answer[at]) return null;
            if (end >= 0 && at == answer.length - 1)
                return tokenizer.vocabulary().endTokens().contains(best) ? put(answer, at, best, new int[0]) : null;
            if (told) return null;
            byte[] bytes = tokenizer.bytes(best);
            int common = Math.min(bytes.length, text.length - from);
            if (common == 0 || Arrays.mismatch(bytes, 0, common, text, from, from + common) >= 0) return null;
            if (common < bytes.length) return cut ? put(answer, at, best, new int[0]) : null;
            String rest = new String(text, from + common, text.length - from - common, StandardCharsets.UTF_8);
            int[] tail = tokenizer.encode(rest, false, false);
            byte[] spelled = rest.getBytes(StandardCharsets.UTF_8);
            // Where the rest begins inside a character, or every text begins with a space, it cannot be cut alone.
            if (!Arrays.equals(spelled, 0, spelled.length, text, from + common, text.length) || !spells(tail, spelled))
                return null;
            int[] other = put(answer, at, best, with(tail, end));
            return other.length <= most ? other : null;
        }
    }

    private boolean spells(int[] tokens, byte[] text) {
        int at = 0;
        for (int token : tokens) {
            byte[] bytes = tokenizer.bytes(token);
            if (at + bytes.length > text.length
                    || Arrays.mismatch(bytes, 0, bytes.length, text, at, at + bytes.length) >= 0) return false;
            at += bytes.length;
        }
        return at == text.length;
    }

    private static int[] put(int[] answer, int at, int token, int[] rest) {
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(answer, 0, at), IntStream.of(token)), Arrays.stream(rest))
                .toArray();
    }
}
