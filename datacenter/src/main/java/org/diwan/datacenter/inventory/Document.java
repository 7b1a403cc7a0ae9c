package org.diwan.datacenter.inventory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.yaml.snakeyaml.LoaderOptions;

/// The one way in which this module's files are read and written: YAML or JSON, member for member the
/// same, no member twice, bounded in size and depth.
public final class Document {
    /// Largest file in bytes: a million GPUs, eight a server, take about 40 MB.
    public static final int MAX_SIZE = 128 << 20;

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .loaderOptions(loaderOptions())
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxDocumentLength(MAX_SIZE)
                    .build())
            .build());

    private Document() {}

    private static LoaderOptions loaderOptions() {
        var options = new LoaderOptions();
        options.setCodePointLimit(MAX_SIZE);
        options.setAllowDuplicateKeys(false);
        return options;
    }

    /// What `make` makes of the file; JSON where the name ends in `.json`, else YAML.
    ///
    /// @throws IOException when it cannot be read
    /// @throws IllegalArgumentException naming file, place and what is wrong with it
    public static <T> T read(Path file, Function<Cursor, T> make) throws IOException {
        long size = Files.size(file);
        if (size > MAX_SIZE)
            throw new IllegalArgumentException(file + " has " + size + " bytes, at most " + MAX_SIZE + " are read");
        try {
            return make.apply(
                    parse(Files.readString(file), file.getFileName().toString().endsWith(".json")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /// The root of what `text` describes.
    ///
    /// @throws IllegalArgumentException when it is not JSON, or not YAML
    public static Cursor parse(String text, boolean json) {
        try {
            return new Cursor("", (json ? JSON : YAML).readTree(text));
        } catch (IOException e) {
            throw new IllegalArgumentException("not " + (json ? "JSON" : "YAML") + ": " + e.getMessage(), e);
        }
    }

    /// `tree`, of maps, lists, texts and numbers, as text that [#parse] reads back.
    public static String text(Object tree, boolean json) {
        try {
            return (json ? JSON : YAML).writerWithDefaultPrettyPrinter().writeValueAsString(tree);
        } catch (IOException e) {
            throw new AssertionError("maps, lists, texts and numbers can be written", e);
        }
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of `tree`, in lower-case hexadecimal.
    public static String digest(Object tree) {
        return Digest.hex(Digest.sha256(CanonicalJson.bytes(tree)));
    }
}
