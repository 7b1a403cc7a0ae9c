package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WitnessPolicyTest {
    private static final Checkpoint CHECKPOINT = Logs.QUICK_SIGNER.sign(3, new byte[32]);

    /// Keys of witnesses w0 to w5: ML-DSA-44, the faster one.
    private static final List<SigningKey> KEYS = Witnesses.keys(6);

    private static WitnessPolicy parse(String text) {
        return WitnessPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String vkey(int index) {
        return KEYS.get(index).verifier().toString();
    }

    private static boolean holds(WitnessPolicy policy, Checkpoint checkpoint) {
        try {
            policy.verify(checkpoint);
            return true;
        } catch (VerificationException e) {
            return false;
        }
    }

    /// The example of tlog-policy, with everything that its syntax allows.
    private static String example() {
        return "# a comment\n\n \tlog " + Logs.QUICK_KEYS.getFirst() + " https://log.example/\n"
                + "witness X1 " + vkey(0) + "\nwitness\tX2  " + vkey(1) + " http://x2.example/w \nwitness X3 " + vkey(2)
                + "\ngroup X-witnesses 2 X1 X2 X3\nwitness Y1 " + vkey(3) + "\nwitness Y2 " + vkey(4)
                + "\nwitness K\u212a " + vkey(5) + "\ngroup Y-witnesses any Y1 Y2 K\u212a\n"
                + "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
    }

    @Test
    void theQuorumOfTheSpecificationsExampleIsMetByExactlyTheSetsThatItSays() {
        var policy = parse(example());
        for (int set = 0; set < 1 << 6; set++) {
            var lines = new ArrayList<Checkpoint.SignatureLine>();
            for (int i = 0; i < 6; i++)
                if ((set >> i & 1) == 1) lines.add(KEYS.get(i).sign(CHECKPOINT.body(), 1));
            boolean met = Integer.bitCount(set & 0b111) >= 2 && (set & 0b111000) != 0;
            assertEquals(met, holds(policy, CHECKPOINT.with(lines)), Integer.toBinaryString(set));
        }
    }

    @Test
    void oneWitnessSigningTwiceIsOneWitness() {
        var policy = parse("witness a " + vkey(0) + "\nwitness b " + vkey(1) + "\ngroup g 2 a b\nquorum g\n");
        var twice = List.of(KEYS.get(0).sign(CHECKPOINT.body(), 1), KEYS.get(0).sign(CHECKPOINT.body(), 2));
        assertEquals(false, holds(policy, CHECKPOINT.with(twice)));
    }

    @Test
    void aWrongLineByAKnownWitnessSpoilsTheNoteAndOneByAStrangerDoesNot() {
        var policy = parse("witness a " + vkey(0) + "\nquorum none\n");
        var other = Logs.QUICK_SIGNER.sign(4, new byte[32]);
        var wrong = KEYS.get(0).sign(other.body(), 1);
        assertEquals(false, holds(policy, CHECKPOINT.with(List.of(wrong))));
        var strangers = KEYS.get(1).sign(other.body(), 1);
        assertEquals(true, holds(policy, CHECKPOINT.with(List.of(strangers))));
    }

    @Test
    void anotherLogIsRefusedAndAPolicyWithoutLogsLeavesThatToItsReader() {
        assertEquals(true, holds(parse("quorum none\n"), CHECKPOINT));
        assertEquals(true, holds(parse("log " + Logs.QUICK_KEYS.getFirst() + "\nquorum none\n"), CHECKPOINT));
        var foreign = Logs.signer().keys().getLast();
        assertEquals(false, holds(parse("log " + foreign + "\nquorum none\n"), CHECKPOINT));
    }

    @Test
    void malformedPoliciesNameTheirLine() {
        String a = "witness a " + vkey(0) + "\n";
        String b = "witness b " + vkey(1) + "\n";
        String[][] bad = {
            {"", "no newline"},
            {"quorum none", "no newline"},
            {a, "no quorum line"},
            {"quorum none\nquorum none\n", "line 2: a second quorum line"},
            {"quorum a\n" + a, "line 1: a is not defined"},
            {a + "group g any none\nquorum g\n", "line 2: none is not defined"},
            {"witness none " + vkey(0) + "\nquorum none\n", "the name none is taken"},
            {a + a + "quorum a\n", "line 2: this witness' key again"},
            {a + "witness a " + vkey(1) + "\nquorum a\n", "line 2: a is defined already"},
            {a + "group a any a\nquorum a\n", "line 2: a is defined already"},
            {a + "group g any a a\nquorum g\n", "a is a member of a group already"},
            {a + "group g any a\ngroup h any a\nquorum g\n", "line 3: a is a member of a group already"},
            {a + "group g any g\nquorum g\n", "g is not defined"},
            {a + "group g 0 a\nquorum g\n", "threshold of 0"},
            {a + b + "group g 3 a b\nquorum g\n", "threshold of 3 is not within 1 to 2"},
            {a + "group g 01 a\nquorum g\n", "not a plain decimal"},
            {a + "group g some a\nquorum g\n", "not a plain decimal"},
            {a + "group g any\nquorum g\n", "line 2: expected group"},
            {"log " + vkey(0).replace("w0", "w1") + "\nquorum none\n", "line 1"},
            {"log\nquorum none\n", "line 1: expected log"},
            {"log " + vkey(0) + "\nlog " + vkey(0) + "\nquorum none\n", "line 2: this log's key again"},
            {"witness a " + Logs.KEYS.getFirst() + "\nquorum a\n", "a log's key is not a witness'"},
            {"witness a " + vkey(0) + " ftp://a.example/\nquorum a\n", "not an http or https address"},
            {a + "quorum a b\n", "line 2: expected quorum"},
            {"quorum none\r\n", "control characters"},
            {"quorum\u000bnone\n", "control characters"},
            {"wintess a b\nquorum none\n", "\"wintess\" is not one of"},
        };
        for (String[] one : bad) {
            var refused = assertThrows(IllegalArgumentException.class, () -> parse(one[0]), one[0]);
            Logs.assertSays(one[1], refused);
        }
    }
}
