package org.diwan.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesWholeAndLeavesNoDraft() throws IOException {
        Path file = folder.resolve("a/b/file");
        AtomicFile.write(file, new byte[] {1, 2, 3});
        AtomicFile.write(file, new byte[] {4});
        assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
        try (var names = Files.list(file.getParent())) {
            assertEquals(1, names.count());
        }
    }

    @Test
    void failureKeepsTheOldFile() throws IOException {
        Path file = folder.resolve("target");
        Files.createDirectory(file);
        Files.writeString(file.resolve("child"), "kept");
        assertThrows(IOException.class, () -> AtomicFile.write(file, new byte[] {1}));
        assertEquals("kept", Files.readString(file.resolve("child")));
        try (var names = Files.list(folder)) {
            assertEquals(1, names.count());
        }
    }
}
