package org.diwan.foundry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.diwan.base.Digest;
import org.diwan.foundry.corpus.DocumentReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stage `3-admit` with a launcher that is a shell script: it drops ids that begin with d, redacts
/// those with r, and keeps a list of what it was called with.
class AdmissionStageTest {
    private static final String LAUNCHER = """
            #!/bin/sh
            here=$(dirname "$0")
            echo "$@" >> "$here/calls"
            if [ "$2" = record ]; then
                [ -e "$here/full" ] && exit 3
                digest=$(sha256sum "$3" | cut -c1-64)
                echo "{\\"entry\\":17,\\"manifest\\":\\"$digest\\",\\"data\\":\\"$5\\"}"; exit 0
            fi
            quoted() { printf '%s\\n' "$1" | tr "'" '"'; }
            quoted "{'protocol':'diwan-admit/1','law':'$(cat "$here/law")','classifier':'c/1'}"
            while IFS= read -r line; do
                id=$(printf '%s' "$line" | sed 's/^{"id":"\\([^"]*\\)".*/\\1/')
                case $id in
                    k*) kill -9 $$ ;;
                    d*) quoted "{'id':'$id','verdict':'drop','reasons':['rule-1','rule-2']}" ;;
                    r*) quoted "{'id':'$id','verdict':'redact','text':'[A] $id','reasons':['home'],\\
            'found':{'A':3},'redacted':{'A':2},'obligations':['redact']}" ;;
                    *) quoted "{'id':'$id','verdict':'admit','reasons':['home']}" ;;
                esac
            done
            """;

    private static final String RECIPE = """
            name: small
            language: ar
            licence: none
            seed: 7
            sources:
              - {name: books, files: [books.jsonl], licence: free, unwrap: false}
            heldOutPercent: 20
            vocabulary: 400
            depth: 2
            context: 32
            dialoguePercent: 50
            tokens: 24576
            admit: {pack: sa, class: public, sector: bank, traits: [bulk], licences: [free, CC0-1.0]}
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path base;

    @BeforeEach
    void place() throws IOException {
        Path launcher = Files.writeString(base.resolve("diwan"), LAUNCHER);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(base.resolve("law"), "aa");
        books("a1", "d1", "r1", "a2", "d2");
    }

    @Test
    void whatIsAdmittedIsWrittenAndWhatIsDroppedKeepsItsReason() throws IOException {
        build(false);
        var texts = new TreeMap<String, String>();
        DocumentReader.readStage(
                stage().resolve("documents.jsonl.zst"), document -> texts.put(document.id(), document.text()));
        assertEquals(new TreeSet<>(Set.of("a1", "a2", "r1")), texts.navigableKeySet());
        assertEquals("[A] r1", texts.get("r1"));
        var dropped = Files.readAllLines(stage().resolve("dropped.jsonl"));
        assertEquals(2, dropped.size());
        assertTrue(dropped.getFirst().startsWith("{\"source\":\"books\",\"id\":\"d1\""), dropped::toString);
        assertTrue(dropped.getFirst().contains("\"reason\":\"rule-1 rule-2\""), dropped::toString);
        assertEquals(
                "{\"admitted\":2,\"books.admitted\":2,\"books.dropped\":2,\"books.dropped.rule-1\":2,"
                        + "\"books.dropped.rule-2\":2,\"books.redacted\":1,\"dropped\":2,\"found.A\":3,"
                        + "\"obligation.redact\":1,\"redacted\":1,\"redacted.A\":2}",
                manifest().path("counts").toString());
        assertEquals(
                "{\"admission\":{\"classifier\":\"c/1\",\"law\":\"aa\",\"protocol\":\"diwan-admit/1\"},"
                        + "\"licences\":{\"books\":\"free\"},\"terms\":[\"admit\",\"filter\",\"--pack\",\"sa\","
                        + "\"--in\",\"sa\",\"--class\",\"public\",\"--purpose\",\"training\",\"--sector\","
                        + "\"bank\",\"--trait\","
                        + "\"bulk\",\"--licence\",\"free\",\"--licence\",\"CC0-1.0\"]}",
                manifest().path("parameters").toString());
    }

    @Test
    void theSameLawIsAskedOnceAndAnotherLawAgain() throws IOException {
        assertTrue(build(false).contains("3-admit: done"));
        assertTrue(build(false).contains("3-admit: unchanged, skipped"));
        Files.writeString(base.resolve("law"), "bb");
        assertTrue(build(false).contains("3-admit: done"));
        assertEquals("bb", manifest().at("/parameters/admission/law").asText());
        books("a1", "d1");
        assertTrue(build(false).contains("3-admit: done"), "other documents");
    }

    @Test
    void aFilterThatIsKilledLeavesNoStage() throws IOException {
        books("a1", "k1", "a2");
        var e = assertThrows(IOException.class, () -> build(false));
        assertTrue(String.valueOf(e.getMessage()).contains("status 137"), e::getMessage);
        assertFalse(Files.exists(stage().resolve("manifest.json")));
        books("a1", "a2");
        assertTrue(build(false).contains("3-admit: done"));
        assertEquals(2, manifest().at("/counts/admitted").asInt());
    }

    /// A build that could not be recorded is recorded by the next, and none twice.
    @Test
    void theManifestIsRecordedOnce() throws IOException {
        Files.createFile(base.resolve("full"));
        var e = assertThrows(IOException.class, () -> build(true));
        assertTrue(String.valueOf(e.getMessage()).contains("not in the ledger"), e::getMessage);
        Files.delete(base.resolve("full"));
        assertTrue(build(true).contains("entry 17 of the ledger in " + base.resolve("data")));
        build(true);
        assertEquals(2, Files.readString(base.resolve("calls")).split("admit record", -1).length - 1);
        assertEquals(
                Digest.hex(Digest.sha256(stage().resolve("manifest.json"))),
                JSON.readTree(base.resolve("build/3-admit.entry.json").toFile())
                        .path("manifest")
                        .asText());
    }

    private void books(String... ids) throws IOException {
        var lines = new StringBuilder();
        for (String id : ids)
            lines.append("{\"id\":\"" + id + "\",\"text\":\"" + (id + " قال الملك للوزير ").repeat(20) + "\"}\n");
        Files.writeString(base.resolve("books.jsonl"), lines);
    }

    private String build(boolean recorded) throws IOException {
        Path file = Files.writeString(base.resolve("small.yaml"), RECIPE);
        var out = new ByteArrayOutputStream();
        new Build(
                        Recipe.read(file),
                        base,
                        base.resolve("build"),
                        base.resolve("diwan"),
                        recorded ? base.resolve("data") : null,
                        new PrintStream(out, true, StandardCharsets.UTF_8))
                .admit();
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path stage() {
        return base.resolve("build/3-admit");
    }

    private JsonNode manifest() throws IOException {
        return JSON.readTree(stage().resolve("manifest.json").toFile());
    }
}
