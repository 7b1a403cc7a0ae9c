package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.sovereignty.Jurisdiction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pack with one thing wrong is refused with the file and the field; a pack whose rules do not
/// keep its word is caught by the check.
class PackTest {
    private static final LocalDate DAY = LocalDate.of(2026, 7, 21);

    @TempDir
    private Path temp;

    @Test
    void norwayIsNoBoolean() throws IOException {
        assertTrue(Pack.load(Packs.FOLDER.resolve("eu")).members().contains(new Jurisdiction("no")));
    }

    @Test
    void malformedPackIsRefusedByFileAndField() throws IOException {
        refused("pack.yaml", "jurisdiction: sa", "jurisdiction: SA", "pack.yaml: jurisdiction: jurisdiction 'SA'");
        refused("pack.yaml", "jurisdiction: sa", "jurisdiction: eu", "pack.yaml: jurisdiction: must be the name of");
        refused(
                "pack.yaml",
                "jurisdiction: sa",
                "jurisdiction: sa\nmembers: [sa, zz]",
                "pack.yaml: members[1]: country 'zz'");
        refused("pack.yaml", "reviewed: 2026-11-28", "reviewed: yesterday", "pack.yaml: reviewed: ");
        refused(
                "pack.yaml",
                "hours: 72",
                "hours: soon",
                "pack.yaml: breach.hours: must be a whole number from 1 to 8760");
        refused("pack.yaml", "confidence: V", "confidence: X", "pack.yaml: breach.confidence: ");
        refused("pack.yaml", "title:", "titel:", "pack.yaml: titel: is not a field here");
        refused("pack.yaml", "top-secret: secret", "top-secret: secrt", "pack.yaml: classes.top-secret: data class");
        refused("pack.yaml", "languages: [ar]", "", "pack.yaml: languages: is missing");
        refused("pack.yaml", "languages: [ar]", "languages: [arabic]", "pack.yaml: languages[0]: language 'arabic'");
        refused(
                "pack.yaml",
                "languages: [ar]",
                "languages: [ar]\nincludes: [eu]",
                "pack.yaml: includes: the pack eu is not here");
        refused(
                "pack.yaml",
                "    says: Nothing secret",
                "    said: Nothing secret",
                "promises[0].said: is not a field");
        refused("pack.yaml", "purposes: [chat", "purposes: [\"a b\"", "pack.yaml: purposes[0]: ");
        refused("pack.yaml", "title: ", "title: [", "pack.yaml: line ");
        refused("tests.yaml", "verdict: allow", "verdict: maybe", "tests.yaml: rules[0].applies[0].verdict: must be");
        refused("tests.yaml", "traits: [personal]", "traits: [private]", "trait 'private' must be one of");
        refused(
                "identifiers.yaml",
                "checksum: luhn",
                "checksum: lun",
                "identifiers.yaml: numbers[0].checksum: checksum 'lun'");
        refused("identifiers.yaml", "1#{9}", "1#{9", "identifiers.yaml: numbers[0].shapes[0]: shape '1#{9'");
        refused("identifiers.yaml", "1#{9}", "#{99}", "must have 1 to 40 symbols");
        refused("identifiers.yaml", "type: SAUDI_ID", "type: saudi", "identifiers.yaml: numbers[0].type: must be");
        refused(
                "identifiers.yaml",
                "regions: [SA]",
                "regions: [sa]",
                "identifiers.yaml: phones[0].regions[0]: region 'sa'");
        refused(
                "identifiers.yaml",
                "traits: [personal, national_id]",
                "traits: [secret]",
                "identifiers.yaml: numbers[0].traits[0]: trait");
    }

    @Test
    void missingPartIsRefused() throws IOException {
        var pack = copy();
        Files.delete(pack.resolve("tests.yaml"));
        assertTrue(assertThrows(PackException.class, () -> Pack.load(pack))
                .toString()
                .contains("tests.yaml: file: is missing"));
    }

