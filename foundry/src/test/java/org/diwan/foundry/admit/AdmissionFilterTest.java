package org.diwan.foundry.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.diwan.foundry.corpus.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The conversation with a child that keeps to it, and with children that do not: each is a shell script.
@Timeout(60)
class AdmissionFilterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GREETING =
            "echo '{\"protocol\":\"diwan-admit/1\",\"law\":\"aa\",\"classifier\":\"c/1\",\"more\":7}'\n";

    @Test
    void everyDocumentIsAnsweredInStep() throws IOException {
        try (var filter = start(GREETING + "read line\n"
                + answer("{\"id\":\"1\",\"verdict\":\"admit\",\"reasons\":[\"home\"]}") + "read line\n"
                + answer("{\"id\":\"2\",\"verdict\":\"redact\",\"text\":\"[A]\",\"reasons\":[\"home\"],"
                        + "\"found\":{\"A\":2,\"B\":1},\"redacted\":{\"A\":2},\"obligations\":[\"redact\"]}")
                + "read line\n" + answer("{\"id\":\"3\",\"verdict\":\"drop\",\"reasons\":[\"licence\"]}")
                + "read line || exit 0; exit 1\n")) {
            assertEquals(Map.of("protocol", "diwan-admit/1", "law", "aa", "classifier", "c/1"), filter.law());
            var first = filter.judge(document("1"), "free");
            assertTrue(first.admitted());
            assertNull(first.text());
            var second = filter.judge(document("2"), "free");
            assertEquals("[A]", second.text());
            assertEquals(Map.of("A", 2L), second.redacted());
            assertEquals(Map.of("A", 2L, "B", 1L), second.found());
            assertEquals(List.of("redact"), second.obligations());
            assertEquals(List.of("licence"), filter.judge(document("3"), "mine").reasons());
            filter.finish();
        }
    }

    /// The child writes what it was told into its answer's reason.
    @Test
    void aDocumentIsToldWithItsLicenceAndItsLaw() throws IOException {
        try (var filter = start(GREETING + "read -r line\n"
                + "printf '{\"id\":\"7\",\"verdict\":\"drop\",\"reasons\":[\"%s\"]}\\n'"
                + " \"$(printf %s \"$line\" | tr -d '\"\\\\')\"\nread line\n")) {
            var document = new Document("books", "7", "title", "a\nb", "CC0-1.0", "kr");
            assertEquals(
                    List.of("{id:7,text:anb,licence:CC0-1.0,source:books,jurisdiction:kr}"),
                    filter.judge(document, "CC0-1.0").reasons());
        }
    }

    @Test
    void aChildThatIsKilledIsNamed() {
        assertFails(
                GREETING + "read line\n" + answer("{\"id\":\"1\",\"verdict\":\"admit\",\"reasons\":[\"home\"]}")
                        + "read line\nkill -9 $$\n",
                "ended with status 137 before it answered about document 2 of books (1 documents judged before)");
        assertFails(GREETING, "before it answered about document 1 of books (0 documents judged before)");
        assertFails("exit 2\n", "ended with status 2 before it answered about what it decides by");
    }

    @Test
    void aChildThatSaysSomethingElseIsNamed() {
        assertFails(
                GREETING + "read line\n" + answer("{\"id\":\"2\",\"verdict\":\"admit\",\"reasons\":[\"home\"]}"),
                "was asked about document 1 of books and answered about '2'");
        assertFails("echo hello\n", "answered about what it decides by in no JSON");
        assertFails("echo '{\"protocol\":\"other/1\"}'\n", "speaks 'other/1', not diwan-admit/1");
        assertFails(
                GREETING + "read line\n" + answer("{\"id\":\"1\",\"verdict\":\"maybe\",\"reasons\":[\"home\"]}"),
                "verdict 'maybe' is not");
        assertFails(
                GREETING + "read line\n" + answer("{\"id\":\"1\",\"verdict\":\"redact\",\"reasons\":[\"home\"]}"),
                "redacted, but there is no text");
        assertFails(GREETING + "read line\n" + answer("{\"id\":\"1\",\"verdict\":\"drop\"}"), "there are no reasons");
        assertFails(
                GREETING + "read line\nhead -c 67108865 /dev/zero | tr '\\0' x\n",
                "line 2 is longer than 67108864 bytes");
    }

    @Test
    void aChildThatSaysNothingIsEnded() throws IOException {
        try (var filter =
                AdmissionFilter.start(List.of("sh", "-c", GREETING + "exec sleep 50"), Duration.ofMillis(300))) {
            var e = assertThrows(IOException.class, () -> filter.judge(document("1"), "free"));
            assertTrue(String.valueOf(e.getMessage()).contains("said nothing about document 1"), e::getMessage);
        }
        try (var filter =
                AdmissionFilter.start(List.of("sh", "-c", GREETING + "exec sleep 50"), Duration.ofMillis(300))) {
            var e = assertThrows(IOException.class, filter::finish);
            assertTrue(String.valueOf(e.getMessage()).contains("does not end"), e::getMessage);
        }
        try (var filter = start(GREETING + "read line; exit 3\n")) {
            var e = assertThrows(IOException.class, filter::finish);
            assertTrue(String.valueOf(e.getMessage()).contains("ended with status 3"), e::getMessage);
        }
    }

    private static void assertFails(String script, String part) {
        var e = assertThrows(IOException.class, () -> {
            try (var filter = start(script)) {
                filter.judge(document("1"), "free");
                filter.judge(document("2"), "free");
            }
        });
        assertTrue(String.valueOf(e.getMessage()).contains(part), () -> e.getMessage() + " lacks: " + part);
    }

    private static AdmissionFilter start(String script) throws IOException {
        return AdmissionFilter.start(List.of("sh", "-c", script), PATIENCE);
    }

    private static String answer(String line) {
        return "echo '" + line + "'\n";
    }

    private static Document document(String id) {
        return new Document("books", id, "", "text");
    }
}
