package org.diwan.engine.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.diwan.base.Digest;
import org.diwan.base.Seeded;
import org.diwan.engine.kernel.Exp;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final int[] PROMPT = {3, 1, 3};

    /// Oracle: the chain as the class doc of [Sampling] tells it, by sorting lists.
    @Test
    void choosesAsTheDocumentSays() {
        Seeded.forAll(500, random -> {
            float[] logits = logits(random, random.nextInt(5, 700));
            Sampling sampling = sampling(random, logits.length);
            var sampler = new Sampler(sampling, logits.length, PROMPT, null);
            var trace = new TraceChain();
            List<Integer> answer = new ArrayList<>();
            for (int position = 3; position < 8; position++) {
                int expected = slowly(sampling, logits, position, answer, everything(logits.length));
                answer.add(sampler.next(logits, 0, position, trace).id());
                assertEquals(expected, answer.getLast(), sampling.toString());
            }
        });
    }

    /// Oracle: the same chain over a vocabulary from which the forbidden tokens are struck out.
    @Test
    void aConstraintLeavesWhatIsDrawnFromTheAllowedAlone() {
        Seeded.forAll(500, random -> {
            float[] logits = logits(random, random.nextInt(5, 700));
            Sampling sampling = sampling(random, logits.length);
            var allowed = new BitSet();
            var constraint = new TokenConstraint() {
                int accepted = -1;

                @Override
                public void mask(long[] bits) {
                    long[] words = allowed.toLongArray();
                    Arrays.fill(bits, 0);
                    System.arraycopy(words, 0, bits, 0, words.length);
                }

                @Override
                public void accept(int token) {
                    accepted = token;
                }
            };
            var sampler = new Sampler(sampling, logits.length, PROMPT, constraint);
            var trace = new TraceChain();
            List<Integer> answer = new ArrayList<>();
            for (int position = 3; position < 8; position++) {
                allowed.clear();
                allowed.set(random.nextInt(logits.length));
                for (int i = random.nextInt(logits.length); i > 0; i--) allowed.set(random.nextInt(logits.length));
                int expected = slowly(sampling, logits, position, answer, allowed);
                var token = sampler.next(logits, 0, position, trace);
                answer.add(token.id());
                assertEquals(expected, token.id(), sampling + " " + allowed);
                assertEquals(expected, constraint.accepted);
                assertEquals(logits[expected], token.logit(), "the model's own number");
            }
        });
    }

    @Test
    void aConstraintThatAllowsNothingIsAFailure() {
        var nothing = new TokenConstraint() {
            @Override
            public void mask(long[] allowed) {
                Arrays.fill(allowed, 0);
            }

            @Override
            public void accept(int token) {
                throw new AssertionError("token " + token + " was not allowed");
            }
        };
        for (var sampling : List.of(Sampling.greedy(), Sampling.plain(1))) {
            var sampler = new Sampler(sampling, 3, PROMPT, nothing);
            var failure = assertThrows(
                    EngineFailure.class, () -> sampler.next(new float[] {1, 2, 3}, 0, 7, new TraceChain()));
            assertEquals("the constraint allows no token at position 7", failure.getMessage());
        }
    }

    private static BitSet everything(int count) {
        var all = new BitSet();
        all.set(0, count);
        return all;
    }

    private static int slowly(Sampling sampling, float[] raw, int position, List<Integer> answer, BitSet allowed) {
        float[] logits = raw.clone();
        sampling.logitBias().forEach((id, bias) -> logits[id] += bias);
        for (int id = 0; id < logits.length; id++) {
            int token = id;
            long count = answer.stream().filter(other -> other == token).count();
            if (count > 0 || id == 1 || id == 3) {
                logits[id] = logits[id] > 0
                        ? logits[id] / sampling.repetitionPenalty()
                        : logits[id] * sampling.repetitionPenalty();
            }
            if (count > 0) logits[id] -= count * sampling.frequencyPenalty() + sampling.presencePenalty();
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, logits.length)
                .filter(allowed::get)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> -(logits[id] + 0f)))
                .toList());
        if (sampling.temperature() == 0) return order.getFirst();
        float max = logits[order.getFirst()];
        if (sampling.topK() > 0) order = order.subList(0, Math.min(order.size(), sampling.topK()));
        if (sampling.topP() < 1) order = order.subList(0, nucleus(order, logits, max, sampling.topP()));
        float least = max + (float) StrictMath.log(sampling.minP());
        List<Integer> left =
                order.stream().filter(id -> logits[id] >= least).sorted().toList();
        double total = 0;
        for (int id : left) total += Exp.exp((logits[id] - max) / sampling.temperature());
        double target = total * Philox.uniform(sampling.seed(), position);
        double sum = 0;
        for (int id : left) {
            sum += Exp.exp((logits[id] - max) / sampling.temperature());
            if (sum > target) return id;
        }
        return left.getLast();
    }

    private static int nucleus(List<Integer> order, float[] logits, float max, float p) {
        double total = 0;
        for (int id : order.stream().sorted().toList()) total += Exp.exp(logits[id] - max);
        double sum = 0;
        for (int i = 0; i < order.size(); i++) {
            sum += Exp.exp(logits[order.get(i)] - max);
            if (sum >= p * total) return i + 1;
        }
        return order.size();
    }

    @Test
    void filtersThatKeepEverythingChangeNothing() {
        Seeded.forAll(100, random -> {
            float[] logits = logits(random, 300);
            long seed = random.nextLong();
            int plain = first(Sampling.plain(seed), logits);
            assertEquals(plain, first(new Sampling(1, 300, 1, 0, 1, 0, 0, Map.of(), seed, 0), logits));
            assertEquals(
                    plain, first(new Sampling(1, 299, 1, 0, 1, 0, 0, Map.of(lowest(logits), 0f), seed, 3), logits));
            assertEquals(plain, first(new Sampling(1, 0, Math.nextDown(1f), 0, 1, 0, 0, Map.of(), seed, 0), logits));
        });
    }

    @Test
    void drawsFollowTheProbabilities() {
        float[] logits = {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2)};
        int[] counts = new int[3];
        for (int seed = 0; seed < 30_000; seed++) counts[first(Sampling.plain(seed), logits)]++;
        // Standard deviations are 87, 79 and 69.
        assertEquals(15_000, counts[0], 450);
        assertEquals(9_000, counts[1], 400);
        assertEquals(6_000, counts[2], 350);
    }

    @Test
    void alternativesAreTheMostProbable() {
        float[] logits = {1, 5, 3, 5};
        var token = new Sampler(new Sampling(0, 0, 1, 0, 1, 0, 0, Map.of(2, 9f), 0, 3), 4, PROMPT, null)
                .next(logits, 0, 0, new TraceChain());
        assertEquals(2, token.id(), "bias decides");
        assertEquals(3, token.logit(), "but the logit told is the model's own");
        assertEquals(
                List.of(new Alternative(1, 5), new Alternative(3, 5), new Alternative(2, 3)), token.alternatives());
        double sum = Math.exp(1) + 2 * Math.exp(5) + Math.exp(3);
        assertEquals(3 - Math.log(sum), token.logprob(), 1e-6);
    }

    @Test
    void traceIsTheDocumentedChain() {
        byte[] h = Digest.sha256("diwan-trace/v1\n".getBytes(StandardCharsets.UTF_8));
        var trace = new TraceChain();
        float[] logits = {0.25f, -1, 7};
        var sampler = new Sampler(Sampling.plain(5), 3, PROMPT, null);
        for (int position = 0; position < 4; position++) {
            var token = sampler.next(logits, 0, position, trace);
            var link = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).put(h);
            link.putInt(token.id()).putInt(Float.floatToIntBits(token.logit()));
            link.putInt(Float.floatToIntBits(token.logSumExp()));
            h = Digest.sha256(link.array());
            assertArrayEquals(h, token.trace());
        }
    }

    @Test
    void logitsThatAreNoNumbersAreRefused() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThrows(EngineFailure.class, () -> first(Sampling.greedy(), new float[] {1, bad, 2}));
        }
        assertEquals(2, first(Sampling.greedy(), new float[] {1, Float.NEGATIVE_INFINITY, 2}));
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        refused("temperature", () -> sampling(Float.NaN, 0, 1, 0, 1, 0, 0));
        refused("temperature", () -> sampling(-1, 0, 1, 0, 1, 0, 0));
        refused("topK", () -> sampling(1, -1, 1, 0, 1, 0, 0));
        refused("topP", () -> sampling(1, 0, 0, 0, 1, 0, 0));
        refused("minP", () -> sampling(1, 0, 1, 1.1f, 1, 0, 0));
        refused("repetitionPenalty", () -> sampling(1, 0, 1, 0, 0, 0, 0));
        refused("frequencyPenalty", () -> sampling(1, 0, 1, 0, 1, 11, 0));
        refused("presencePenalty", () -> sampling(1, 0, 1, 0, 1, 0, -11));
        refused("logitBias of token 7", () -> new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(7, 101f), 0, 0));
        refused("topLogprobs", () -> new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), 0, 21));
    }

    private static Sampling sampling(
            float temperature, int topK, float topP, float minP, float repetition, float frequency, float presence) {
        return new Sampling(temperature, topK, topP, minP, repetition, frequency, presence, Map.of(), 0, 0);
    }

    private static void refused(String field, Runnable make) {
        var e = assertThrows(IllegalArgumentException.class, make::run);
        assertTrue(e.toString().contains(field), e.toString());
    }

    private static int first(Sampling sampling, float[] logits) {
        return new Sampler(sampling, logits.length, PROMPT, null)
                .next(logits, 0, 9, new TraceChain())
                .id();
    }

    private static int lowest(float[] logits) {
        return IntStream.range(0, logits.length).reduce(0, (best, id) -> logits[id] < logits[best] ? id : best);
    }

    private static Sampling sampling(SplittableRandom random, int vocabulary) {
        return new Sampling(
                random.nextInt(4) == 0 ? 0 : (float) random.nextDouble(0.01, 3),
                random.nextBoolean() ? 0 : random.nextInt(1, vocabulary + 9),
                random.nextBoolean() ? 1 : (float) random.nextDouble(0.01, 1),
                random.nextBoolean() ? 0 : (float) random.nextDouble(0, 1),
                random.nextBoolean() ? 1 : (float) random.nextDouble(0.5, 2),
                random.nextBoolean() ? 0 : (float) random.nextDouble(-2, 2),
                random.nextBoolean() ? 0 : (float) random.nextDouble(-2, 2),
                random.nextBoolean() ? Map.of() : Map.of(0, 2f, vocabulary - 1, -3f),
                random.nextLong(),
                random.nextInt(3));
    }

    private static float[] logits(SplittableRandom random, int count) {
        float[] logits = new float[count];
        // Halves, so that ties are common.
        for (int i = 0; i < count; i++) logits[i] = random.nextInt(-12, 12) * 0.5f;
        return logits;
    }
}
