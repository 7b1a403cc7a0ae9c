package org.diwan.sovereignty.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// z3, which knows the rules only as formulas, comes to the same answers as the table.
class SmtWriterTest {
    private static final Policy POLICY = Packs.policy(Packs.shipped());
    private static final int SENTENCES = 120;

    @TempDir
    private Path temp;

    @BeforeAll
    static void solverIsHere() {
        boolean here;
        try {
            here = new ProcessBuilder("z3", "--version").start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            here = false;
        }
        Assumptions.assumeTrue(here, "skipped: z3 is not installed (Debian: apt-get install z3)");
    }

    @Test
    void solverAgreesOnRandomSentences() {
        Seeded.forAll(1, random -> {
            var statements = new ArrayList<Statement>();
            for (int i = 0; i < SENTENCES; i++)
                statements.add(
                        Statement.parse(RandomStatement.of(POLICY, random).text(), POLICY, Optional.empty()));
            for (var pack : POLICY.packs())
                for (var promise : pack.promises())
                    statements.add(Statement.parse(promise.proves(), POLICY, Optional.empty()));
            var questions = new StringBuilder(SmtWriter.policy(POLICY));
            for (var statement : statements)
                questions
                        .append("(push)\n(assert ")
                        .append(SmtWriter.violated(POLICY, statement))
                        .append(")\n(check-sat)\n(pop)\n");
            var answers = z3(questions.toString());
            assertEquals(statements.size(), answers.size(), answers::toString);
            int holding = 0;
            for (int i = 0; i < statements.size(); i++) {
                boolean holds = holds(statements.get(i));
                if (holds) holding++;
                assertEquals(
                        holds ? "unsat" : "sat",
                        answers.get(i),
                        statements.get(i).text());
            }
            assertTrue(holding > 20 && holding < statements.size() - 20, holding + " of " + statements.size());
        });
    }

    @Test
    void aWholeFileIsAQuestionToASolver() throws Exception {
        var proved = Statement.parse("secret never leaves sa", POLICY, Optional.empty());
        assertEquals("unsat", z3(SmtWriter.write(POLICY, proved)).getFirst());
        var refuted = Statement.parse("public never leaves sa", POLICY, Optional.empty());
        var answer = z3(SmtWriter.write(POLICY, refuted));
        assertEquals("sat", answer.getFirst());
        assertTrue(String.join(" ", answer).contains("place-sa"), answer::toString);
    }

    /// A sentence about no request is refused by the prover; to a solver nothing speaks against it.
    private static boolean holds(Statement statement) {
        try {
            return Prover.prove(POLICY, statement).holds();
        } catch (IllegalArgumentException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("speaks of no request"), e::toString);
            return true;
        }
    }

    private List<String> z3(String text) throws IOException, InterruptedException {
        Path file = Files.writeString(temp.resolve("question.smt2"), text);
        var process = new ProcessBuilder("z3", file.toString())
                .redirectErrorStream(true)
                .start();
        var lines = process.inputReader().readAllLines();
        process.waitFor();
        return lines;
    }
}
