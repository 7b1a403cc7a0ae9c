package org.diwan.engine.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Encoder;
import org.diwan.engine.model.EncoderShape;
import org.diwan.engine.model.Pooling;
import org.diwan.engine.model.RandomEncoder;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The oracle is the inverse: a random GGUF model, written as a Hugging Face folder by
/// [HuggingFaceFolder], comes back with the same tensors and the same settings.
class ConversionTest {
    /// A number that a file may leave out, because it is the default.
    private static final Set<String> UNSAID = Set.of("general.name", "general.type", "general.file_type");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"llama", "llama-biased", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "cohere2", "apertus"})
    void aFolderComesBackAsTheModelItWasMadeOf(String architecture) throws IOException {
        for (TensorType type : new TensorType[] {TensorType.F32, TensorType.BF16, TensorType.F16}) {
            Path model = folder.resolve("model.gguf");
            Path converted = folder.resolve("converted.gguf");
            Shape shape = architecture.equals("llama-biased") ? Shape.tinyBiased() : Shape.tiny(architecture);
            RandomModel.write(model, shape, type, 3);
            try (var file = GgufFile.open(model)) {
                Path source = HuggingFaceFolder.write(
                        folder.resolve(architecture + type), file, type == TensorType.F16 ? 3 : 1);
                Conversion.write(source, converted, vocabulary(file), name -> {});
            }
            assertSame(model, converted);
        }
    }

    /// Equal tensors and settings are an equal encoder: [org.diwan.engine.model] holds it to llama.cpp.
    @ParameterizedTest
    @CsvSource({
        "MEAN, false, F32",
        "CLS, false, F16",
        "CLS, true, BF16",
        "MEAN, true, F32",
        "RANK, true, F32",
        "RANK, false, F32"
    })
    void anEncoderComesBackAsTheModelItWasMadeOf(Pooling pooling, boolean roberta, TensorType type) throws IOException {
        Path model = folder.resolve("model.gguf");
        Path converted = folder.resolve("converted.gguf");
        RandomEncoder.write(model, new EncoderShape(2, 256, 512, 4, 256, roberta ? 1 : 2, pooling, roberta), type, 3);
        try (var file = GgufFile.open(model)) {
            Path source = EncoderFolder.write(folder.resolve("source"), file, roberta);
            var vocabulary = vocabulary(file);
            vocabulary.remove("tokenizer.ggml.token_type_count");
            Conversion.write(source, converted, vocabulary, name -> {});
        }
        assertSame(model, converted);
        try (var workers = new Workers(1);
                var a = Encoder.load(model, workers);
                var b = Encoder.load(converted, workers)) {
            var texts = List.of(new int[] {2, 9, 3, 12, 3});
            assertArrayEquals(a.encode(texts).getFirst(), b.encode(texts).getFirst());
        }
    }

    @Test
    void whatAnEncoderDoesNotComputeIsNamed() throws IOException {
        refused("\"BertModel\"", "\"hidden_act\": \"relu\",", "hidden_act: relu, must be gelu");
        refused("\"BertModel\"", "\"position_embedding_type\": \"relative_key\",", "position_embedding_type");
        refused("\"BertForSequenceClassification\"", "\"id2label\": {\"0\": \"a\", \"1\": \"b\"},", "id2label: 2");
        refused("\"BertModel\"", "\"is_decoder\": true,", "is_decoder");
        Path modules = folder.resolve("modules.json");
        Files.writeString(modules, "[{\"type\": \"sentence_transformers.models.Dense\", \"path\": \"2_Dense\"}]");
        refused("\"XLMRobertaModel\"", "", "type: sentence_transformers.models.Dense, must be Transformer");
        Files.writeString(modules, "[{\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"../x\"}]");
        refused("\"XLMRobertaModel\"", "", "path: '../x', must be a folder here");
        Files.writeString(modules, "[{\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"p\"}]");
        Files.createDirectory(folder.resolve("p"));
        for (String mode : List.of("\"pooling_mode_max_tokens\": true", "\"pooling_mode_mean_tokens\": false")) {
            Files.writeString(folder.resolve("p/config.json"), "{" + mode + "}");
            refused("\"BertModel\"", "", "must be one of");
        }
    }

    private static void assertSame(Path expected, Path actual) throws IOException {
        try (var a = GgufFile.open(expected);
                var b = GgufFile.open(actual)) {
            for (var tensor : a.tensors()) {
                assertTrue(b.has(tensor.name()), tensor.name());
                var twin = b.tensor(tensor.name());
                assertArrayEquals(tensor.shape(), twin.shape(), tensor.name());
                assertEquals(tensor.type(), twin.type(), tensor.name());
                if (tensor.name().equals("rope_freqs.weight")) continue; // The random model's are not of a formula.
                assertArrayEquals(
                        a.data(tensor).toArray(ValueLayout.JAVA_BYTE),
                        b.data(twin).toArray(ValueLayout.JAVA_BYTE),
                        tensor.name());
            }
            assertEquals(a.tensors().size(), b.tensors().size());
            for (String key : a.metadata().keySet()) {
                if (!UNSAID.contains(key)) assertEquals(shown(a, key), shown(b, key), key);
            }
        }
    }

    private static String shown(GgufFile file, String key) {
        Object value = Objects.requireNonNullElse(file.metadata().get(key), "nothing");
        return switch (value) {
            case String[] texts -> String.join("\n", texts);
            case int[] numbers -> java.util.Arrays.toString(numbers);
            case float[] numbers -> java.util.Arrays.toString(numbers);
            default -> value.toString();
        };
    }

    @Test
    void stretchedPositionsBecomeDivisors() throws IOException {
        // The first, a middle and the last of the 32 divisors of Llama 3.2 1B, as llama.cpp's converter wrote them
        // into published files: 1 up to the 15th pair, 32 from the 22nd on.
        Path config = folder.resolve("config.json");
        Files.writeString(config, """
                {"architectures": ["LlamaForCausalLM"], "hidden_size": 2048, "num_attention_heads": 32,
                 "num_key_value_heads": 8, "num_hidden_layers": 16, "head_dim": 64, "rope_theta": 500000.0,
                 "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
                                  "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}""");
        float[] factors = ModelFacts.of(Config.read(config)).ropeFactors();
        assertEquals(32, factors.length);
        assertEquals(1, factors[0]);
        assertEquals(32, factors[31]);
        for (int i = 1; i < factors.length; i++) assertTrue(factors[i] >= factors[i - 1]);
        for (int i = 0; i < factors.length; i++) {
            double wave = 2 * Math.PI * Math.pow(500_000, i / 32.0);
            if (wave < 8192 / 4.0) assertEquals(1, factors[i]);
            if (wave > 8192) assertEquals(32, factors[i]);
        }
    }

    @Test
    void whatCannotBeConvertedIsNamed() throws IOException {
        refused("\"GPT2Model\"", "", "architectures: 'GPT2Model', must be one of LlamaForCausalLM");
        refused(
                "\"LlamaForCausalLM\"",
                "\"rope_scaling\": {\"rope_type\": \"yarn\"},",
                "rope_scaling: yarn, must be none");
        refused("\"Qwen3MoeForCausalLM\"", "\"mlp_only_layers\": [1],", "mlp_only_layers");
        refused("\"LlamaForCausalLM\"", "\"hidden_size\": -4,", "hidden_size: -4, must be a whole number above 0");
        refused("\"LlamaForCausalLM\"", "\"hidden_size\": 1e99,", "hidden_size");
    }

    private void refused(String architecture, String more, String message) throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"architectures\": [" + architecture + "], " + more
                        + (more.contains("hidden_size") ? "" : "\"hidden_size\": 64, ")
                        + "\"num_attention_heads\": 4, \"num_hidden_layers\": 2}");
        var refused = assertThrows(
                ConversionException.class,
                () -> Conversion.write(folder, folder.resolve("out.gguf"), Map.of(), name -> {}));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
    }

    @Test
    void aTensorWithoutPlaceIsRefusedByName() throws IOException {
        Path model = folder.resolve("model.gguf");
        RandomModel.write(model, Shape.tiny("qwen3"), TensorType.F32, 3);
        try (var file = GgufFile.open(model)) {
            Path source = HuggingFaceFolder.write(folder.resolve("folder"), file, 1);
            Path config = source.resolve("config.json");
            Files.writeString(config, Files.readString(config).replace("Qwen3ForCausalLM", "LlamaForCausalLM"));
            var refused = assertThrows(
                    ConversionException.class,
                    () -> Conversion.write(source, folder.resolve("out.gguf"), Map.of(), name -> {}));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("q_norm.weight: is a tensor that llama has no use"));
        }
    }

    private static Map<String, Object> vocabulary(GgufFile file) {
        var vocabulary = new LinkedHashMap<String, Object>();
        new TreeMap<>(file.metadata()).forEach((key, value) -> {
            if (key.startsWith("tokenizer.")) vocabulary.put(key, value);
        });
        return vocabulary;
    }
}
