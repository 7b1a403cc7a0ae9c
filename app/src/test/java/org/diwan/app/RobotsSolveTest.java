package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: a game solved by hand. One agent on a corridor of three cells, facing east on the first; tasks are the
/// last cell and the first in turn: two steps, then two turns and two steps, so the fourth task ends with step 14.
class RobotsSolveTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeFiles() throws Exception {
        Files.writeString(folder.resolve("a.map"), "type octile\nheight 1\nwidth 3\nmap\n...\n");
        Files.writeString(folder.resolve("a.agents"), "1\n0\n");
        Files.writeString(folder.resolve("a.tasks"), "2\n2\n0\n");
        Files.writeString(folder.resolve("a.json"), """
                {"mapFile":"a.map","agentFile":"a.agents","taskFile":"a.tasks","teamSize":1,
                 "numTasksReveal":1,"taskAssignmentStrategy":"roundrobin"}""");
    }

    private int solve(String... more) {
        String[] words = new String[5 + more.length];
        words[0] = "robots";
        words[1] = "solve";
        words[2] = folder.resolve("a.json").toString();
        words[3] = "--seconds-per-step";
        words[4] = "0.01";
        System.arraycopy(more, 0, words, 5, more.length);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @Test
    void theGameIsPlayedWrittenAndCounted() throws Exception {
        Path file = folder.resolve("game.json");
        assertEquals(0, solve("--steps", "14", "--json", "--out", file.toString()), err.toString());
        assertTrue(out.toString().contains("\"finished\":4,"), out.toString());
        assertTrue(Files.readString(file).contains("\"actualPaths\":[\"F,F,"), Files.readString(file));
    }

    @Test
    void impossibleWishesAreRefusedByName() {
        assertEquals(Main.WRONG_USAGE, solve("--seconds-per-step", "0"));
        assertEquals(Main.WRONG_USAGE, solve("--steps", "0"));
        assertTrue(err.toString().contains("0 steps, must be 1 to"), err.toString());
    }
}
