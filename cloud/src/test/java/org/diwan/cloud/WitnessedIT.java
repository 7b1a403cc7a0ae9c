package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.cloud.witness.WitnessServer;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.FsckReport;
import org.diwan.sovereignty.ledger.LogSigner;
import org.diwan.sovereignty.ledger.Mirror;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.Witness;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway whose ledger has a witness and a mirror: receipts carry the cosignatures, and neither a
/// dead witness nor a dead mirror keeps anybody from being answered.
class WitnessedIT {
    private static final String ASK =
            "{'model':'tiny','max_tokens':2,'temperature':0,'messages':[{'role':'user','content':'x'}]}";

    @TempDir
    Path folder;

    /// A bucket that can be switched off.
    private static final class Bucket implements Mirror.Store {
        final Map<String, byte[]> files = new ConcurrentHashMap<>();
        volatile boolean dead = true;

        @Override
        public void put(String path, byte[] bytes) throws IOException {
            if (dead) throw new IOException("the bucket is away");
            files.put(path, bytes);
        }

        @Override
        public byte @Nullable [] read(String path, int limit) throws IOException {
            if (dead) throw new IOException("the bucket is away");
            return files.get(path);
        }
    }

    @Test
    void receiptsCarryCosignaturesAndDeadHelpersStopNoAnswer() throws Exception {
        Path data = folder.resolve("data");
        Path model = TestGateway.model(folder);
        var log = LogSigner.create(data.resolve("keys/log.key"), "diwan.local/log");
        var bucket = new Bucket();
        try (var witness = Witness.open(
                folder.resolve("w"), folder.resolve("w.key"), "witness.eu", Map.of(log.origin(), log.keys()))) {
            var server = WitnessServer.start("127.0.0.1", 0, witness);
            var policy = policy(witness, server);
            try (var gateway = TestGateway.start(config(data, model, new LedgerConfig(policy, null, bucket)))) {
                byte[] receipt = receipt(gateway);
                var steps = new ArrayList<String>();
                var verifier = new ReceiptVerifier(gateway.keys(), policy, steps::add);
                verifier.log(verifier.bindings(receipt), data.resolve("ledger"));
                assertTrue(steps.stream().anyMatch(step -> step.endsWith("cosigned by a, b")), steps.toString());
                var unknown =
                        assertThrows(VerificationException.class, () -> new ReceiptVerifier(gateway.keys(), steps::add)
                                .bindings(receipt));
                assertTrue(String.valueOf(unknown.getMessage()).contains("the witness policy"), unknown.getMessage());
                assertEquals(
                        new String(policy.bytes(), StandardCharsets.UTF_8),
                        gateway.get("/log/policy").text());

                assertFalse(bucket.files.containsKey("checkpoint"), "away, and nobody waited");
                bucket.dead = false;
                while (!bucket.files.containsKey("checkpoint")) Thread.sleep(50);
                assertNull(mirrored(bucket, gateway).difference());

                server.close();
                var answered = gateway.chat(ASK);
                assertEquals(200, answered.status(), "answered and recorded");
                var pending = gateway.get("/v1/receipts/" + answered.header("diwan-receipt"));
                assertEquals(503, pending.status(), "no proof without the quorum");
                assertEquals(4, gateway.get("/health").json().path("ledger").asLong(), "entries are on disk");
            }
        }
    }

    private static FsckReport mirrored(Bucket bucket, TestGateway gateway) throws Exception {
        Path copy = Files.createTempDirectory("diwan-mirrored");
        for (var file : bucket.files.entrySet()) {
            Path target = copy.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.write(target, file.getValue());
        }
        return Fsck.check(copy, gateway.keys());
    }

    private static byte[] receipt(TestGateway gateway) throws Exception {
        var reply = gateway.chat(ASK);
        assertEquals(200, reply.status(), reply.text());
        var receipt = gateway.get("/v1/receipts/" + reply.header("diwan-receipt"));
        assertEquals(200, receipt.status(), receipt.text());
        return receipt.text().getBytes(StandardCharsets.UTF_8);
    }

    private static WitnessPolicy policy(Witness witness, WitnessServer server) {
        List<String> keys = witness.verifierKeys();
        return WitnessPolicy.parse("witness a %s %s%nwitness b %s %s%ngroup eu all a b%nquorum eu%n"
                .formatted(keys.get(0), server.address(), keys.get(1), server.address())
                .getBytes(StandardCharsets.UTF_8));
    }

    private static GatewayConfig config(Path data, Path model, LedgerConfig ledger) {
        var plain = TestGateway.config(data, model);
        return new GatewayConfig(
                plain.host(),
                0,
                data,
                model,
                List.of(),
                plain.packs(),
                plain.home(),
                Sector.GENERAL,
                List.of(),
                plain.purposes(),
                1,
                plain.limits(),
                ledger,
                VaultConfig.ALONE,
                16,
                0);
    }
}
