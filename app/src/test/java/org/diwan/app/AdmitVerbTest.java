package org.diwan.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.diwan.base.Digest;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.admit.Admission;
import org.diwan.sovereignty.admit.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lines that the foundry speaks, and the entry of an admission.
class AdmitVerbTest {
    private static final Jurisdiction SA = new Jurisdiction("sa");

    @TempDir
    Path folder;

    @Test
    void everyDocumentHasItsVerdict() throws IOException {
        var lines = filter("""
                {"id":"1","text":"قال الملك","licence":"free","author":"x"}
                {"id":"2","text":"هويتي الوطنية 1058529940","licence":"free"}
                {"id":"3","text":"قال الملك","licence":"mine"}
                {"id":"4","text":"قال الملك","licence":"free","jurisdiction":"us"}
                {"text":"قال الملك"}
                """).lines().toList();
        assertEquals(
                List.of(
                        "{\"protocol\":\"diwan-admit/1\",\"law\":\"1a\",\"classifier\":\"classify/1\"}",
                        "{\"id\":\"1\",\"verdict\":\"admit\",\"reasons\":[\"sa-abroad-open\",\"sa-home\"],"
                                + "\"found\":{},\"redacted\":{},\"obligations\":[\"label\"]}",
                        "{\"id\":\"2\",\"verdict\":\"redact\",\"text\":\"هويتي الوطنية [SAUDI_ID]\","
                                + "\"reasons\":[\"sa-home\",\"sa-home-stays\",\"sa-records-33\",\"sa-training-27\"],"
                                + "\"found\":{\"SAUDI_ID\":1},\"redacted\":{\"SAUDI_ID\":1},"
                                + "\"obligations\":[\"in_country\",\"label\",\"redact\",\"retain 1827 days\"]}",
                        "{\"id\":\"3\",\"verdict\":\"drop\",\"reasons\":[\"licence\"],"
                                + "\"found\":{},\"redacted\":{},\"obligations\":[]}",
                        "{\"id\":\"4\",\"verdict\":\"drop\",\"reasons\":[\"no-rule\"],"
                                + "\"found\":{},\"redacted\":{},\"obligations\":[]}",
                        "{\"id\":\"\",\"verdict\":\"drop\",\"reasons\":[\"licence\"],"
                                + "\"found\":{},\"redacted\":{},\"obligations\":[]}"),
                lines);
    }

    @Test
    void aLineThatIsNoDocumentIsNamed() {
        for (var wrong : List.of(
                List.of("{\"id\":\"1\",\"text\":\"a\"}\n{\"id\"", "document 2 is not JSON"),
                List.of("\n", "document 1: text must be a string"),
                List.of("{\"text\":7}", "text must be a string"),
                List.of("{\"text\":\"a\",\"licence\":null}", "licence must be a string"),
                List.of("{\"text\":\"a\",\"jurisdiction\":\"Mars!\"}", "jurisdiction 'Mars!'"))) {
            var e = assertThrows(IOException.class, () -> filter(wrong.get(0)));
            assertTrue(String.valueOf(e.getMessage()).contains(wrong.get(1)), e::getMessage);
        }
    }

    /// Another law, another digest, so that what was decided under the old one is decided again.
    @Test
    void theLawsDigestChangesWithWhatIsFoundAndWithWhatIsInForce() throws IOException {
        Path packs = Files.createDirectory(folder.resolve("packs"));
        try (var files = Files.walk(Home.packs())) {
            for (Path file : files.toList()) {
                Path copy = packs.resolve(Home.packs().relativize(file).toString());
                if (Files.isRegularFile(file)) {
                    Files.createDirectories(copy.getParent() == null ? packs : copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        var day = LocalDate.of(2026, 11, 28);
        String digest = Law.load(packs, day).digest();
        assertEquals(digest, Law.load(Home.packs(), day).digest());
        assertEquals(digest, Law.load(packs, day.plusDays(1)).digest(), "a day on which nothing changes");
        assertNotEquals(digest, Law.load(packs, LocalDate.of(2028, 1, 1)).digest(), "a new rule in force");
        Path found = packs.resolve("sa/identifiers.yaml");
        Files.writeString(found, Files.readString(found) + "# more\n");
        assertNotEquals(digest, Law.load(packs, day).digest(), "other identifiers");
    }

    @Test
    void anAdmissionIsRecordedByTheDigestOfItsManifest() throws IOException {
        Path manifest = Files.writeString(folder.resolve("manifest.json"), """
                {"code":"admit/1","counts":{"admitted":5,"dropped":1,"redacted":2},"inputs":{},"outputs":{},\
                "parameters":{"admission":{"classifier":"classify/1","law":"9f","protocol":"diwan-admit/1"}}}""");
        Path data = folder.resolve("data");
        var run = run("admit", "record", manifest.toString(), "--data", data.toString());
        assertTrue(run.contains("\"entry\":0"), run);
        String entries = Files.readString(data.resolve("ledger/tile/entries/000.p/1"), ISO_8859_1);
        String digest = Digest.hex(Digest.sha256(manifest));
        assertTrue(
                entries.contains(
                        "{\"admitted\":5,\"classifier\":\"classify/1\",\"dropped\":1,\"law\":\"9f\",\"manifest\":\""
                                + digest + "\",\"redacted\":2,"),
                entries);
        assertTrue(run("ledger", "fsck", "--data", data.toString()).contains("1 entries"), entries);
        Files.writeString(manifest, "{\"code\":\"admit/1\",\"parameters\":{\"admission\":\"none\"}}");
        assertTrue(run("admit", "record", manifest.toString(), "--data", data.toString())
                .contains("is no manifest of an admission"));
    }

    private String filter(String documents) throws IOException {
        var law = Law.load(Home.packs(), LocalDate.of(2026, 11, 28));
        var terms = new Terms(SA, SA, DataClass.PUBLIC, Sector.GENERAL, Set.of(), "training", Set.of("free"));
        var out = new StringWriter();
        AdmitLines.filter(
                new Admission(law.policy(), law.classifier(), terms),
                SA,
                "1a",
                new ByteArrayInputStream(documents.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true));
        return out.toString();
    }

    private static String run(String... words) {
        var out = new StringWriter();
        var both = new PrintWriter(out, true);
        Main.run(both, both, words);
        return out.toString();
    }
}
