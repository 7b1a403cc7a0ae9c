package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.sovereignty.Finding;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Addresses: single cases, made ones ([Addresses]), and texts that have next to none. The figures that
/// it prints are those of docs/POLICY.md.
class AddressTest {
    private static final Classifier CLASSIFIER = ClassifierTest.CLASSIFIER;
    private static final int SAMPLES = 2_000;

    /// Of each corpus of novels and reviews, in characters.
    private static final int MOST_READ = 2_000_000;

    @Test
    void addressesHaveStreetNumberAndPlace() {
        for (String text : List.of(
                "Hauptstraße 12, 80331 München",
                "Anschrift: Lindenweg 3a",
                "서울특별시 강남구 테헤란로 152",
                "العنوان: شارع الملك فهد 12",
                "123 Rizal Street, Makati 1200",
                "Address: 10 Downing Street"))
            assertTrue(
                    CLASSIFIER.find(text).stream()
                            .anyMatch(finding -> finding.type().equals("ADDRESS")),
                    text);
        for (String text : List.of("Arbeitsplatz 12", "앞으로 3년", "42nd Street", "شارع الملك فهد", "Ausweg 3"))
            assertTrue(
                    CLASSIFIER.find(text).stream()
                            .noneMatch(finding -> finding.type().equals("ADDRESS")),
                    text);
    }

    @Test
    void twoDistrictsOrATownStandForTheNumberAndAStreetAloneForNothing() {
        for (String text : List.of(
                "Am Markt 5, 04109 Leipzig",
                "Lange Straße 3\n01067 Dresden",
                "79 Sunset Blvd, Leeds",
                "221B Baker Street, London NW1 6XE",
                "서울 마포구 월드컵북로 396에",
                "شارع التحلية، حي الورود، جدة",
                "Blk 5 Lot 12, Sampaguita St., Bacoor, Cavite 4102")) assertTrue(found(text), text);
        for (String text : List.of(
                "Im Jahr 2003, 12345 Menschen",
                "Am Montag 5 Leute",
                "앞으로 112 신고 출동",
                "따르면, 법의학 검사로 550",
                "just short of his 63rd birthday in 1945",
                "20 people on the street, London",
                "حي الورود قريب")) assertTrue(!found(text), text);
    }

    private static boolean found(String text) {
        return !addresses(text).isEmpty();
    }

    @Test
    void madeAddressesAreMeasured() {
        for (var language : Addresses.LANGUAGES) {
            var random = new SplittableRandom(5);
            int found = 0;
            int covered = 0;
            int wrong = 0;
            for (int i = 0; i < SAMPLES; i++) {
                var sample = Addresses.random(language, random);
                int overlap = 0;
                for (var finding : addresses(sample.text())) {
                    int inside = Math.min(finding.end(), sample.end()) - Math.max(finding.start(), sample.start());
                    if (inside <= 0) wrong++;
                    else overlap += inside;
                }
                if (overlap > 0) found++;
                if (5 * overlap >= 4 * (sample.end() - sample.start())) covered++;
            }
            System.out.printf(
                    "%s, made: %d addresses; recall %.3f, four fifths of it covered %.3f, %d wrong%n",
                    language, SAMPLES, (double) found / SAMPLES, (double) covered / SAMPLES, wrong);
            assertTrue(found >= 0.85 * SAMPLES, language);
            assertTrue(wrong * 100 <= found, language);
        }
    }

    @Test
    void novelsReviewsAndNewsHoldHardlyAny() throws Exception {
        String data = System.getenv("DIWAN_DATA");
        Assumptions.assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no texts to read");
        for (var name : List.of(
                "corpora/ar_hindawi_pd.jsonl.zst",
                "corpora/de_eltec.jsonl.zst",
                "corpora/en_eltec.jsonl.zst",
                "corpora/ko_nsmc_sample.tsv.zst",
                "eval/ntrex/fil.txt",
                "eval/ntrex/deu.txt",
                "eval/ntrex/kor.txt",
                "eval/ntrex/eng.txt",
                "eval/ntrex/arb.txt")) {
            int found = 0;
            long size = 0;
            for (String text : lines(Path.of(data, name))) {
                size += text.length();
                for (var finding : addresses(text)) {
                    found++;
                    if (Boolean.getBoolean("show")) System.out.println(text.substring(finding.start(), finding.end()));
                }
            }
            System.out.printf("%s: %d characters, %d addresses%n", name, size, found);
            assertTrue(found * 100_000L <= size + 100_000, name + ": more than one in 100,000 characters");
        }
    }

    /// The lines of a text, plain or compressed, up to [#MOST_READ] characters, each up to the classifier's limit.
    private static List<String> lines(Path file) throws Exception {
        var lines = new ArrayList<String>();
        if (!file.toString().endsWith(".zst")) return Files.readAllLines(file);
        var process = new ProcessBuilder("zstd", "-dcq", file.toString()).start();
        int length = 0;
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null && length < MOST_READ; line = reader.readLine()) {
                String text = line.replace("\\n", "\n"); // JSON writes a line end so
                lines.add(text.substring(0, Math.min(text.length(), Classifier.MAX_LENGTH)));
                length += lines.getLast().length();
            }
        } finally {
            process.destroy();
        }
        return lines;
    }

    private static List<Finding> addresses(String text) {
        return CLASSIFIER.find(text).stream()
                .filter(finding -> finding.type().equals("ADDRESS"))
                .toList();
    }
}
