package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;
import org.junit.jupiter.api.Test;

class TokenGrammarTest {
    /// Oracle: the finite language itself. A token is allowed if and only if one of its texts begins
    /// with the answer so far and the token; the end if and only if the answer is one of them.
    @Test
    void masksOfFiniteLanguagesAreExact() {
        Seeded.forAll(60, random -> {
            var texts = new ArrayList<String>();
            for (int i = random.nextInt(1, 12); i > 0; i--) texts.add(word(random));
            var choice = new ArrayList<Expression>();
            for (String text : texts) choice.add(split(random, text));
            var grammar = new Grammar(Map.of("root", new Expression.Choice(choice)));
            checkAllPrefixes(new HashSet<>(texts), grammar, vocabulary(random, texts), random);
        });
    }

    private static void checkAllPrefixes(
            Set<String> texts, Grammar grammar, Tokenizer tokenizer, SplittableRandom random) {
        var trie = new TokenTrie(tokenizer);
        var ready = new TokenGrammar(grammar, trie);
        List<byte[]> all =
                texts.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
        for (int walk = 0; walk < 20; walk++) {
            var cursor = ready.begin();
            byte[] said = {};
            while (true) {
                BitSet expected = new BitSet();
                for (int id = 0; id < trie.tokenCount; id++) {
                    byte[] bytes = tokenizer.bytes(id);
                    byte[] then = concat(said, bytes);
                    if (bytes.length > 0 && all.stream().anyMatch(text -> begins(text, then))) expected.set(id);
                }
                byte[] now = said;
                boolean complete = all.stream().anyMatch(text -> Arrays.equals(text, now));
                if (complete) trie.endTokens.forEach(expected::set);
                assertEquals(complete, cursor.isComplete());
                assertEquals(
                        expected,
                        mask(cursor, trie),
                        () -> texts + " after " + new String(now, StandardCharsets.UTF_8));
                int[] open = expected.stream()
                        .filter(id -> !trie.endTokens.contains(id))
                        .toArray();
                if (open.length == 0) break;
                int token = open[random.nextInt(open.length)];
                cursor.accept(token);
                said = concat(said, tokenizer.bytes(token));
            }
        }
    }

    /// Oracle: the slow way, one walk of the state machine for each token, without local masks,
    /// representatives or memory of any kind.
    @Test
    void masksOfNestingGrammarsAreThoseOfEachTokenAlone() {
        var grammars = List.of(
                Grammar.gbnf("root ::= item (\",\" \" \"? item)*\nitem ::= \"[\" root? \"]\" | \"a\"{2,40} | "
                        + "\"é\"+ [\\\"]?"),
                Grammar.gbnf("root ::= a a\na ::= \"(\" root? \")\" | [ab]{3,200} | \"ab\"?"),
                Grammar.regex("(a|ab|[^b\"]){5,90}(b|\\.)+"),
                Grammar.jsonObject());
        Seeded.forAll(40, random -> {
            var grammar = grammars.get(random.nextInt(grammars.size()));
            var tokenizer = vocabulary(
                    random,
                    List.of("[[aa],", "\"a\": ", "((ab", "éé\",[", "{\"a\":[1, ", "}, {\"", "aaaaaaaaaaaaaaaaaaaa"));
            var trie = new TokenTrie(tokenizer);
            var ready = new TokenGrammar(grammar, trie);
            var machine = Texts.machine(grammar);
            var cursor = ready.begin();
            State state = machine.start();
            for (int step = 0; step < 40; step++) {
                var expected = new BitSet();
                for (int id = 0; id < trie.tokenCount; id++) {
                    byte[] bytes = tokenizer.bytes(id);
                    if (bytes.length > 0
                            && !trie.endTokens.contains(id)
                            && !read(machine, state, bytes).isDead()) expected.set(id);
                }
                int[] open = expected.stream().toArray();
                if (state.complete) trie.endTokens.forEach(expected::set);
                assertEquals(expected, mask(cursor, trie));
                if (open.length == 0) break;
                int token = open[random.nextInt(open.length)];
                cursor.accept(token);
                state = read(machine, state, tokenizer.bytes(token));
            }
        });
    }

    private static State read(StateMachine machine, State from, byte[] bytes) {
        State state = from;
        for (byte b : bytes) state = machine.next(state, b & 0xFF);
        return state;
    }

    /// What would return: states of a long answer pile up.
    @Test
    void aLongAnswerForgetsWhatItMet() {
        var tokenizer = vocabulary(new SplittableRandom(1), List.of("[[", "]]"));
        var ready = new TokenGrammar(Grammar.gbnf("root ::= \"[\" root* \"]\""), new TokenTrie(tokenizer));
        var cursor = ready.begin();
        int open = tokenizer.encode("[", false, false)[0];
        int close = tokenizer.encode("]", false, false)[0];
        int deep = 2 * StateMachine.MAX_STATES;
        for (int i = 0; i < deep; i++) cursor.accept(open);
        for (int i = 0; i < deep; i++) {
            assertFalse(cursor.isComplete());
            cursor.accept(close);
        }
        assertTrue(cursor.isComplete());
        assertThrows(IllegalStateException.class, () -> cursor.accept(close));
    }

