package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.diwan.base.Seeded;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A receipt, as an auditor has it after the server is gone: it verifies and replays, and no byte of
/// receipt, log or model can be changed without being found out.
class ReceiptIT {
    @TempDir
    static Path folder;

    private static Path models;
    private static Path ledger;
    private static byte[] receipt = {};
    private static byte[] sampled = {};
    private static byte[] denied = {};
    private static List<VerifierKey> keys = List.of();

    @BeforeAll
    static void serve() throws Exception {
        models = Files.createDirectory(folder.resolve("models"));
        Path data = folder.resolve("data");
        ledger = data.resolve("ledger");
        try (var server = TestGateway.start(TestGateway.config(data, TestGateway.model(models)))) {
            keys = server.keys();
            receipt = fetch(
                    server,
                    "{'model':'tiny','max_tokens':2,'temperature':0,'messages':[{'role':'user','content':'x'}]}");
            sampled = fetch(
                    server,
                    "{'model':'tiny','max_tokens':40,'temperature':0.7,'top_k':40,'top_p':0.95,'min_p':0.01,"
                            + "'repetition_penalty':1.3,'frequency_penalty':0.2,'presence_penalty':-0.4,"
                            + "'logit_bias':{'65':1.5,'66':-2},'stop':['zq'],'seed':123456789012345,"
                            + "'messages':[{'role':'system','content':'كن موجزا'},"
                            + "{'role':'user','content':'ما هو الديوان؟'}]}");
            var refusal = server.chat(
                    "{'model':'tiny','messages':[{'role':'user','content':'x'}]}", "diwan-purpose", "astrology");
            assertEquals(403, refusal.status());
            denied = receipt(server, refusal);
        }
    }

    private static byte[] fetch(TestGateway server, String chat) throws IOException, InterruptedException {
        var reply = server.chat(chat);
        assertEquals(200, reply.status(), reply.text());
        return receipt(server, reply);
    }

