package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.diwan.base.CanonicalJson;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL in the middle of work, more than once, on the same data: what a client was told stays true.
///
/// The promise is the gateway's, not only the ledger's: a client that has its answer has a receipt,
/// whatever happens to the process next.
class PowerCutIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CUTS = 3;
    private static final int CLIENTS = 4;

    /// Answers that must be complete before the plug is pulled.
    private static final int ANSWERS = 8;

    /// Enough for a few hundred answers of the test model.
    private static final long PATIENCE_S = 60;

    @TempDir
    Path folder;

    @AfterEach
    void leaveNoProcess() {
        ProcessHandle.current().children().filter(PowerCutIT::isServer).forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void everyAnswerThatAClientHasKeepsItsReceipt() throws IOException, InterruptedException, VerificationException {
        Path data = folder.resolve("data");
        String[] arguments = {"--model", Models.random(folder).toString()};
        var acknowledged = new ConcurrentLinkedQueue<String>();
        for (int cut = 0; cut < CUTS; cut++) {
            try (Server server = Server.start(data, arguments)) {
                int before = acknowledged.size();
                var clients = new ArrayList<Thread>();
                for (int i = 0; i < CLIENTS; i++) {
                    String question = "سؤال " + cut + "." + i;
                    clients.add(Thread.ofVirtual().start(() -> askUntilTheEnd(server, question, acknowledged)));
                }
                awaitAnswers(acknowledged, before + ANSWERS);
                Thread.sleep(ThreadLocalRandom.current().nextInt(50));
                server.kill();
                for (Thread client : clients) client.join();
            }
        }
        try (Server server = Server.start(data, arguments)) {
            List<VerifierKey> keys = new Client(server)
                    .text("/log/vkey")
                    .lines()
                    .map(VerifierKey::parse)
                    .toList();
            var places = new ArrayList<Long>();
            for (String id : acknowledged) places.addAll(verified(new Client(server).text("/v1/receipts/" + id), keys));
            assertEquals(places.stream().distinct().count(), places.size(), "every entry has a place of its own");
            server.stop();
        }
        assertTrue(acknowledged.size() >= CUTS * ANSWERS, acknowledged.size() + " answers");
        var clean = fsck(data);
        assertEquals(0, clean.status(), clean.output());
        fsckNamesAFileThatChanged(data);
        System.out.println("power cuts: " + CUTS + ", answers acknowledged and proved: " + acknowledged.size());
    }

    /// One changed bit, and `ledger fsck` fails, naming the file.
    private static void fsckNamesAFileThatChanged(Path data) throws IOException, InterruptedException {
        Path bundle;
        try (var files = Files.walk(data.resolve("ledger/tile/entries"))) {
            bundle = files.filter(Files::isRegularFile)
                    .max(Comparator.comparing(PowerCutIT::modified))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length / 2] ^= 4;
        Files.write(bundle, bytes);
        var report = fsck(data);
        assertNotEquals(0, report.status(), report.output());
        assertTrue(report.output().contains(bundle.getFileName().toString()), report.output());
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }

    /// Chats until the connection breaks; keeps the receipt of every answer that arrived whole.
    private static void askUntilTheEnd(Server server, String question, ConcurrentLinkedQueue<String> receipts) {
        var client = new Client(server);
        try {
            for (int i = 0; server.alive(); i++) receipts.add(client.ask(question + "." + i));
        } catch (IOException expected) {
            // The plug was pulled. An answer that did not arrive was promised to nobody.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitAnswers(ConcurrentLinkedQueue<String> receipts, int count) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (receipts.size() < count) {
            assertTrue(System.nanoTime() < end, receipts.size() + " of " + count + " answers in " + PATIENCE_S + " s");
            Thread.sleep(5);
        }
    }

    /// Both entries of the receipt are in the signed log; their places.
    private static List<Long> verified(String receipt, List<VerifierKey> keys)
            throws IOException, VerificationException {
        var places = new ArrayList<Long>();
        for (String part : List.of("decided", "answered")) {
            JsonNode proved = JSON.readTree(receipt).get(part);
            TlogProof proof = TlogProof.parse(proved.get("proof").asText());
            proof.verify(CanonicalJson.bytes(JSON.convertValue(proved.get("entry"), Object.class)), keys);
            places.add(proof.index());
        }
        return places;
    }

    private static Command fsck(Path data) throws IOException, InterruptedException {
        return Command.diwan("ledger", "fsck", "--data", data.toString());
    }

    private static boolean isServer(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("org.diwan.app.Main");
    }
}
