package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    /// The example of C2SP tlog-checkpoint.
    private static final String EXAMPLE = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOo\
            RDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            """;

    @Test
    void theExampleOfTheSpecificationIsRead() throws VerificationException {
        var checkpoint = Checkpoint.parse(EXAMPLE);
        assertEquals("example.com/behind-the-sofa", checkpoint.origin());
        assertEquals(20_852_163, checkpoint.size());
        assertEquals(EXAMPLE, checkpoint.text());
    }

    @Test
    void linesOfOtherKeysAreIgnoredAndMissingOnesAreNot() throws Exception {
        var signed = Logs.SIGNER.sign(3, new byte[32]);
        String witness = EXAMPLE.lines().toList().getLast() + "\n";
        Checkpoint.parse(signed.text() + witness).verify(Logs.KEYS);

        var one = Logs.QUICK_SIGNER.sign(3, new byte[32]);
        one.verify(Logs.QUICK_KEYS);
        Logs.assertSays("no signature by", assertThrows(VerificationException.class, () -> one.verify(Logs.KEYS)));
        var none = assertThrows(VerificationException.class, () -> one.verify(List.of()));
        Logs.assertSays("no verifier key of that log", none);
    }

    @Test
    void aSignatureForAnotherSizeOrRootIsWrong() throws Exception {
        var signed = Logs.SIGNER.sign(3, new byte[32]);
        for (var key : Logs.KEYS) {
            for (String body : List.of("4\n" + "A".repeat(43) + "=\n", "3\n" + "A".repeat(42) + "E=\n")) {
                String text = Logs.ORIGIN + "\n" + body
                        + signed.text().substring(signed.text().indexOf("\n\n") + 1);
                var wrong = assertThrows(VerificationException.class, () -> Checkpoint.parse(text)
                        .verify(List.of(key)));
                Logs.assertSays("is wrong", wrong);
            }
        }
    }

    @Test
    void malformedTextsNameTheirLine() {
        String root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        String line = "— a AAAAAAA=\n";
        var bad = new String[][] {
            {"", "expected origin"},
            {"a\n1\n" + root + "\n\n" + line.strip(), "each ended by a newline"},
            {"a\n1\n" + root + "\n\n", "expected origin"},
            {"a b\n1\n" + root + "\n\n" + line, "line 1"},
            {"a\n01\n" + root + "\n\n" + line, "line 2"},
            {"a\n+1\n" + root + "\n\n" + line, "line 2"},
            {"a\n-1\n" + root + "\n\n" + line, "line 2"},
            {"a\n٣\n" + root + "\n\n" + line, "line 2"},
            {"a\n9223372036854775808\n" + root + "\n\n" + line, "line 2"},
            {"a\n18446744073709551615\n" + root + "\n\n" + line, "line 2"},
            {"a\n1\n" + root.substring(4) + "\n\n" + line, "line 3"},
            {"a\n1\n" + root.replace("I=", "J=") + "\n\n" + line, "line 3"},
            {"a\n1\n" + root.replace("=", "") + "\n\n" + line, "line 3"},
            {"a\n1\n" + root + "\nextension\n\n" + line, "line 4"},
            {"a\n1\n" + root + "\n\n" + line + "- a AAAAAAA=\n", "line 6"},
            {"a\n1\n" + root + "\n\n— a AAAA\n", "line 5"},
            {"a\n1\n" + root + "\n\n— a  AAAAAAA=\n", "line 5"},
            {"a\r\n1\n" + root + "\n\n" + line, "line 1"},
            {"a\n1\n" + root + "\n\n" + line.repeat(41), "41 signatures, limit 40"},
            {"a".repeat(210_000), "limit 204800"},
        };
        for (String[] one : bad) {
            var refused = assertThrows(VerificationException.class, () -> Checkpoint.parse(one[0]), one[0]);
            Logs.assertSays(one[1], refused);
        }
    }
}