    @Test
    void malformedRuleIsRefusedByFileAndRule() throws IOException {
        String file = "policy/3-government-data.cedar";
        refused(file, "@law(", "@low(", "3-government-data.cedar: sa-", "needs @law");
        refused(file, "@article(", "@articel(", "sa-secret-4: needs @article(");
        refused(file, "@explanation_ar", "@explanation_en", "sa-secret-4: needs @explanation_ar(");
        refused(file, "@id(\"sa-secret-4\")", "@id(\"secret-4\")", "secret-4: must begin with the name of its pack");
        refused(file, "context.class ==", "principal is Jurisdiction && context.class ==", "cannot say");
        refused(file, "@confidence(\"V\")", "@confidence(\"X\")", "sa-", "confidence 'X' must be V, S or K");
        refused(file, "@validFrom(\"2023-09-14\")", "@validFrom(\"soon\")", "sa-", "soon");
        refused(file, "@article", "@remark(\"\")\n@article", "sa-", "unknown annotations [remark]");
        refused(file, "@article", "@obligations(\"pray\")\n@article", "sa-", "obligation 'pray' must be");
        refused(file, "@article", "@obligations(\"label\")\n@article", "sa-", "a forbid cannot carry obligations");
        refused(file, "@id(\"sa-secret-4\")", "@id(\"sa-home\")", "sa-home: is the id of another rule");
        refused(file, "DataClass::\"secret\"", "DataClass::\"secrt\"", "sa-secret-4", "secrt");
        refused(file, "context.class ==", "context.clazz ==", "clazz");
        refused(file, "Jurisdiction::\"sa\"", "Jurisdiction::\"xx\"", "names the place xx");
        refused(file, "forbid (", "forbit (", "3-government-data.cedar: file: is not Cedar");
    }

    @Test
    void brokenPromiseIsFoundWithCounterexample() throws IOException {
        var pack = copy();
        Path file = pack.resolve("policy/3-government-data.cedar");
        // Somebody lets confidential data go to one neighbour: the forbid spares it, a permit opens it.
        replace(
                file,
                "\"confidential\" }\nunless { resource in",
                "\"confidential\" }\nunless { resource == Jurisdiction::\"bh\" || resource in");
        Files.writeString(file, Files.readString(file) + """
                        @id("sa-loophole") @law("none") @article("0") @source("test") @confidence("K")
                        @validFrom("2023-09-14") @explanation("A mistake.") @explanation_ar("خطأ.")
                        permit (principal, action, resource == Jurisdiction::"bh")
                        when { !context.personal && context.class == DataClass::"confidential" };
                        """);
        var packs = List.of(Pack.load(pack));
        var report = PolicyCheck.check(packs, packs, DAY);
        assertFalse(report.passes());
        var broken =
                report.promises().stream().filter(kept -> !kept.proof().holds()).toList();
        assertEquals(
                List.of("sa-confidential-stays"),
                broken.stream().map(kept -> kept.promise().id()).toList());
        var counterexample = broken.getFirst().proof().counterexample().orElseThrow();
        assertEquals(new Jurisdiction("bh"), counterexample.destination());
        assertTrue(
                report.failures().contains("rule sa-loophole has no example that it applies to in tests.yaml"),
                report::toString);
    }

    @Test
    void ruleThatCanNeverDecideIsNamed() throws IOException {
        var pack = copy();
        Path file = pack.resolve("policy/3-government-data.cedar");
        String notes = """
                @law("none") @article("0") @source("test") @confidence("K") @validFrom("2023-09-14")
                @explanation("A mistake.") @explanation_ar("خطأ.")
                """;
        Files.writeString(file, Files.readString(file) + """
                @id("sa-nowhere") %1$s
                forbid (principal, action, resource in List::"none");
                @id("sa-in-vain") %1$s
                permit (principal, action, resource == Jurisdiction::"bh")
                when { context.class == DataClass::"secret" };
                """.formatted(notes));
        var packs = List.of(Pack.load(pack));
        var failures = PolicyCheck.check(packs, packs, DAY).failures();
        assertTrue(failures.contains("rule sa-nowhere is unreachable: there is no request that meets its condition"));
        assertTrue(failures.contains("rule sa-in-vain never decides: whatever it permits, other rules forbid"));
    }

    @Test
    void exampleWithAnotherOutcomeIsReported() throws IOException {
        var pack = copy();
        replace(pack.resolve("tests.yaml"), "to: us, verdict: deny", "to: us, verdict: allow");
        var packs = List.of(Pack.load(pack));
        var failures = PolicyCheck.check(packs, packs, DAY).failures();
        assertFalse(failures.isEmpty());
        assertTrue(failures.getFirst().contains("tests.yaml: rules["), failures::toString);
    }

    /// Loading and compiling a copy of `sa` with `from` replaced in `file` fails, saying all of `says`.
    private void refused(String file, String from, String to, String... says) throws IOException {
        var pack = copy();
        replace(pack.resolve(file), from, to);
        String error = assertThrows(PackException.class, () -> Policy.of(List.of(Pack.load(pack))), to)
                .toString();
        for (var part : says) assertTrue(error.contains(part), error + " should contain " + part);
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), file + " holds no " + from);
        Files.writeString(file, text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
    }

    private Path copy() throws IOException {
        Path from = Packs.FOLDER.resolve("sa");
        Path to = Files.createTempDirectory(temp, "packs").resolve("sa");
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator)
                Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
        return to;
    }
}
