package org.diwan.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// llama.cpp's own tokenizer vectors (`models/ggml-vocab-*.gguf.inp` and `.out`): every text must
/// give exactly the tokens that the peer gives, and come back from them.
class LlamaVectorsSpecTest {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "llama-bpe", "llama-spm", "starcoder", "deepseek-llm"})
    void everyVectorIsMetExactly(String name) throws IOException {
        Tokenizer tokenizer = Tokenizer.of(Vocabulary.fromMetadata(GgufMetadata.read(vocabulary(name))));
        List<String> texts = texts(name);
        List<int[]> expected = tokens(name);
        assertEquals(texts.size(), expected.size());
        assertTrue(texts.size() > 40, "the vector file is cut short");
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            int[] tokens = tokenizer.encode(text, false, false);
            assertArrayEquals(expected.get(i), tokens, "case " + i + ": '" + text + "'");
            assertEquals(text, tokenizer.decode(tokens));
        }
    }

    /// Normalised on the way, so the texts do not come back.
    @Test
    void everyVectorOfBertIsMetExactly() throws IOException {
        Tokenizer tokenizer = Tokenizer.of(Vocabulary.fromMetadata(GgufMetadata.read(vocabulary("bert-bge"))));
        List<String> texts = texts("bert-bge");
        List<int[]> expected = tokens("bert-bge");
        assertEquals(texts.size(), expected.size());
        for (int i = 0; i < texts.size(); i++) {
            int[] tokens = tokenizer.encode(texts.get(i), false, false);
            assertArrayEquals(expected.get(i), tokens, "case " + i + ": '" + texts.get(i) + "'");
        }
    }

    @Test
    void vocabularyOfAnotherModelIsRefusedByName() throws IOException {
        var metadata = GgufMetadata.read(vocabulary("bert-bge"));
        metadata.put("tokenizer.ggml.model", "rwkv");
        var e = assertThrows(IllegalArgumentException.class, () -> Vocabulary.fromMetadata(metadata));
        assertTrue(e.toString().contains("'rwkv'"), e.toString());
    }

    private static Path vocabulary(String name) {
        return file("ggml-vocab-" + name + ".gguf");
    }

    private static Path file(String name) {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, and the vocabularies lie there");
        Path file = Path.of(data, "models", "vocab", name);
        assumeTrue(Files.exists(file), "skipped: " + file + " is not there");
        return file;
    }

    private static List<String> texts(String name) throws IOException {
        String all = Files.readString(file("ggml-vocab-" + name + ".gguf.inp"));
        List<String> texts = List.of(all.split(SEPARATOR, -1));
        // The last separator ends the last case.
        return texts.subList(0, texts.size() - 1);
    }

    private static List<int[]> tokens(String name) throws IOException {
        try (Stream<String> lines = Files.lines(file("ggml-vocab-" + name + ".gguf.out"), StandardCharsets.UTF_8)) {
            return lines.map(LlamaVectorsSpecTest::ids).toList();
        }
    }

    private static int[] ids(String line) {
        return Stream.of(line.trim().split(" "))
                .filter(s -> !s.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
