package org.diwan.sovereignty.policy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.sovereignty.policy.Pack.Example;
import org.diwan.sovereignty.policy.Prover.Proof;
import org.diwan.sovereignty.policy.Territories.Route;

/// Holds packs to their own word: what they promise is proved on every request there is, every rule
/// has requests that it decides and requests that it leaves alone, and every rule can decide
/// something.
///
/// A rule that is not in force on the day of the check is tried on its own first day, or its last: a
/// law that is to come, or that is over, is held to its examples like any other.
public final class PolicyCheck {
    /// A promise of a pack, and what came of it.
    public record Kept(Pack.Promise promise, Proof proof) {}

    /// What came of everything.
    ///
    /// @param requests how many requests there are in all, each decided
    /// @param allowed how many of them are allowed
    /// @param promises one for each promise of the packs under check
    /// @param examples how many examples were tried
    /// @param failures what is missing or wrong, a sentence each, naming the rule or the example
    public record Report(long requests, long allowed, List<Kept> promises, int examples, List<String> failures) {
        /// True if every promise holds and nothing is missing or wrong.
        public boolean passes() {
            return failures.isEmpty()
                    && promises.stream().allMatch(kept -> kept.proof().holds());
        }
    }

    private final List<Pack> packs;
    private final LocalDate day;
    private final Map<LocalDate, Policy> policies = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private PolicyCheck(List<Pack> packs, LocalDate day) {
        this.packs = packs;
        this.day = day;
    }

    /// Tries everything that the packs `under` check claim, with all of `packs` in force beside them.
    ///
    /// @throws PackException naming file and rule of what cannot even be read, such as a rule without
    ///     an article
    public static Report check(List<Pack> packs, List<Pack> under, LocalDate day) throws PackException {
        return new PolicyCheck(packs, day).check(under);
    }

    private Report check(List<Pack> under) throws PackException {
        var policy = on(day);
        var promises = new ArrayList<Kept>();
        int examples = 0;
        for (var pack : under) {
            for (var promise : pack.promises()) promise(promise, policy).ifPresent(promises::add);
            examples += examples(pack);
            for (var rule : policy.written()) if (rule.id().startsWith(pack.jurisdiction() + "-")) reachable(rule);
        }
        long requests = 0;
        long allowed = 0;
        for (var origin : policy.origins())
            for (var destination : policy.places())
                for (var purpose : policy.purposes()) {
                    requests += KindSet.COUNT;
                    allowed += policy.table()
                            .row(new Route(origin, destination), purpose)
                            .allowed()
                            .count();
                }
        return new Report(requests, allowed, List.copyOf(promises), examples, List.copyOf(failures));
    }

    private Policy on(LocalDate when) throws PackException {
        var policy = policies.get(when);
        if (policy != null) return policy;
        policy = Policy.of(packs, when);
        policies.put(when, policy);
        return policy;
    }

    /// A day on which `rule` is in force, as near as can be.
    private LocalDate dayOf(Rule rule) {
        if (rule.inForce(day)) return day;
        return day.isBefore(rule.validFrom())
                ? rule.validFrom()
                : rule.validTo().orElseThrow();
    }

    private Optional<Kept> promise(Pack.Promise promise, Policy policy) {
        try {
            var statement = Statement.parse(promise.proves(), policy, Optional.empty());
            return Optional.of(new Kept(promise, Prover.prove(policy, statement)));
        } catch (IllegalArgumentException e) {
            failures.add("promise " + promise.id() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private int examples(Pack pack) throws PackException {
        var byId = new TreeMap<String, Rule>();
        for (var rule : on(day).written()) byId.put(rule.id(), rule);
        var applied = new HashSet<String>();
        var spared = new HashSet<String>();
        for (var example : pack.examples()) {
            var rule = byId.get(example.rule());
            if (rule == null) {
                failures.add(example.where() + ": there is no rule " + example.rule());
                continue;
            }
            (example.applies() ? applied : spared).add(rule.id());
            example(example, on(example.on().orElse(dayOf(rule))));
        }
        for (var id : byId.keySet()) {
            if (!id.startsWith(pack.jurisdiction() + "-")) continue;
            missing(id, applied, "that it applies to");
            missing(id, spared, "that it spares");
        }
        return pack.examples().size();
    }

    private void missing(String id, Set<String> there, String what) {
        if (!there.contains(id)) failures.add("rule " + id + " has no example " + what + " in tests.yaml");
    }

    private void example(Example example, Policy policy) {
        var decision = policy.decide(example.request());
        boolean applies = decision.rules().stream().anyMatch(rule -> rule.id().equals(example.rule()));
        if (applies != example.applies())
            failures.add(example.where() + ": rule " + example.rule()
                    + (applies ? " applies to: " : " does not apply to: ") + example.request());
        if (decision instanceof Decision.Allow != example.allowed())
            failures.add(
                    example.where() + ": " + (example.allowed() ? "is denied: " : "is allowed: ") + example.request());
    }

    /// Tries every kind of request: is there one whose decision names `rule`?
    private void reachable(Rule rule) throws PackException {
        var policy = on(dayOf(rule));
        boolean speaks = false;
        for (var route : policy.territories().representatives())
            for (var purpose : policy.purposes()) {
                var row = policy.table().row(route, purpose);
                var spoken = row.spoken(rule.id());
                speaks |= !spoken.isEmpty();
                boolean decides = rule.effect() == Rule.Effect.FORBID
                        ? !spoken.isEmpty()
                        : !spoken.and(row.allowed()).isEmpty();
                if (decides) return;
            }
        failures.add("rule " + rule.id()
                + (speaks
                        ? " never decides: whatever it permits, other rules forbid"
                        : " is unreachable: there is no request that meets its condition"));
    }
}
