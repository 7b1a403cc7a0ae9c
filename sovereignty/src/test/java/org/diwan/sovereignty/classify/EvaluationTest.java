package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.diwan.sovereignty.Finding;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// How much is found and how much is found wrongly, in generated letters ([Letters]) and in laws.
class EvaluationTest {
    private static final int LETTERS = 4_000;

    /// False finds in 100 kB of law.
    private static final double MOST_IN_LAW = 0.5;

    private static final Set<String> TRUE_IN_LAW = Set.of("EMAIL", "NAME");
    private static final int MOST_READ = 6_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Count {
        int found;
        int missed;
        int wrong;

        double recall() {
            return (double) found / (found + missed);
        }

        double precision() {
            return (double) found / (found + wrong);
        }
    }

    @Test
    void checkedIdentifiersAreFoundInContextAndHardlyAnythingElse() {
        var random = new SplittableRandom(1);
        Map<String, Count> counts = new TreeMap<>();
        for (var language : Letters.LANGUAGES)
            for (int i = 0; i < LETTERS; i++) count(Letters.random(language, random), counts);
        counts.forEach((type, count) -> System.out.printf(
                "%-20s %6d found, %3d missed, %3d wrong: recall %.4f, precision %.4f%n",
                type, count.found, count.missed, count.wrong, count.recall(), count.precision()));
        var checked = new Count();
        for (String type : Letters.checkedTypes()) {
            var count = counts.getOrDefault(type, new Count());
            assertTrue(count.recall() >= 0.999, () -> type + ": recall " + count.recall());
            assertTrue(count.precision() >= 0.99, () -> type + ": precision " + count.precision());
            checked.found += count.found;
        }
        assertTrue(checked.found > LETTERS, "the letters hold too few");
    }

    /// A find is right where an identifier of its type stands, to the character.
    private static void count(Letters.Letter letter, Map<String, Count> counts) {
        var findings = ClassifierTest.CLASSIFIER.find(letter.text());
        for (var place : letter.places()) {
            if (!place.right()) continue;
            boolean found = findings.stream().anyMatch(finding -> is(finding, place));
            var count = counts.computeIfAbsent(place.type(), type -> new Count());
            if (found) count.found++;
            else count.missed++;
        }
        for (var finding : findings)
            if (finding.personal()
                    && letter.places().stream().noneMatch(place -> place.right() && is(finding, place))) {
                counts.computeIfAbsent(finding.type(), type -> new Count()).wrong++;
                if (Boolean.getBoolean("show")) show(letter.text(), finding);
            }
    }

    private static boolean is(Finding finding, Letters.Place place) {
        return finding.type().equals(place.type()) && finding.start() == place.start() && finding.end() == place.end();
    }

    /// Mail addresses in them are right (an authority's), and so are names (who signed).
    @Test
    void lawsHoldHardlyAnyFalseFind() throws Exception {
        String data = System.getenv("DIWAN_DATA");
        Assumptions.assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no laws to read");
        for (var name : List.of("ar_saudi_laws", "ko_statutes_sample", "de_gesetze_sample")) {
            Path file = Path.of(data, "corpora", name + ".jsonl.zst");
            Map<String, Integer> found = new TreeMap<>();
            long size = 0;
            for (String text : texts(file)) {
                size += text.getBytes(StandardCharsets.UTF_8).length;
                for (var finding : ClassifierTest.CLASSIFIER.find(text))
                    if (finding.personal() && !TRUE_IN_LAW.contains(finding.type())) {
                        found.merge(finding.type(), 1, Integer::sum);
                        if (Boolean.getBoolean("show")) show(text, finding);
                    }
            }
            double per100kB =
                    found.values().stream().mapToInt(Integer::intValue).sum() * 1e5 / size;
            System.out.printf("%s: %d bytes, finds %s, %.3f in 100 kB%n", name, size, found, per100kB);
            assertTrue(per100kB <= MOST_IN_LAW, () -> name + ": " + found);
        }
    }

    private static void show(String text, Finding finding) {
        int start = Math.max(0, finding.start() - 40);
        int end = Math.min(text.length(), finding.end() + 10);
        System.out.println(finding.type() + ": " + text.substring(start, end).replace('\n', ' '));
    }

    /// The texts of a file of JSON lines, up to [#MOST_READ] characters.
    private static List<String> texts(Path file) throws Exception {
        var process = new ProcessBuilder("zstd", "-dcq", file.toString()).start();
        var texts = new ArrayList<String>();
        int length = 0;
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && length < MOST_READ; line = lines.readLine()) {
                String text = JSON.readTree(line).path("text").asText();
                if (text.length() > Classifier.MAX_LENGTH) text = text.substring(0, Classifier.MAX_LENGTH);
                texts.add(text);
                length += text.length();
            }
        } finally {
            process.destroy();
        }
        return texts;
    }
}