    /// What would return: reading ahead for a whole slice of tokens meets more readings than are allowed after
    /// "az", which no token spells, and refuses the grammar at its first mask.
    @Test
    void whatNoTokenReachesIsNotRefused() {
        var tail = new ArrayList<Expression>();
        for (int i = 0; i <= StateMachine.MAX_PAIRS; i++) tail.add(Expression.optional(Expression.text("" + i)));
        var root = Expression.choice(
                Expression.sequence(Expression.text("a"), Expression.range('a', 'y')),
                Expression.sequence(Expression.text("az"), new Expression.Sequence(tail)));
        var tokens = new ArrayList<byte[]>();
        for (int b = 0; b < 256; b++) tokens.add(new byte[] {(byte) b});
        tokens.add(new byte[] {'a', 'b'});
        var trie = new TokenTrie(TestTokens.bytes(tokens, "<|end|>"));
        var cursor = new TokenGrammar(new Grammar(Map.of("root", root)), trie).begin();
        assertEquals(bits('a', 256), mask(cursor, trie));
        cursor.accept('a');
        assertThrows(IllegalStateException.class, () -> cursor.accept('z'));
    }

    /// A tokenizer that takes the first space of an answer away gets one more than the text has.
    @Test
    void theSpaceThatTheTokenizerTakesIsNotOfTheText() {
        var tokenizer = Tokenizer.of(Vocabulary.fromMetadata(Map.of(
                "tokenizer.ggml.model",
                "llama",
                "tokenizer.ggml.tokens",
                new String[] {"<unk>", "<s>", "</s>", "▁", "▁a", "a", "▁▁a", "<0x20>"},
                "tokenizer.ggml.scores",
                new float[] {0, 0, 0, -1, -1, -1, -1, 0},
                "tokenizer.ggml.token_type",
                new int[] {2, 3, 3, 1, 1, 1, 1, 6},
                "tokenizer.ggml.eos_token_id",
                2,
                "tokenizer.ggml.add_space_prefix",
                true)));
        var trie = new TokenTrie(tokenizer);
        assertEquals(bits(3, 4, 5, 7), mask(new TokenGrammar(Grammar.regex("a+"), trie).begin(), trie));
        // " a" itself has to be written with two spaces.
        var spaced = new TokenGrammar(Grammar.regex(" a"), trie).begin();
        assertEquals(bits(3, 6, 7), mask(spaced, trie));
        spaced.accept(3);
        assertEquals(bits(3, 4, 7), mask(spaced, trie));
        spaced.accept(4);
        assertEquals(bits(2), mask(spaced, trie), "complete: only the end");
    }

    /// A control token is no text: it comes where the grammar asks for it by name, and nowhere else.
    @Test
    void controlTokensComeOnlyWhereTheyAreAskedFor() {
        var tokenizer = vocabulary(new SplittableRandom(3), List.of());
        var trie = new TokenTrie(tokenizer);
        int control = tokenizer.vocabulary().find("<|call|>");
        assertFalse(mask(new TokenGrammar(Grammar.gbnf("root ::= .*"), trie).begin(), trie)
                .get(control));
        var special = Expression.sequence(new Expression.Special("<|call|>"), Expression.text("x"));
        var cursor = new TokenGrammar(new Grammar(Map.of("root", special)), trie).begin();
        assertEquals(bits(control), mask(cursor, trie));
        cursor.accept(control);
        assertEquals(bits(tokenizer.encode("x", false, false)[0]), mask(cursor, trie));
    }

    private static BitSet mask(GrammarCursor cursor, TokenTrie trie) {
        long[] bits = new long[trie.tokenCount / 64 + 2];
        Arrays.fill(bits, -1);
        cursor.mask(bits);
        return BitSet.valueOf(bits);
    }

    private static BitSet bits(int... ids) {
        var bits = new BitSet();
        for (int id : ids) bits.set(id);
        return bits;
    }

    private static boolean begins(byte[] text, byte[] beginning) {
        int mismatch = Arrays.mismatch(text, beginning);
        return mismatch < 0 || mismatch == beginning.length;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static String word(SplittableRandom random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--)
            text.append(List.of("a", "b", "é", "한", "😀", "\n").get(random.nextInt(6)));
        return text.toString();
    }

    /// The text as a sequence of parts, so that tokens reach over several.
    private static Expression split(SplittableRandom random, String text) {
        if (text.length() < 2 || random.nextInt(3) == 0) return Expression.text(text);
        int cut = text.offsetByCodePoints(0, random.nextInt(text.codePointCount(0, text.length())));
        return Expression.sequence(split(random, text.substring(0, cut)), split(random, text.substring(cut)));
    }

    /// All bytes, random pieces of `texts`, cut anywhere, also inside characters, one piece twice, an
    /// end and a control token.
    private static Tokenizer vocabulary(SplittableRandom random, List<String> texts) {
        var tokens = new ArrayList<byte[]>();
        for (int b = 0; b < 256; b++) tokens.add(new byte[] {(byte) b});
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 8 && bytes.length > 0; i++) {
                int from = random.nextInt(bytes.length);
                tokens.add(Arrays.copyOfRange(bytes, from, random.nextInt(from, bytes.length) + 1));
            }
        }
        return TestTokens.bytes(tokens, "<|end|>", "<|call|>");
    }
}
