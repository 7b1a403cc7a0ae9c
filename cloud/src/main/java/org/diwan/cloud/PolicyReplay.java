package org.diwan.cloud;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.cloud.receipt.DecidedEntry;
import org.diwan.sovereignty.ledger.LogScan;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// What would have been decided under another law: every decision in a log is made again from the facts
/// that its entry holds, and those that come out otherwise are told.
public final class PolicyReplay {
    /// Most differences that are kept one by one; all are counted.
    public static final int MAX_LISTED = 10_000;

    /// A decision that comes out otherwise.
    ///
    /// @param then the entry in the log
    /// @param rules ids of the rules that decide now
    public record Difference(
            long index,
            DecidedEntry then,
            DecisionRequest request,
            String verdict,
            List<String> rules,
            List<String> obligations) {}

    /// What came of a log.
    ///
    /// @param entries how many entries the log has
    /// @param decisions how many of them are decisions
    /// @param nowAllowed how many were denied and would be allowed
    /// @param nowDenied how many were allowed and would be denied
    /// @param otherObligations how many would be allowed as they were, under other obligations
    /// @param otherRules how many would come out the same, by other rules; not listed
    /// @param unreadable entries that are none of this platform's, or speak of what it does not know
    /// @param differences the first of those listed, in the order of the log
    public record Report(
            long entries,
            long decisions,
            long nowAllowed,
            long nowDenied,
            long otherObligations,
            long otherRules,
            long unreadable,
            List<Difference> differences) {}

    private final Policy policy;
    private final List<Difference> differences = new ArrayList<>();
    private long decisions;
    private long nowAllowed;
    private long nowDenied;
    private long otherObligations;
    private long otherRules;
    private long unreadable;

    private PolicyReplay(Policy policy) {
        this.policy = policy;
    }

    /// Decides all of `log` again under `policy`.
    ///
    /// @throws VerificationException when the log is not what its keys signed
    public static Report replay(TileSource log, List<VerifierKey> keys, Policy policy)
            throws IOException, VerificationException {
        var replay = new PolicyReplay(policy);
        long entries = LogScan.read(log, keys, replay::entry).size();
        return new Report(
                entries,
                replay.decisions,
                replay.nowAllowed,
                replay.nowDenied,
                replay.otherObligations,
                replay.otherRules,
                replay.unreadable,
                List.copyOf(replay.differences));
    }

    private void entry(long index, byte[] bytes) {
        try {
            Optional<DecidedEntry> decided = DecidedEntry.read(bytes);
            if (decided.isEmpty()) return;
            decide(index, decided.get(), decided.get().decision());
            decisions++;
        } catch (VerificationException | IllegalArgumentException e) {
            unreadable++;
        }
    }

    private void decide(long index, DecidedEntry then, DecisionRequest request) {
        var now = policy.decide(request);
        var rules = now.rules().stream().map(Rule::id).toList();
        var obligations =
                switch (now) {
                    case Decision.Allow allow ->
                        allow.obligations().stream()
                                .map(Obligation::label)
                                .sorted()
                                .toList();
                    case Decision.Deny deny -> List.<String>of();
                };
        boolean allowed = now instanceof Decision.Allow;
        if (allowed == then.allowed() && obligations.equals(then.obligations())) {
            if (!rules.equals(then.rules())) otherRules++;
            return;
        }
        if (allowed == then.allowed()) otherObligations++;
        else if (allowed) nowAllowed++;
        else nowDenied++;
        if (differences.size() < MAX_LISTED)
            differences.add(new Difference(index, then, request, allowed ? "allow" : "deny", rules, obligations));
    }
}
