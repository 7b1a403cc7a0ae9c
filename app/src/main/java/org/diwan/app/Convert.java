package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.diwan.engine.convert.Conversion;
import org.diwan.language.TokenizerJson;
import org.diwan.language.VocabularyMetadata;
import org.diwan.language.json.JsonText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `./diwan model convert DIR OUT`: a folder from Hugging Face as one file. The weights are `engine`'s
/// business, the words `language`'s.
@Command(
        name = "convert",
        description = {
            "Turn a Hugging Face folder (safetensors, config.json, tokenizer.json) into one GGUF file.",
            "Weights keep their type; ./diwan model quantize makes them smaller."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan model convert Qwen3-0.6B qwen3-0.6b.gguf"})
final class Convert extends Verb {
    private static final String TEMPLATE = "chat_template";

    @Parameters(index = "0", paramLabel = "DIR", description = "Folder with the model.")
    private Path folder = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "GGUF file to write; there in whole or not at all.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        @Nullable String settings = read("tokenizer_config.json");
        Map<String, Object> metadata = vocabulary(settings);
        @Nullable String template = template(settings);
        if (template != null) metadata.put("tokenizer.chat_template", template);
        Conversion.write(folder, out, metadata, name -> {
            err().printf("\r%-70.70s", name);
            err().flush();
        });
        err().printf("\r%-70s\r", "");
        out().printf("%s: %,d bytes%n", out, Files.size(out));
        return 0;
    }

    private Map<String, Object> vocabulary(@Nullable String settings) throws IOException {
        @Nullable String json = read("tokenizer.json");
        if (json == null) throw new IllegalArgumentException(folder + " has no tokenizer.json");
        try {
            TokenizerJson tokenizer = TokenizerJson.read(json, settings);
            if (tokenizer.composes()) {
                err().println("diwan: tokenizer.json composes characters first (NFC); GGUF has no field for that");
            }
            var vocabulary = tokenizer.vocabulary().withEnds(ends());
            return VocabularyMetadata.of(vocabulary, Conversion.vocabularySize(folder));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(folder + ": " + e.getMessage(), e);
        }
    }

    /// The tokens after which `generation_config.json` stops: one id or a list.
    private List<Integer> ends() throws IOException {
        @Nullable String generation = read("generation_config.json");
        if (generation == null) return List.of();
        @Nullable Object field = JsonText.object(generation).get("eos_token_id");
        List<?> ends = field instanceof List<?> list ? list : field == null ? List.of() : List.of(field);
        return ends.stream()
                .map(end -> {
                    if (end instanceof Long id && id >= 0 && id <= Integer.MAX_VALUE) return id.intValue();
                    throw new IllegalArgumentException(
                            "generation_config.json: eos_token_id is " + field + ", must be token ids");
                })
                .toList();
    }

    /// The chat template, from a file of its own or from the settings; of several, the default.
    private @Nullable String template(@Nullable String settings) throws IOException {
        @Nullable String file = read("chat_template.jinja");
        if (file != null || settings == null) return file;
        if (!(JsonText.parse(settings) instanceof Map<?, ?> map)) return null;
        return switch (map.get(TEMPLATE)) {
            case String template -> template;
            case List<?> several ->
                several.stream()
                        .filter(one -> one instanceof Map<?, ?> entry && "default".equals(entry.get("name")))
                        .map(one -> ((Map<?, ?>) one).get("template"))
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .findFirst()
                        .orElse(null);
            case null, default -> null;
        };
    }

    /// The text of a file of the folder, null where there is none.
    private @Nullable String read(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) return null;
        if (Files.size(file) > TokenizerJson.MAX_LENGTH) {
            throw new IllegalArgumentException(file + " is larger than " + TokenizerJson.MAX_LENGTH + " bytes");
        }
        return Files.readString(file);
    }
}
