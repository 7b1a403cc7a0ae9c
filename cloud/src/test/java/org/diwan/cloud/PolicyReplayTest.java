package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.cloud.receipt.ProvedEntry;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log of random decisions, decided again: under the same law nothing differs, under another exactly
/// what the two laws say differently.
class PolicyReplayTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 28);

    /// Before Korea's recognition of the Union, its AI law, and the Union's.
    private static final LocalDate EARLIER = LocalDate.of(2025, 9, 1);

    @TempDir
    private Path folder;

    @Test
    void whatDiffersIsWhatTheTwoLawsSayDifferently() throws IOException {
        var now = Policy.of(Law.packs(TestGateway.PACKS), DAY);
        var then = Policy.of(Law.packs(TestGateway.PACKS), EARLIER);
        Seeded.forAll(3, random -> {
            Path data = Files.createTempDirectory(folder, "log");
            long allowed = 0;
            long denied = 0;
            int decisions = 1 + random.nextInt(600);
            List<VerifierKey> keys;
            try (var signed = SignedLedger.open(data, LedgerConfig.ALONE)) {
                keys = signed.signer().verifierKeys().stream()
                        .map(VerifierKey::parse)
                        .toList();
                for (int i = 0; i < decisions; i++) {
                    var request = request(now, random);
                    signed.ledger().append(entry(now, request).bytes());
                    boolean before = then.decide(request) instanceof Decision.Allow;
                    boolean after = now.decide(request) instanceof Decision.Allow;
                    if (before && !after) allowed++;
                    if (!before && after) denied++;
                    if (random.nextInt(9) == 0) signed.ledger().append(proved().bytes());
                }
                signed.ledger().append("no JSON".getBytes(StandardCharsets.UTF_8));
                signed.ledger().publish();
            }
            var log = TileSource.of(data.resolve("ledger"));
            var same = PolicyReplay.replay(log, keys, now);
            assertEquals(decisions, same.decisions());
            assertEquals(1, same.unreadable());
            assertEquals(List.of(), same.differences());
            assertEquals(0, same.otherRules());
            var other = PolicyReplay.replay(log, keys, then);
            assertEquals(allowed, other.nowAllowed());
            assertEquals(denied, other.nowDenied());
            assertEquals(other.differences().size(), other.nowAllowed() + other.nowDenied() + other.otherObligations());
            for (var difference : other.differences())
                assertTrue(!difference.verdict().equals(difference.then().verdict())
                        || !difference.obligations().equals(difference.then().obligations()));
        });
    }

    @Test
    void aChangedEntryIsNotReplayed() throws IOException {
        var now = Policy.of(Law.packs(TestGateway.PACKS), DAY);
        List<VerifierKey> keys;
        try (var signed = SignedLedger.open(folder, LedgerConfig.ALONE)) {
            keys = signed.signer().verifierKeys().stream()
                    .map(VerifierKey::parse)
                    .toList();
            for (int i = 0; i < 5; i++)
                signed.ledger()
                        .append(entry(now, request(now, new SplittableRandom(i)))
                                .bytes());
            signed.ledger().publish();
        }
        Path bundle = folder.resolve("ledger/tile/entries/000.p/5");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length / 2] ^= 1;
        Files.write(bundle, bytes);
        var log = TileSource.of(folder.resolve("ledger"));
        assertThrows(VerificationException.class, () -> PolicyReplay.replay(log, keys, now));
    }

    private static DecisionRequest request(Policy policy, SplittableRandom random) {
        var traits = EnumSet.noneOf(Trait.class);
        for (var trait : Trait.values()) if (random.nextInt(4) == 0) traits.add(trait);
        return new DecisionRequest(
                one(List.of(DataClass.values()), random),
                one(List.of(Sector.values()), random),
                traits,
                one(
                        List.of("sa", "de", "kr", "ph", "fr").stream()
                                .map(Jurisdiction::new)
                                .toList(),
                        random),
                one(new ArrayList<>(policy.places()), random),
                one(new ArrayList<>(policy.purposes()), random));
    }

    private static DecidedEntry entry(Policy policy, DecisionRequest request) {
        var decision = policy.decide(request);
        var obligations = decision instanceof Decision.Allow allow
                ? allow.obligations().stream().map(Obligation::label).sorted().toList()
                : List.<String>of();
        return new DecidedEntry(
                "r-1",
                "2026-11-28T00:00:00Z",
                "t-1",
                "k-1",
                "tiny",
                request.origin().code(),
                request.destination().code(),
                null,
                request.dataClass().label(),
                request.sector().label(),
                request.personal(),
                request.sensitive(),
                request.traits().stream()
                        .filter(trait -> trait != Trait.PERSONAL && trait != Trait.SENSITIVE)
                        .map(Trait::label)
                        .sorted()
                        .toList(),
                request.purpose(),
                decision instanceof Decision.Allow ? "allow" : "deny",
                decision.rules().stream().map(Rule::id).toList(),
                List.of(),
                obligations,
                policy.digest(),
                "0".repeat(64));
    }

    private static ProvedEntry proved() {
        return new ProvedEntry(
                "2026-11-28T00:00:00Z", "secret never leaves sa", List.of("sa"), "", "2026-11-28", true, 1, "");
    }

    private static <T> T one(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
