package org.diwan.datacenter.reassign;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Oracles: the published costs of the assignments of today; each damage is refused by its line.
class InstanceTest {
    @TempDir
    Path folder;

    private Instance read(String model, String home) throws IOException {
        Files.writeString(folder.resolve("model"), model);
        Files.writeString(folder.resolve("home"), home);
        return Instance.read(folder.resolve("model"), folder.resolve("home"));
    }

    @ParameterizedTest
    @MethodSource("org.diwan.datacenter.reassign.Roadef#all")
    void todayCostsWhatIsPublished(Roadef published) throws IOException {
        var instance = published.read();
        var verdict = Evaluator.check(instance, instance.home());
        assertTrue(verdict.isFeasible(), verdict.toString());
        assertEquals(published.original(), verdict.cost());
        assertEquals(published.original(), new Assignment(instance, instance.home()).cost());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0 1$ | 0 -1 | model:3: '-' is no digit, in resource 1: transient, weight of load
                    0 1$ | 2 1 | model:3: transient 2, must be below 2
                    0 1$ | 0 1 1 | model:3: more than 2 numbers, in resource 1: transient, weight of load
                    0 1$ | 0 | model:3: 1 numbers, must be resource 1: transient, weight of load
                    0 1$ | 0 9999999999 | model:3: a number above 1000000000, in resource 1: transient, weight of load
                    3$ | 5001 | model:4: 5001 machines, must be from 1 to 5000
                    0 1 0$ | 0 2 0 | model:10: service 1 has 3 numbers, must have 2 and as many as the second says
                    0 1 0$ | 0 1 3 | model:10: service 3, must be below 3
                    2 9 3 7$ | 3 9 3 7 | model:17: service 3, must be below 3
                    0 1 2$ | 0 2 2 | model:19: resource 2, must be below 2
                    1 10 100\\s | 1 10 | model:21: 2 numbers, must be weights of moves: process, service, machine
                    1 10 100\\s | 1 10 100 % 7 | model:22: more than the format has
                    1 10 100\\s | % | model:21: 0 numbers, must be weights of moves: process, service, machine
                    """)
    void aDamagedModelIsRefusedByLine(String sound, String damaged, String why) {
        String model = EvaluatorTest.MODEL.replaceFirst("(?m)^" + sound, damaged.replace('%', '\n'));
        var refused = assertThrows(IllegalArgumentException.class, () -> read(model, EvaluatorTest.HOME));
        assertEquals(folder.resolve(why).toString(), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "0 1 0 1, 'home:1: 4 numbers, must be a machine for each process'",
        "0 1 0 1 3, 'home:1: machine 3, must be below 3'",
        "0 1 0 1 2 0, 'home:1: more than 5 numbers, in a machine for each process'"
    })
    void aDamagedAssignmentIsRefused(String home, String why) {
        var refused = assertThrows(IllegalArgumentException.class, () -> read(EvaluatorTest.MODEL, home));
        assertEquals(folder.resolve(why).toString(), refused.getMessage());
    }

    @Test
    void costsThatCannotBeCountedAreRefused() {
        String model = EvaluatorTest.MODEL.replace("0 1 2\n3\n", "0 1 1000000000\n1000000000\n");
        var refused = assertThrows(IllegalArgumentException.class, () -> read(model, EvaluatorTest.HOME));
        assertTrue(refused.toString().contains("use smaller weights"), refused.toString());
    }

    /// Reads or refuses with the file's name, whatever is in it; what was read can be judged.
    @Test
    void anyDamageIsReadOrRefused() {
        byte[] sound = EvaluatorTest.MODEL.getBytes(ISO_8859_1);
        Seeded.forAll(500, random -> {
            Files.write(folder.resolve("model"), Mutations.of(sound, random));
            Files.writeString(folder.resolve("home"), EvaluatorTest.HOME);
            try {
                var instance = Instance.read(folder.resolve("model"), folder.resolve("home"));
                Evaluator.check(instance, instance.home());
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.toString().contains(folder.toString()), refused.toString());
            }
        });
    }

    @Test
    void aPlanIsReadBackAsWritten() throws IOException {
        read(EvaluatorTest.MODEL, EvaluatorTest.HOME);
        int[] plan = {0, 1, 1, 0, 2};
        Instance.write(plan, folder.resolve("plan"));
        assertEquals("0 1 1 0 2\n", Files.readString(folder.resolve("plan")));
        assertArrayEquals(
                plan,
                Instance.read(folder.resolve("model"), folder.resolve("plan")).home());
    }
}
