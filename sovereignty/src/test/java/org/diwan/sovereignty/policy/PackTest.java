package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.diwan.sovereignty.Jurisdiction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pack with one thing wrong is refused with the file and the field; a pack whose rules do not
/// keep its word is caught by the check.
class PackTest {
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
        refused("pack.yaml", "reviewed: 2026-07-21", "reviewed: yesterday", "pack.yaml: reviewed: ");
        refused("pack.yaml", "title:", "titel:", "pack.yaml: titel: is not a field here");
        refused(
                "pack.yaml",
                "classes: [secret]",
                "classes: [secrt]",
                "pack.yaml: never[0].classes[0]: data class 'secrt'");
        refused("pack.yaml", "    leaves: sa", "", "pack.yaml: never[0].leaves: is missing");
        refused("pack.yaml", "purposes: [chat", "purposes: [\"a b\"", "pack.yaml: purposes[0]: ");
        refused("pack.yaml", "title: ", "title: [", "pack.yaml: line ");
        refused("tests.yaml", "verdict: allow", "verdict: maybe", "tests.yaml: rules[0].applies[0].verdict: must be");
        refused("tests.yaml", "personal: true", "personal: 1", "personal: must be true or false");
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
                "traits: [personal]",
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
                        @validFrom("2023-09-14") @explanation("A mistake.")
                        permit (principal, action, resource == Jurisdiction::"bh")
                        when { !context.personal && context.class == DataClass::"confidential" };
                        """);
        var packs = List.of(Pack.load(pack));
        var report = PolicyCheck.check(packs, Policy.of(packs));
        assertFalse(report.passes());
        var broken = report.statements().stream()
                .filter(statement -> !statement.holds())
                .toList();
        assertEquals(
                List.of("sa-never-confidential"),
                broken.stream().map(PolicyCheck.Statement::id).toList());
        assertEquals(
                new Jurisdiction("bh"),
                broken.getFirst().counterexample().orElseThrow().destination());
        assertTrue(report.failures().contains("rule sa-loophole has no example that it applies to"), report::toString);
    }

    @Test
    void exampleWithAnotherOutcomeIsReported() throws IOException {
        var pack = copy();
        replace(pack.resolve("tests.yaml"), "to: us, verdict: deny", "to: us, verdict: allow");
        var packs = List.of(Pack.load(pack));
        var failures = PolicyCheck.check(packs, Policy.of(packs)).failures();
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
