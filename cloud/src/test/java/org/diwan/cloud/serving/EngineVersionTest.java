package org.diwan.cloud.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineVersionTest {
    @TempDir
    Path folder;

    @Test
    void aJarIsTheSameProgramAsItsClassesAndAChangedByteIsNot() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.createDirectories(classes.resolve("a/b"));
        Files.write(classes.resolve("a/b/One.class"), new byte[] {1, 2, 3});
        Files.write(classes.resolve("a/Two.class"), new byte[] {4});
        Path jar = folder.resolve("program.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("META-INF/MANIFEST.MF", "a/Two.class", "a/b/One.class")) {
                out.putNextEntry(new JarEntry(name));
                if (name.startsWith("a/")) out.write(Files.readAllBytes(classes.resolve(name)));
                out.closeEntry();
            }
        }
        String digest = EngineVersion.digest(List.of(classes));
        assertEquals(digest, EngineVersion.digest(List.of(jar)));
        Files.write(classes.resolve("a/Two.class"), new byte[] {5});
        assertNotEquals(digest, EngineVersion.digest(List.of(classes)));
        Files.write(classes.resolve("a/Two.class"), new byte[] {4});
        Files.move(classes.resolve("a/Two.class"), classes.resolve("a/Three.class"));
        assertNotEquals(digest, EngineVersion.digest(List.of(classes)));
    }

    @Test
    void thisProgramHasADigest() {
        assertTrue(EngineVersion.text().matches("diwan [0-9.]+ sha256:[0-9a-f]{64}"), EngineVersion.text());
    }
}
