package org.diwan.sovereignty.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TlogProofTest {
    private static final int SIZE = 300;

    private static String proof(LogSigner signer, int index) throws Exception {
        try (var ledger =
                new Ledger(new SimulatedDisk(new SplittableRandom(1)), signer, new SplittableRandom(2), () -> {})) {
            var entries = new ArrayList<byte[]>();
            for (int i = 0; i < SIZE; i++) entries.add(Logs.entry(i));
            ledger.appendAll(entries);
            return ledger.prove(index);
        }
    }

    private static void assertRefused(String text, byte[] entry, List<VerifierKey> keys, String why) {
        assertThrows(VerificationException.class, () -> TlogProof.parse(text).verify(entry, keys), why);
    }

    @Test
    void aProofReadsAsTheSpecificationWritesIt() throws Exception {
        String text = proof(Logs.SIGNER, 257);
        var lines = text.lines().toList();
        assertEquals("c2sp.org/tlog-proof@v1", lines.get(0));
        assertEquals("index 257", lines.get(1));
        var path = Logs.path(257, Logs.leaves(SIZE));
        for (int i = 0; i < path.size(); i++) assertEquals(StrictBase64.encode(path.get(i)), lines.get(2 + i));
        assertEquals("", lines.get(2 + path.size()));
        assertEquals(Logs.ORIGIN, lines.get(3 + path.size()));
        var proof = TlogProof.parse(text);
        assertEquals(text, proof.text());
        proof.verify(Logs.entry(257), Logs.KEYS);
    }

    @Test
    void noCharacterCanBeChangedLeftOutOrDoubled() throws Exception {
        // The long ML-DSA signature alone, each character in one way, then everything else in three.
        checkEveryCharacter(Logs.QUICK_SIGNER, 0, Integer.MAX_VALUE, 1);
        String text = proof(Logs.SIGNER, 5);
        int shortLine = text.lines()
                .filter(line -> line.startsWith("—"))
                .mapToInt(String::length)
                .min()
                .orElseThrow();
        int at = 0;
        for (String line : text.lines().toList()) {
            if (!line.startsWith("—") || line.length() == shortLine)
                checkEveryCharacter(text, Logs.KEYS, at, at + line.length() + 1, 3);
            at += line.length() + 1;
        }
    }

    private static void checkEveryCharacter(LogSigner signer, int from, int to, int ways) throws Exception {
        checkEveryCharacter(proof(signer, 5), signer.keys(), from, to, ways);
    }

    private static void checkEveryCharacter(String text, List<VerifierKey> keys, int from, int to, int ways)
            throws Exception {
        byte[] entry = Logs.entry(5);
        TlogProof.parse(text).verify(entry, keys);
        for (int i = from; i < Math.min(to, text.length()); i++) {
            String before = text.substring(0, i);
            String after = text.substring(i + 1);
            for (int way = 0; way < ways; way++) {
                char changed = (char) (text.charAt(i) ^ (1 << ((i + way) % 7)));
                assertRefused(before + changed + after, entry, keys, "character " + i + " as " + (int) changed);
            }
            assertRefused(before + after, entry, keys, "without character " + i);
            assertRefused(before + text.charAt(i) + text.substring(i), entry, keys, "character " + i + " doubled");
        }
    }

    @Test
    void noByteOfTheEntryCanBeChanged() throws Exception {
        var proof = TlogProof.parse(proof(Logs.QUICK_SIGNER, 5));
        byte[] entry = Logs.entry(5);
        for (int bit = 0; bit < entry.length * 8; bit++) {
            byte[] changed = entry.clone();
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThrows(VerificationException.class, () -> proof.verify(changed, Logs.QUICK_KEYS));
        }
    }

    @Test
    void signatureLinesCannotBeAddedDoubledSwappedOrUnexplained() throws Exception {
        String text = proof(Logs.SIGNER, 5);
        byte[] entry = Logs.entry(5);
        var lines = text.lines().toList();
        String first = lines.get(lines.size() - 2) + "\n";
        String second = lines.getLast() + "\n";
        String front = text.substring(0, text.length() - first.length() - second.length());
        assertEquals(text, front + first + second);

        assertRefused(front + second + first, entry, Logs.KEYS, "swapped");
        assertRefused(front + first + first + second, entry, Logs.KEYS, "doubled");
        assertRefused(front + first, entry, Logs.KEYS, "one left out");
        assertRefused(
                text + "— other.example/w " + StrictBase64.encode(new byte[76]) + "\n", entry, Logs.KEYS, "added");
        assertRefused(text, entry, Logs.QUICK_KEYS, "a signature that no key explains");
        assertRefused(text, entry, Logs.keys(Logs.signer()), "keys of another log");
        assertRefused(text, entry, List.of(), "no keys");
    }

    @Test
    void otherFormsOfTheSameProofAreRefused() throws Exception {
        String text = proof(Logs.QUICK_SIGNER, 5);
        byte[] entry = Logs.entry(5);
        for (String other : List.of(
                text.replace("index 5\n", "extra AAAA\nindex 5\n"),
                text.replace("index 5\n", "index 05\n"),
                text.replace("index 5\n", "index +5\n"),
                text.replace("\n", "\r\n"),
                text + "\n",
                "\n" + text,
                text.replace("@v1", "@v2"),
                text.replace("index 5\n", ""),
                "c2sp.org/tlog-proof@v1\nindex 5",
                "c2sp.org/tlog-proof@v1\n\n",
                "")) assertRefused(other, entry, Logs.QUICK_KEYS, other.substring(0, Math.min(40, other.length())));
        String longPath =
                text.replace("index 5\n", "index 5\n" + (StrictBase64.encode(new byte[32]) + "\n").repeat(100));
        assertRefused(longPath, entry, Logs.QUICK_KEYS, "a path of more than 63 hashes");
    }
}
