package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files in Hugging Face's shapes against the ids of its own reader
/// (`golden/tokenizerjson/HOW.md`).
class TokenizerJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> idsAreHuggingFacesBeforeAndAfterWriting() throws IOException {
        return StreamSupport.stream(golden().spliterator(), false)
                .map(entry -> DynamicTest.dynamicTest(entry.get("name").asText(), () -> {
                    TokenizerJson read = TokenizerJson.read(entry.get("file").asText(), null);
                    checkIds(entry, read, read);
                    TokenizerJson again = TokenizerJson.read(TokenizerJson.write(read.vocabulary()), null);
                    checkIds(entry, read, again);
                    assertEquals(read.vocabulary(), again.vocabulary());
                }));
    }

    private static void checkIds(JsonNode entry, TokenizerJson first, TokenizerJson read) {
        Tokenizer tokenizer = Tokenizer.of(read.vocabulary());
        for (JsonNode expected : entry.get("cases")) {
            String text = expected.get("text").asText();
            int[] ids = JSON.convertValue(expected.get("ids"), int[].class);
            assertArrayEquals(
                    ids,
                    tokenizer.encode(first.normalized(text), true, true),
                    () -> entry.get("name").asText() + " on '" + text + "'");
        }
    }

    /// From GGUF metadata to tokenizer.json and back: the same vectors are met.
    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "starcoder", "deepseek-llm", "llama-spm", "bert-bge"})
    void metadataAndFileGiveTheSameIds(String name) throws IOException {
        Vocabulary vocabulary = vocabulary(name);
        Tokenizer before = Tokenizer.of(vocabulary);
        Tokenizer after = Tokenizer.of(
                TokenizerJson.read(TokenizerJson.write(vocabulary), null).vocabulary());
        for (String text : texts(name))
            assertArrayEquals(before.encode(text, true, true), after.encode(text, true, true), text);
    }

    /// What we write, read by Hugging Face's own reader, live.
    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "starcoder", "deepseek-llm", "llama-spm", "bert-bge"})
    void peerReadsWhatWeWrite(String name, @TempDir Path folder) throws IOException, InterruptedException {
        String modules = System.getenv("DIWAN_TOKENIZERS");
        assumeTrue(
                modules != null, "skipped: DIWAN_TOKENIZERS, a node_modules with @huggingface/tokenizers, is not set");
        Vocabulary vocabulary = vocabulary(name);
        List<String> texts = texts(name);
        Files.writeString(folder.resolve("tokenizer.json"), TokenizerJson.write(vocabulary));
        Files.writeString(folder.resolve("texts.json"), JSON.writeValueAsString(texts));
        Files.createSymbolicLink(folder.resolve("node_modules"), Path.of(modules));
        Files.writeString(folder.resolve("ids.mjs"), """
                import fs from 'node:fs';
                import {Tokenizer} from '@huggingface/tokenizers';
                const read = name => JSON.parse(fs.readFileSync(name));
                const tokenizer = new Tokenizer(read('tokenizer.json'), {});
                const ids = read('texts.json').map(text => tokenizer.encode(text).ids);
                fs.writeFileSync('ids.json', JSON.stringify(ids));
                """);
        Process node = new ProcessBuilder("node", "ids.mjs")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertTrue(node.waitFor(60, TimeUnit.SECONDS) && node.exitValue() == 0, "node failed");
        int[][] ids = JSON.readValue(folder.resolve("ids.json").toFile(), int[][].class);
        Tokenizer tokenizer = Tokenizer.of(vocabulary);
        for (int i = 0; i < ids.length; i++)
            assertArrayEquals(ids[i], framed(tokenizer, texts.get(i)), name + " on '" + texts.get(i) + "'");
    }

    /// As [Tokenizer#encodeWhole], of text that may spell control tokens.
    private static int[] framed(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encode(text, true, true);
        int last = tokenizer.vocabulary().rules().last();
        if (last == Vocabulary.NONE) return ids;
        int[] framed = Arrays.copyOf(ids, ids.length + 1);
        framed[ids.length] = last;
        return framed;
    }

    private static Vocabulary vocabulary(String name) throws IOException {
        return Vocabulary.fromMetadata(GgufMetadata.read(file("ggml-vocab-" + name + ".gguf")));
    }

    private static List<String> texts(String name) throws IOException {
        return Arrays.stream(Files.readString(file("ggml-vocab-" + name + ".gguf.inp"))
                        .split("\n__ggml_vocab_test__\n"))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static Path file(String name) {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and the vocabularies lie there");
        return Path.of(data, "models", "vocab", name);
    }

    private record Wrong(String file, String part, String with, String message) {}

    @Test
    void whatIsNotDoneIsRefusedByName() throws IOException {
        for (Wrong wrong : List.of(
                new Wrong(
                        "gpt-2",
                        "\"type\":\"BPE\"",
                        "\"type\":\"WordLevel\"",
                        "model.type is 'WordLevel'; supported: BPE, Unigram"),
                new Wrong("gpt-2", "\"dropout\":null", "\"dropout\":0.1", "model.dropout is '0.1'"),
                new Wrong("gpt-2", "\"end_of_word_suffix\":\"\"", "\"end_of_word_suffix\":\"</w>\"", "is '</w>'"),
                new Wrong(
                        "gpt-2",
                        "\"normalizer\":null",
                        "\"normalizer\":{\"type\":\"NFKC\"}",
                        "normalizer.type is 'NFKC'"),
                new Wrong(
                        "gpt-2",
                        "\"add_prefix_space\":false",
                        "\"add_prefix_space\":true",
                        "add_prefix_space is 'true'"),
                new Wrong("qwen-2", "'ll|'d", "'ll", "supported: the expressions of"),
                new Wrong("qwen-2", "Isolated", "Contiguous", "pretokenizers[0].behavior is 'Contiguous'"),
                new Wrong("qwen-2", "\"ignore_merges\":false", "\"ignore_merges\":true", "with ignore_merges"),
                new Wrong("llama-2", "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],", "", "not JSON"),
                new Wrong("llama-2", "\"byte_fallback\":true", "\"byte_fallback\":false", "byte_fallback is 'false'"),
                new Wrong("mistral", "\"never\"", "\"first\"", "pre_tokenizer.prepend_scheme is 'first'"),
                new Wrong("llama-2", "\"merges\":[[", "\"merges\":[[\"x\",\"y\"],[", "model.merges[0] is 'x y'"),
                new Wrong("llama-2", "\"<s>\":1", "\"<s>\":9999999", "a token id below"),
                new Wrong("llama-2", "\"<s>\":1", "\"<s>\":2", "the id 2 that model.vocab gives it"))) {
            String file = file(golden(), wrong.file());
            assertTrue(file.contains(wrong.part()), wrong.part());
            String changed = file.replace(wrong.part(), wrong.with());
            var e = assertThrows(
                    IllegalArgumentException.class, () -> TokenizerJson.read(changed, null), wrong.message());
            assertTrue(e.toString().contains(wrong.message()), e.toString());
        }
    }

    @Test
    void configNamesBeginAndEnd() throws IOException {
        String config = "{\"eos_token\": {\"content\": \"<|im_end|>\"}, \"bos_token\": \"<|endoftext|>\"}";
        Vocabulary vocabulary =
                TokenizerJson.read(file(golden(), "qwen-2"), config).vocabulary();
        assertEquals("<|im_end|>", vocabulary.tokens().get(vocabulary.eos()).text());
        assertEquals("<|endoftext|>", vocabulary.tokens().get(vocabulary.bos()).text());
        assertEquals(2, vocabulary.endTokens().size());
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void damagedFileIsRefusedOrReadNeverMore() throws IOException {
        var files = new ArrayList<String>();
        for (String name : List.of("tokenizerjson", "encoderjson"))
            for (JsonNode entry : golden(name)) files.add(entry.get("file").asText());
        Seeded.forAll(100, random -> tryToRead(damaged(files.get(random.nextInt(files.size())), random)));
        tryToRead("[".repeat(1_000_000));
        tryToRead("{\"model\":".repeat(100_000));
        tryToRead("{\"model\":{\"vocab\":{\"a\":2097151},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}");
    }

    private static String damaged(String file, SplittableRandom random) {
        var text = new StringBuilder(file);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(20));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, text.substring(at, end));
                case 2 -> text.setCharAt(at, "{}[]\",:0-9tfn\\u".charAt(random.nextInt(15)));
                default -> {
                    String digits = String.valueOf(random.nextLong());
                    text.replace(at, end, digits);
                }
            }
        }
        return text.toString();
    }

    private static void tryToRead(String file) {
        try {
            Tokenizer.of(TokenizerJson.read(file, null).vocabulary()).encode("a b </s> <|im_end|>", true, true);
        } catch (IllegalArgumentException expected) {
            assertTrue(String.valueOf(expected.getMessage()).length() < 2000, "message too long");
        }
    }

    private static String file(JsonNode golden, String name) {
        for (JsonNode entry : golden)
            if (entry.get("name").asText().equals(name))
                return entry.get("file").asText();
        throw new IllegalArgumentException(name);
    }

    private static JsonNode golden() throws IOException {
        return golden("tokenizerjson");
    }

    private static JsonNode golden(String folder) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TokenizerJsonTest.class.getResourceAsStream("/golden/" + folder + "/golden.json"))) {
            return JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
