package org.diwan.foundry.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {
    @TempDir
    Path base;

    private Path folder;
    private int runs;

    @BeforeEach
    void place() {
        folder = base.resolve("stage");
    }

    @Test
    void theSameStageIsSkipped() throws IOException {
        assertTrue(run(stage("clean/1", "aa", 2)));
        assertFalse(run(stage("clean/1", "aa", 2)));
        assertEquals(1, runs);
    }

    @Test
    void anyChangeMakesItAnew() throws IOException {
        run(stage("clean/1", "aa", 2));
        assertTrue(run(stage("clean/2", "aa", 2)), "other code");
        assertTrue(run(stage("clean/2", "bb", 2)), "other input");
        assertTrue(run(stage("clean/2", "bb", 3)), "other parameter");
        Files.delete(folder.resolve("out.txt"));
        assertTrue(run(stage("clean/2", "bb", 3)), "output lost");
        assertEquals(5, runs);
    }

    @Test
    void aStageThatFailedIsNotDoneAndLeavesNothing() throws IOException {
        var stage = stage("clean/1", "aa", 2);
        assertThrows(
                IOException.class,
                () -> stage.run(folder, false, out -> {
                    Files.writeString(out.resolve("half.txt"), "half");
                    throw new IOException("disk full");
                }));
        assertFalse(stage.isDone(folder));
        run(stage);
        assertFalse(Files.exists(folder.resolve("half.txt")));
    }

    @Test
    void aStageThatResumesFindsItsDrafts() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("draft"), "half");
        stage("train/1", "aa", 2).run(folder, true, out -> {
            assertTrue(Files.exists(out.resolve("draft")));
            return Map.of();
        });
    }

    @Test
    void theManifestSaysWhatIsInTheFolder() throws IOException {
        run(stage("clean/1", "aa", 2));
        assertEquals(
                "{\"code\":\"clean/1\",\"counts\":{\"kept\":7},\"inputs\":{\"books\":\"aa\"},"
                        + "\"outputs\":{\"out.txt\":"
                        + "\"2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df\"},"
                        + "\"parameters\":{\"limit\":2}}",
                Files.readString(folder.resolve(Stage.MANIFEST)));
    }

    private static Stage stage(String code, String input, int limit) {
        return new Stage(code, Map.of("books", input), Map.of("limit", limit));
    }

    private boolean run(Stage stage) throws IOException {
        return stage.run(folder, false, out -> {
            runs++;
            Files.writeString(out.resolve("out.txt"), "ok");
            return Map.of("kept", 7);
        });
    }
}
