package org.diwan.datacenter.reassign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: an example small enough to be worked out by hand, with one plan for each constraint that breaks
/// this one alone.
class EvaluatorTest {
    /// Two resources, the first transient. Machines 0 and 1 share a neighbourhood, 1 and 2 a location.
    /// Service 0 (processes 0, 1) must be in two locations; service 1 (processes 2, 3) where service 0 is.
    static final String MODEL = """
            2
            1 10
            0 1
            3
            0 0 20 30 10 20 0 1 2
            0 1 20 30 10 20 1 0 1
            1 1 20 30 10 20 2 1 0
            3
            2 0
            0 1 0
            0 0
            5
            0 6 3 5
            0 6 3 1
            1 6 3 1
            1 2 3 1
            2 9 3 7
            1
            0 1 2
            3
            1 10 100
            """;

    static final String HOME = "0 1 0 1 2";

    @TempDir
    Path folder;

    private Instance instance;

    @BeforeEach
    void read() throws IOException {
        Files.writeString(folder.resolve("model"), MODEL);
        Files.writeString(folder.resolve("home"), HOME);
        instance = Instance.read(folder.resolve("model"), folder.resolve("home"));
    }

    private List<String> violations(int... plan) {
        return Evaluator.check(instance, plan).violations();
    }

    /// Load: machine 0 uses 12, two above 10, at 10 each. Balance: 20 − 12 = 8 and 24 are left on machine 0,
    /// so 16 are wanted and there; 12 and 24, as wanted, on machine 1; 11 and 27 on machine 2.
    @Test
    void todayCostsLoadAlone() {
        var verdict = Evaluator.check(instance, instance.home());
        assertEquals(List.of(), verdict.violations());
        assertEquals(20, verdict.load());
        assertEquals(0, verdict.balance());
        assertEquals(20, verdict.cost());
    }

    /// Process 2 goes from machine 0 to 1: no load above safety on 0 (6), 4 above on 1 (14). Left on 0:
    /// 14 and 27, 28 wanted, one lacks at 3. One process of service 1 moved, over the distance 1.
    @Test
    void aMoveCostsProcessServiceAndMachine() {
        var verdict = Evaluator.check(instance, new int[] {0, 1, 1, 0, 2});
        assertEquals(List.of(), verdict.violations());
        // Swapped with process 3: machine 0 uses 8, machine 1 uses 12.
        assertEquals(20, verdict.load());
        // Left on 0: 12 and 24; on 1: 8 and 24.
        assertEquals(0, verdict.balance());
        assertEquals(2, verdict.processMove());
        assertEquals(20, verdict.serviceMove());
        assertEquals(200, verdict.machineMove());
        assertEquals(242, verdict.cost());
    }

    @Test
    void eachBrokenConstraintIsNamed() {
        assertEquals(
                List.of("conflict: processes 2 and 3 of service 1 both run on machine 1"), violations(0, 1, 1, 1, 2));
        assertEquals(
                List.of("spread: service 0 runs in 1 locations, must in 2"),
                violations(2, 1, 1, 1, 2).stream()
                        .filter(what -> what.startsWith("spread"))
                        .toList());
        assertEquals(
                List.of("dependency: service 1 runs in neighbourhood 1, where service 0 does not"),
                violations(0, 1, 0, 2, 2));
        // Process 4 leaves 9 behind on machine 2 while 0 and 2 bring 12: 21 of 20.
        assertTrue(
                violations(2, 0, 2, 0, 1).contains("transient capacity: machine 2 holds 21 of resource 0, has 20"),
                violations(2, 0, 2, 0, 1).toString());
    }

    @Test
    void aPlanOfAnotherProblemIsRefused() {
        var shorter = assertThrows(IllegalArgumentException.class, () -> violations(0, 1));
        assertEquals("a plan for 2 processes, must be for 5", shorter.getMessage());
        var nowhere = assertThrows(IllegalArgumentException.class, () -> violations(0, 1, 0, 1, 3));
        assertEquals("process 4 on machine 3, must be below 3", nowhere.getMessage());
    }
}
