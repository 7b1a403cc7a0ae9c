package org.diwan.foundry.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    @TempDir
    Path folder;

    @Test
    void twoPrintingsOfOneTextAreOneText() {
        var deduplicator = new Deduplicator();
        assertTrue(deduplicator.isNew("قالَ الملكُ: لا!"));
        assertFalse(deduplicator.isNew("قال  الملك\nلا"));
        assertTrue(deduplicator.isNew("قال الملك نعم"));
        assertEquals("straße 1", Deduplicator.normal("  STRAßE — 1. "));
    }

    @Test
    void aDocumentIsHeldOutOrNotWhateverTheOthers() {
        int heldOut = 0;
        for (int i = 0; i < 10_000; i++) if (HeldOut.test("books", "id-" + i, 2)) heldOut++;
        assertEquals(200, heldOut, 60, "2 % of 10,000, five deviations around");
        for (int i = 0; i < 1_000; i++)
            if (HeldOut.test("books", "id-" + i, 2)) assertTrue(HeldOut.test("books", "id-" + i, 3));
        assertFalse(HeldOut.test("books", "id", 0));
        assertTrue(HeldOut.test("books", "id", 100));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        var documents = List.of(
                new Document("a", "1", "عنوان", "سطر\nسطر \"مقتبس\"\u2028"),
                new Document("b", "2", "", "🙂 text", "CC0-1.0", "kr"));
        for (String name : List.of("d.jsonl", "d.jsonl.zst")) {
            Path file = folder.resolve(name);
            try (var writer = new DocumentWriter(file)) {
                for (var document : documents) writer.write(document);
            }
            var read = new ArrayList<Document>();
            DocumentReader.readStage(file, read::add);
            assertEquals(documents, read, name);
        }
    }

    @Test
    void plainTextIsOneDocument() throws IOException {
        Path file = Files.writeString(folder.resolve("book.txt"), "نص\nنص");
        var read = new ArrayList<Document>();
        DocumentReader.read("books", file, read::add);
        assertEquals(List.of(new Document("books", "book.txt", "", "نص\nنص")), read);
    }

    @Test
    void badFilesAreNamedWithThePlace() throws IOException {
        Path noText = Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"x\"}\n{\"id\":\"2\",\"text\":7}\n");
        assertMessage(noText, "a.jsonl: document 2 has no text");
        Path broken = Files.writeString(folder.resolve("b.jsonl"), "{\"text\":\"x\"}\n{\"text\":\"y");
        assertMessage(broken, "b.jsonl: document 2 is not JSON");
        Path unknown = Files.writeString(folder.resolve("c.pdf"), "x");
        assertMessage(unknown, "c.pdf: neither .jsonl nor .txt");
        Path notPacked = Files.writeString(folder.resolve("d.jsonl.zst"), "plain");
        assertThrows(IOException.class, () -> DocumentReader.read("s", notPacked, document -> {}));
    }

    private static void assertMessage(Path file, String part) {
        var e = assertThrows(IOException.class, () -> DocumentReader.read("s", file, document -> {}));
        assertTrue(String.valueOf(e.getMessage()).contains(part), () -> e.getMessage() + " lacks: " + part);
    }
}
