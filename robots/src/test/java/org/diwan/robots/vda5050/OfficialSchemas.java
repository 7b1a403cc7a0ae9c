package org.diwan.robots.vda5050;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The schemas of github.com/VDA5050/VDA5050 in `$DIWAN_DATA/robots/vda5050`; without them the test skips.
public final class OfficialSchemas {
    /// A topic of a version.
    public record Spoken(Version version, Topic topic) {
        @Override
        public String toString() {
            return version.text() + " " + topic.text();
        }
    }

    private record Official(Spoken spoken, JsonNode text, Schema schema) {}

    /// 2020-12 and the keywords that VDA 5050 adds, or in 2.0.0's factsheet misplaces: they check nothing.
    private static final Dialect DIALECT = Dialect.builder(Dialects.getDraft202012())
            .keywords(Stream.of(
                            "subtopic",
                            "unit",
                            "headerId",
                            "timestamp",
                            "version",
                            "manufacturer",
                            "serialNumber",
                            "typeSpecification",
                            "physicalParameters",
                            "protocolLimits",
                            "protocolFeatures",
                            "agvGeometry",
                            "loadSpecification",
                            "localizationParameters")
                    .map(NonValidationKeyword::new)
                    .toList())
            .build();

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Official> schemas = new ArrayList<>();

    public OfficialSchemas() {
        String data = System.getenv("DIWAN_DATA");
        assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no official schemas in robots/vda5050");
        for (var version : Version.values())
            for (var topic : Topic.values())
                if (topic.since().compareTo(version) <= 0) add(Path.of(data), new Spoken(version, topic));
    }

    private void add(Path data, Spoken spoken) {
        String folder = spoken.version() == Version.V3_0
                ? "3.0.0-main"
                : spoken.version().text();
        var file = data.resolve("robots/vda5050")
                .resolve(folder)
                .resolve(spoken.topic().text() + ".json");
        try {
            String text = Files.readString(file);
            var schema = SchemaRegistry.withDialect(DIALECT).getSchema(text, InputFormat.JSON);
            schemas.add(new Official(spoken, JSON.readTree(text), schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Spoken> all() {
        return schemas.stream().map(Official::spoken).toList();
    }

    Spoken any(SplittableRandom random) {
        return schemas.get(random.nextInt(schemas.size())).spoken();
    }

    private Official official(Spoken spoken) {
        return schemas.stream()
                .filter(s -> s.spoken().equals(spoken))
                .findFirst()
                .orElseThrow();
    }

    public List<String> errors(Spoken spoken, byte[] json) {
        return official(spoken)
                .schema()
                .validate(
                        new String(json, StandardCharsets.UTF_8),
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }

    /// The paths of all properties that the schema names, arrays left out.
    Set<String> members(Spoken spoken) {
        var members = new TreeSet<String>();
        var text = official(spoken).text();
        collect(text, text, spoken.toString(), members);
        return members;
    }

    private static void collect(JsonNode root, JsonNode schema, String path, Set<String> members) {
        var seen = schema.has("$ref") ? root.at(schema.get("$ref").textValue().substring(1)) : schema;
        if (seen.has("items")) collect(root, seen.get("items"), path, members);
        for (var rule : seen.path("allOf")) collect(root, rule.path("then"), path, members);
        for (var property : seen.path("properties").properties()) {
            if (!property.getValue().isObject()) continue;
            members.add(path + "." + property.getKey());
            collect(root, property.getValue(), path + "." + property.getKey(), members);
        }
    }
}
