package org.diwan.foundry;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.foundry.admit.Admission;
import org.diwan.foundry.train.ModelShape;
import org.diwan.foundry.train.TrainingPlan;
import org.jspecify.annotations.Nullable;

/// What a model is made of, in one YAML file with few dials; everything else is derived.
///
/// ```yaml
/// name: arabic-demo
/// language: ar              # ISO 639-1
/// licence: apache-2.0       # of the model
/// seed: 1
/// sources:
///   - name: books
///     files: ["${DIWAN_DATA}/corpora/books.jsonl.zst"]
///     licence: public domain
///     unwrap: true          # join lines that footnotes and page width have broken
/// heldOutPercent: 2         # of each source's documents, by hash of their ids
/// vocabulary: 6144          # tokens, the three control tokens included
/// depth: 6                  # blocks; width 32 × depth
/// context: 512
/// dialoguePercent: 40       # of the text is cut into user and assistant turns
/// tokens: 18000000          # to train on
/// admit: …                  # who decides what may be learnt from: Admission; left out, nobody does
/// ```
public record Recipe(
        String name,
        String language,
        String licence,
        long seed,
        List<Source> sources,
        double heldOutPercent,
        int vocabulary,
        int depth,
        int context,
        int dialoguePercent,
        long tokens,
        @Nullable Admission admit) {
    private static final int MAX_VOCABULARY = 65_536; // tokens are stored in two bytes
    private static final int MAX_CONTEXT = 8_192;
    private static final long MAX_RECIPE_SIZE = 1 << 20;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)}");

    /// One body of text with one licence.
    ///
    /// @param files paths, absolute or relative to the recipe; `${NAME}` is an environment variable
    /// @param licence as it will stand in the model card
    public record Source(String name, List<String> files, String licence, boolean unwrap) {
        public Source {
            if (name == null || name.isBlank()) throw new IllegalArgumentException("sources: a source has no name");
            if (files == null || files.isEmpty())
                throw new IllegalArgumentException("sources." + name + ".files: at least one file is needed");
            if (licence == null || licence.isBlank())
                throw new IllegalArgumentException("sources." + name + ".licence: say under which terms it is used");
            files = List.copyOf(files);
        }
    }

    public Recipe {
        if (name == null || !name.matches("[a-z0-9][a-z0-9.-]{0,63}"))
            throw new IllegalArgumentException("name: lower-case letters, digits, '.' and '-', not " + name);
        if (language == null || !language.matches("[a-z]{2,3}"))
            throw new IllegalArgumentException("language: an ISO 639 code such as ar, not " + language);
        if (licence == null || licence.isBlank())
            throw new IllegalArgumentException("licence: say under which terms the model may be used");
        if (sources == null || sources.isEmpty()) throw new IllegalArgumentException("sources: none given");
        sources = List.copyOf(sources);
        if (!(heldOutPercent > 0 && heldOutPercent < 50))
            throw new IllegalArgumentException("heldOutPercent: must be in (0, 50), not " + heldOutPercent);
        if (vocabulary < 300 || vocabulary > MAX_VOCABULARY)
            throw new IllegalArgumentException("vocabulary: must be in [300, 65536], not " + vocabulary);
        if (context < 16 || context > MAX_CONTEXT)
            throw new IllegalArgumentException("context: must be in [16, " + MAX_CONTEXT + "], not " + context);
        if (dialoguePercent < 0 || dialoguePercent > 100)
            throw new IllegalArgumentException("dialoguePercent: must be in [0, 100], not " + dialoguePercent);
        if (tokens < 1) throw new IllegalArgumentException("tokens: must be positive, not " + tokens);
        ModelShape.ofDepth(depth, vocabulary, context);
    }

    /// The recipe in `file`.
    ///
    /// @throws IOException naming the file and the field that is wrong
    public static Recipe read(Path file) throws IOException {
        if (Files.size(file) > MAX_RECIPE_SIZE) throw new IOException(file + " is larger than a recipe can be (1 MiB)");
        try {
            return YAML.readValue(file.toFile(), Recipe.class);
        } catch (com.fasterxml.jackson.databind.JsonMappingException e) {
            String field = e.getPath().isEmpty() ? "" : e.getPath().getLast().getFieldName() + ": ";
            throw new IOException(file + ": " + field + e.getOriginalMessage(), e);
        }
    }

    /// The shape that `depth` and `context` stand for, with `learnt` tokens: a small corpus may teach
    /// fewer than the recipe asks for.
    public ModelShape shape(int learnt) {
        return ModelShape.ofDepth(depth, learnt, context);
    }

    /// The plan that `tokens` and `seed` stand for.
    public TrainingPlan plan() {
        return TrainingPlan.of(shape(vocabulary), tokens, seed);
    }

    /// The files of `source`, with environment variables filled in, relative to `base`.
    ///
    /// @throws IOException naming the variable or file that is missing
    public static List<Path> files(Source source, Path base) throws IOException {
        var paths = new java.util.ArrayList<Path>();
        for (String template : source.files) {
            Matcher matcher = VARIABLE.matcher(template);
            var text = new StringBuilder();
            while (matcher.find()) {
                String value = System.getenv(matcher.group(1));
                if (value == null)
                    throw new IOException("source " + source.name + " needs the environment variable "
                            + matcher.group(1) + " for " + template);
                matcher.appendReplacement(text, Matcher.quoteReplacement(value));
            }
            Path path = base.resolve(matcher.appendTail(text).toString());
            if (!Files.isReadable(path)) throw new IOException("source " + source.name + ": cannot read " + path);
            paths.add(path);
        }
        return paths;
    }
}
