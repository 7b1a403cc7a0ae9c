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

/// Oracle: a problem solved by hand. Both processes run on machine 0, 2 above its safety capacity at 100
/// each; one of them moved costs 1 + 10 + 100 and no load.
class DatacenterSolveTest {
    private static final String MODEL = """
            1
            0 100
            2
            0 0 10 2 0 1
            0 1 10 2 1 0
            2
            0 0
            0 0
            2
            0 2 1
            1 2 1
            0
            1 10 100
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeFiles() throws Exception {
        Files.writeString(folder.resolve("model"), MODEL);
        Files.writeString(folder.resolve("today"), "0 0");
    }

    private int solve(String... more) {
        String[] words = new String[6 + more.length];
        words[0] = "datacenter";
        words[1] = "solve";
        words[2] = folder.resolve("model").toString();
        words[3] = folder.resolve("today").toString();
        words[4] = "--seconds";
        words[5] = "1";
        System.arraycopy(more, 0, words, 6, more.length);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    @Test
    void theCheaperAssignmentIsWrittenAndItsCostPrinted() throws Exception {
        assertEquals(0, solve("--out", folder.resolve("found").toString(), "--json"), err.toString());
        assertTrue(out.toString().contains("\"feasible\":true,\"found\":111"), out.toString());
        assertTrue(out.toString().contains("\"today\":200"), out.toString());
        String found = Files.readString(folder.resolve("found"));
        assertTrue(found.equals("0 1\n") || found.equals("1 0\n"), found);
    }

    @Test
    void anAssignmentThatIsNotFeasibleIsRefusedByItsConstraint() throws Exception {
        Files.writeString(folder.resolve("model"), MODEL.replace("0 0 10 2", "0 0 3 2"));
        assertEquals(Main.CHECK_FAILED, solve());
        assertTrue(err.toString().contains("capacity: machine 0 holds 4 of resource 0, has 3"), err.toString());
    }
}
