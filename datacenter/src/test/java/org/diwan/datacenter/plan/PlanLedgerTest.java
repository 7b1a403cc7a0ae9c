package org.diwan.datacenter.plan;

import static org.diwan.datacenter.plan.CertificateCheckerTest.DEMAND;
import static org.diwan.datacenter.plan.CertificateCheckerTest.INVENTORY;
import static org.diwan.datacenter.plan.CertificateCheckerTest.SOUND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: the entry read back from a real ledger, spelt out; what is forged leaves the ledger as it was.
class PlanLedgerTest {
    private static final String TIME = "2026-11-28T00:00:00Z";

    @TempDir
    private Path folder;

    @Test
    void whatIsCertifiedIsRecordedAndNothingElse() throws Exception {
        var signer = LogSigner.create(folder.resolve("log.key"), "example.org/log");
        try (var ledger = Ledger.open(folder.resolve("ledger"), signer)) {
            long index = PlanLedger.record(ledger, TIME, INVENTORY, DEMAND, Worlds.LAW, SOUND);
            assertEquals(
                    """
                    {"cases":3,"certificate":"%s","day":"2026-11-28","demand":"%s","inventory":"%s",\
                    "plan":"%s","policy":"%s","replicas":6,"time":"%s","type":"planned","violations":[]}""".formatted(
                                    SOUND.certificate().digest(),
                                    SOUND.plan().demand(),
                                    SOUND.plan().inventory(),
                                    SOUND.plan().digest(),
                                    SOUND.plan().policy(),
                                    TIME),
                    new String(ledger.entry(index), StandardCharsets.UTF_8));
            var forged = new PlanFile(SOUND.plan(), new Certificate(SOUND.plan().digest(), List.of()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> PlanLedger.record(ledger, TIME, INVENTORY, DEMAND, Worlds.LAW, forged));
            assertEquals(1, ledger.size());
        }
    }
}
