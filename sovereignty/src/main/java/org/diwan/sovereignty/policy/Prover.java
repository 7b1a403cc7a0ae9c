package org.diwan.sovereignty.policy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.diwan.base.Digest;
import org.diwan.sovereignty.policy.Statement.Claim;
import org.diwan.sovereignty.policy.Territories.Route;

/// Proves a [Statement] by trying every request that it speaks of: each origin, each place, each
/// purpose, each kind of data, none left out. [SmtWriter] puts the same question to a solver, which
/// knows nothing of tables.
public final class Prover {
    /// What came of it.
    ///
    /// @param cases how many requests the statement speaks of, all of them tried
    /// @param counterexample the first request, in the order of names, of which it is false; empty if
    ///     it holds
    /// @param result SHA-256, lower-case hexadecimal, over the outcome of every case: for each origin,
    ///     destination and purpose that it speaks of, in the order of their names, the line
    ///     `origin destination purpose` with its line feed and a bit for each of the 640 kinds of data
    ///     ([KindSet]), set where the claim is true. Whoever proves it again gets the same
    public record Proof(Statement statement, long cases, Optional<DecisionRequest> counterexample, String result) {
        public boolean holds() {
            return counterexample.isEmpty();
        }
    }

    private Prover() {}

    /// Tries every case there is.
    ///
    /// @throws IllegalArgumentException if the statement speaks of no request at all
    public static Proof prove(Policy policy, Statement statement) {
        var table = policy.table();
        var sha = Digest.sha256();
        long cases = 0;
        Optional<DecisionRequest> counterexample = Optional.empty();
        for (var origin : policy.origins())
            for (var destination : policy.places())
                for (var purpose : policy.purposes()) {
                    var route = new Route(origin, destination);
                    var meant = table.kinds(statement.scope(), route, purpose);
                    if (meant.isEmpty()) continue;
                    var met = met(statement.claim(), table.row(route, purpose)).and(meant);
                    cases += meant.count();
                    sha.update((origin + " " + destination + " " + purpose + "\n").getBytes(StandardCharsets.UTF_8));
                    sha.update(met.bytes());
                    if (counterexample.isEmpty() && met.count() < meant.count())
                        counterexample =
                                Optional.of(KindSet.request(meant.and(met.not()).first(), route, purpose));
                }
        if (cases == 0)
            throw new IllegalArgumentException("'" + statement.text() + "' speaks of no request that the packs know");
        return new Proof(statement, cases, counterexample, Digest.hex(sha.digest()));
    }

    private static KindSet met(Claim claim, DecisionTable.Row row) {
        return switch (claim) {
            case Claim.Denied() -> row.allowed().not();
            case Claim.Allowed() -> row.allowed();
            case Claim.Obliged(var obligation) -> row.allowed().not().or(row.obliged(obligation));
        };
    }
}
