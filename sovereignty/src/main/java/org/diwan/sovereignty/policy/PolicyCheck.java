package org.diwan.sovereignty.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Pack.Example;
import org.diwan.sovereignty.policy.Pack.Never;

/// Holds a policy to its packs' own claims: the sentences under `never` are tried on every request
/// there is, and every rule has requests that it decides and requests that it leaves alone.
///
/// There are some 10^5 requests, so trying all of them is a proof, not a sample.
public final class PolicyCheck {
    /// What came of one sentence.
    ///
    /// @param requests how many requests the sentence speaks of, all of them tried
    /// @param counterexample the first that is allowed against it; empty if the sentence holds
    public record Statement(String id, String text, long requests, Optional<DecisionRequest> counterexample) {
        /// True if nothing speaks against it and there was something to speak of.
        public boolean holds() {
            return counterexample.isEmpty() && requests > 0;
        }
    }

    /// What came of everything.
    ///
    /// @param requests how many requests there are in all, each decided once
    /// @param allowed how many of them are allowed
    /// @param statements one for each `never`
    /// @param examples how many examples were tried: those of the rules in force
    /// @param failures what went wrong, a sentence each: an example with another outcome, a rule
    ///     without examples
    public record Report(long requests, long allowed, List<Statement> statements, int examples, List<String> failures) {
        /// True if every sentence holds and every example comes out.
        public boolean passes() {
            return failures.isEmpty() && statements.stream().allMatch(Statement::holds);
        }
    }

    private PolicyCheck() {}

    /// Tries everything that `packs` claim about `policy`, which was made of them.
    public static Report check(List<Pack> packs, Policy policy) {
        var statements = new ArrayList<Statement>();
        for (var pack : packs) for (var never : pack.never()) statements.add(statement(pack, never, policy));
        var failures = new ArrayList<String>();
        var applied = new HashSet<String>();
        var spared = new HashSet<String>();
        var inForce = policy.rules().stream().map(Rule::id).collect(Collectors.toSet());
        int examples = 0;
        for (var pack : packs)
            for (var example : pack.examples()) {
                if (!policy.knows(example.rule()))
                    failures.add(example.where() + ": there is no rule " + example.rule());
                if (!inForce.contains(example.rule())) continue;
                examples++;
                (example.applies() ? applied : spared).add(example.rule());
                failures.addAll(failures(example, policy));
            }
        for (var rule : policy.rules()) {
            if (!applied.contains(rule.id())) failures.add("rule " + rule.id() + " has no example that it applies to");
            if (!spared.contains(rule.id())) failures.add("rule " + rule.id() + " has no example that it spares");
        }
        long[] requests = {0, 0};
        policy.everyRequest(request -> {
            requests[0]++;
            if (policy.decide(request) instanceof Decision.Allow) requests[1]++;
        });
        return new Report(requests[0], requests[1], List.copyOf(statements), examples, List.copyOf(failures));
    }

    private static Statement statement(Pack pack, Never never, Policy policy) {
        var inside = new HashSet<Jurisdiction>();
        inside.add(never.leaves());
        if (never.leaves().equals(pack.jurisdiction())) inside.addAll(pack.members());
        never.except().ifPresent(list -> inside.addAll(pack.lists().getOrDefault(list, Set.of())));
        var origins = new HashSet<>(Set.of(never.from()));
        if (never.from().equals(pack.jurisdiction())) origins.addAll(pack.members());

        long[] requests = {0};
        var against = new ArrayList<DecisionRequest>();
        policy.everyRequest(request -> {
            if (!origins.contains(request.origin()) || inside.contains(request.destination()) || !means(never, request))
                return;
            requests[0]++;
            if (against.isEmpty() && policy.decide(request) instanceof Decision.Allow) against.add(request);
        });
        return new Statement(
                never.id(), never.statement(), requests[0], against.stream().findFirst());
    }

    private static boolean means(Never never, DecisionRequest request) {
        return never.classes().contains(request.dataClass())
                && never.personal().map(flag -> flag == request.personal()).orElse(true)
                && never.sensitive().map(flag -> flag == request.sensitive()).orElse(true)
                && (never.purposes().isEmpty() || never.purposes().contains(request.purpose()));
    }

    private static List<String> failures(Example example, Policy policy) {
        var decision = policy.decide(example.request());
        var failures = new ArrayList<String>();
        boolean applies = decision.rules().stream().anyMatch(rule -> rule.id().equals(example.rule()));
        if (applies != example.applies())
            failures.add(example.where() + ": rule " + example.rule()
                    + (applies ? " applies to " : " does not apply to ") + example.request());
        if (decision instanceof Decision.Allow != example.allowed())
            failures.add(
                    example.where() + ": " + (example.allowed() ? "is denied: " : "is allowed: ") + example.request());
        return failures;
    }
}