    private static byte[] receipt(TestGateway server, TestGateway.Reply reply)
            throws IOException, InterruptedException {
        return server.get("/v1/receipts/" + reply.header("diwan-receipt"))
                .text()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aReceiptVerifiesAndReplays() throws Exception {
        for (byte[] file : List.of(receipt, sampled)) {
            var steps = new ArrayList<String>();
            var verifier = new ReceiptVerifier(keys, steps::add);
            var read = verifier.bindings(file);
            verifier.log(read, ledger);
            verifier.replay(read, models, 2);
            assertTrue(steps.getLast().contains("identical to the bit"), steps.toString());
            assertEquals(new String(file, StandardCharsets.UTF_8), new String(read.bytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void oneNewlineMayEndIt() throws Exception {
        verifier().bindings(with("\n"));
        assertThrows(VerificationException.class, () -> verifier().bindings(with("\n\n")));
        assertThrows(VerificationException.class, () -> verifier().bindings(with(" ")));
        assertThrows(VerificationException.class, () -> verifier().bindings(with("{}")));
    }

    /// Every byte, flipped three ways: its lowest bit (`a` to a neighbour, a digit to a digit), the bit
    /// of letter case, and its highest bit (no longer ASCII).
    @Test
    void everyChangedByteIsFoundOut() {
        var missed = new ConcurrentLinkedQueue<String>();
        for (byte[] file : List.of(receipt, denied))
            IntStream.range(0, file.length).parallel().forEach(i -> {
                for (int bit : new int[] {0x01, 0x20, 0x80}) {
                    byte[] changed = file.clone();
                    changed[i] ^= (byte) bit;
                    if (passes(verifier(), changed)) missed.add("byte " + i + " xor " + bit);
                }
            });
        assertEquals(List.of(), List.copyOf(missed), "changes that go unnoticed");
    }

    @Test
    void everyCutAndRandomInsertionsAreFoundOut() {
        for (int length = 0; length < receipt.length; length += 7)
            assertTrue(!passes(verifier(), Arrays.copyOf(receipt, length)), "cut to " + length);
        Seeded.forAll(200, random -> {
            int at = random.nextInt(receipt.length);
            byte[] longer = new byte[receipt.length + 1];
            System.arraycopy(receipt, 0, longer, 0, at);
            longer[at] = (byte) "0 a\"}9\\".charAt(random.nextInt(7));
            System.arraycopy(receipt, at, longer, at + 1, receipt.length - at);
            assertTrue(!passes(verifier(), longer), "inserted at " + at);
        });
    }

    /// Spelled otherwise, the same float: only the canonical spelling is a receipt.
    @Test
    void anotherSpellingOfTheSameNumberIsFoundOut() {
        String text = new String(sampled, StandardCharsets.UTF_8);
        assertTrue(text.contains("\"temperature\":0.7,"), text);
        String other = text.replace("\"temperature\":0.7,", "\"temperature\":0.70000000000001,");
        var e = assertThrows(
                VerificationException.class, () -> verifier().bindings(other.getBytes(StandardCharsets.UTF_8)));
        assertTrue(message(e).contains("canonical"), message(e));
    }

    @Test
    void withoutAllKeysOfTheLogNothingIsProved() {
        for (var key : keys)
            assertThrows(
                    VerificationException.class, () -> new ReceiptVerifier(List.of(key), step -> {}).bindings(receipt));
    }

    /// Each public file of the log, changed at its first, middle and last byte.
    @Test
    void everyChangedFileOfTheLogIsFoundOut() throws Exception {
        var read = verifier().bindings(receipt);
        List<Path> files;
        try (var walk = Files.walk(ledger)) {
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !ledger.relativize(file).toString().startsWith(".state"))
                    .toList();
        }
        assertTrue(files.size() >= 3, "checkpoint, hashes and entries: " + files);
        for (Path file : files) {
            byte[] original = Files.readAllBytes(file);
            for (int at : new int[] {0, original.length / 2, original.length - 1}) {
                byte[] changed = original.clone();
                changed[at] ^= 0x01;
                Files.write(file, changed);
                try {
                    var e = assertThrows(
                            VerificationException.class, () -> verifier().log(read, ledger), file + " byte " + at);
                    assertTrue(message(e).startsWith("log "), message(e));
                } finally {
                    Files.write(file, original);
                }
            }
        }
        verifier().log(read, ledger);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 0.999})
    void aChangedModelIsFoundOut(double where) throws Exception {
        var read = verifier().bindings(receipt);
        Path other = Files.createDirectory(folder.resolve("models-" + where));
        byte[] bytes = Files.readAllBytes(models.resolve("tiny.gguf"));
        bytes[(int) (where * bytes.length)] ^= 0x01;
        Files.write(other.resolve("tiny.gguf"), bytes);
        var e = assertThrows(VerificationException.class, () -> verifier().replay(read, other, 1));
        assertTrue(message(e).startsWith("model: the answer was made by tiny with SHA-256"), message(e));
    }

    @Test
    void aFolderWithoutTheModelSaysSo() throws Exception {
        var read = verifier().bindings(receipt);
        Path empty = Files.createDirectory(folder.resolve("no-models"));
        var e = assertThrows(VerificationException.class, () -> verifier().replay(read, empty, 1));
        assertTrue(message(e).contains("There: none"), message(e));
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static ReceiptVerifier verifier() {
        return new ReceiptVerifier(keys, step -> {});
    }

    private static boolean passes(ReceiptVerifier verifier, byte[] file) {
        try {
            Receipt read = verifier.bindings(file);
            return read != null;
        } catch (VerificationException e) {
            return false;
        }
    }

    private static byte[] with(String more) {
        byte[] end = more.getBytes(StandardCharsets.UTF_8);
        byte[] longer = Arrays.copyOf(receipt, receipt.length + end.length);
        System.arraycopy(end, 0, longer, receipt.length, end.length);
        return longer;
    }
}
