package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a corpus with planted identifiers to the documents that a model may learn from: the foundry, the
/// filter that it starts and the ledger, each a process of its own. The oracle is the generator, which
/// knows what it planted where.
class AdmissionIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String RECIPE = """
            name: planted
            language: ar
            licence: none
            seed: 1
            sources:
              - {name: letters, files: [letters.jsonl], licence: free, unwrap: false}
            heldOutPercent: 2
            vocabulary: 400
            depth: 2
            context: 32
            dialoguePercent: 50
            tokens: 24576
            admit: {pack: sa, class: public, licences: [free, CC0-1.0]}
            """;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(20261128);
    private final Map<String, String> expected = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    @Test
    void onlyWhatMayBeLearntFromIsLeft() throws IOException, InterruptedException {
        boolean here = Files.isDirectory(Server.ROOT.resolve("foundry/target/lib")) && hasZstd();
        if (!here) System.out.println("SKIPPED: the admission of a corpus needs the foundry built, and zstd");
        Assumptions.assumeTrue(here, "no foundry/target/lib, or no zstd");
        Path recipe = Files.writeString(folder.resolve("planted.yaml"), RECIPE);
        letters(400);
        launcher();
        Path data = folder.resolve("data");
        String first = foundry("admit", recipe.toString(), "--data", data.toString());
        assertTrue(first.contains("3-admit: done") && first.contains("entry 0 of the ledger"), first);

        Path stage = folder.resolve("build/planted/3-admit");
        assertEquals(expected, documents(stage));
        JsonNode manifest = JSON.readTree(stage.resolve("manifest.json").toFile());
        for (var count : counts.entrySet())
            assertEquals(
                    count.getValue(),
                    manifest.path("counts").path(count.getKey()).asInt(),
                    count.getKey());
        assertEquals(
                counts.get("dropped"),
                Files.readAllLines(stage.resolve("dropped.jsonl")).size());
        assertEquals(
                "classify/1", manifest.at("/parameters/admission/classifier").asText());

        String second = foundry("admit", recipe.toString(), "--data", data.toString());
        assertTrue(second.contains("3-admit: unchanged, skipped") && !second.contains("entry"), second);
        var fsck = Command.diwan("ledger", "fsck", "--data", data.toString());
        assertEquals(0, fsck.status(), fsck.output());
    }

    /// Documents of five kinds; what must come of each is noted beside it.
    private void letters(int documents) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < documents; i++) {
            String id = "letter-" + i;
            var line = JSON.createObjectNode().put("id", id);
            var text = new StringBuilder("رسالة رقم " + words(5) + ".\n");
            var redacted = new StringBuilder(text);
            int kind = random.nextInt(5);
            int planted = kind == 0 ? 0 : 1 + random.nextInt(4);
            for (int n = 0; n < planted; n++) plant(text, redacted, kind < 3);
            String end = words(25) + ".";
            line.put("text", text + end);
            switch (kind) {
                case 3 -> drop(line.put("licence", "all rights reserved"), "licence");
                case 4 -> drop(line.put("jurisdiction", "us"), "no-rule");
                default -> {
                    if (random.nextBoolean()) line.put("licence", "CC0-1.0");
                    count(planted == 0 ? "admitted" : "redacted");
                    expected.put(id, redacted + end);
                }
            }
            lines.append(line).append('\n');
        }
        Files.writeString(folder.resolve("letters.jsonl"), lines);
    }

    private void plant(StringBuilder text, StringBuilder redacted, boolean taken) {
        var kinds = List.of("SAUDI_ID", "EMAIL", "PHONE");
        String type = kinds.get(random.nextInt(kinds.size()));
        String before = words(4);
        String sentence =
                switch (type) {
                    case "SAUDI_ID" -> "هويتي الوطنية %.\n";
                    case "EMAIL" -> "كتب إلى % اليوم.\n";
                    default -> "جوالي %.\n";
                };
        String value =
                switch (type) {
                    case "SAUDI_ID" -> saudiId();
                    case "EMAIL" -> "reader" + random.nextInt(1_000) + "@example.sa";
                    default -> "+96650" + (1_000_000 + random.nextInt(9_000_000));
                };
        text.append(before).append(". ").append(sentence.replace("%", value));
        redacted.append(before).append(". ").append(sentence.replace("%", "[" + type + "]"));
        if (taken) count("redacted." + type);
    }

    private void drop(JsonNode line, String reason) {
        assertTrue(line.has("id"));
        count("dropped");
        count("letters.dropped." + reason);
    }

    private void count(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    /// Ten digits of which the last is Luhn's.
    private String saudiId() {
        String digits = "1" + (10_000_000 + random.nextInt(90_000_000));
        int sum = 0;
        for (int i = 0; i < 9; i++) {
            int digit = (digits.charAt(i) - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }
        return digits + (10 - sum % 10) % 10;
    }

    private String words(int count) {
        var words = List.of("خرج", "الناس", "إلى", "المدينة", "ثم", "عادوا", "وفي", "الغد", "نظر", "إليه");
        return Stream.generate(() -> words.get(random.nextInt(words.size())))
                .limit(count)
                .collect(Collectors.joining(" "));
    }

    private static Map<String, String> documents(Path stage) throws IOException, InterruptedException {
        var unpack = new ProcessBuilder(
                        "zstd", "-dc", stage.resolve("documents.jsonl.zst").toString())
                .start();
        var documents = new TreeMap<String, String>();
        try (var lines = JSON.readerFor(JsonNode.class).<JsonNode>readValues(unpack.getInputStream())) {
            while (lines.hasNextValue()) {
                JsonNode line = lines.nextValue();
                documents.put(line.path("id").asText(), line.path("text").asText());
            }
        }
        assertEquals(0, unpack.waitFor());
        return documents;
    }

    private static boolean hasZstd() throws InterruptedException {
        try {
            return new ProcessBuilder("zstd", "--version").start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    /// A launcher that runs what was compiled for this test.
    private void launcher() throws IOException {
        var command = Server.java("org.diwan.app.Main").stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Path launcher = Files.writeString(folder.resolve("diwan"), "#!/bin/sh\nexec " + command + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private String foundry(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("-ea", "-Ddiwan.home=" + folder, "-cp"));
        command.add(Stream.concat(
                        Stream.of("foundry", "language", "engine", "base")
                                .map(module -> Server.ROOT.resolve(module).resolve("target/classes")),
                        Stream.of(Server.ROOT.resolve("foundry/target/lib/*")))
                .map(Path::toString)
                .collect(Collectors.joining(":")));
        command.add("org.diwan.foundry.Main");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
