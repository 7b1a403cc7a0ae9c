package org.diwan.sovereignty.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Condition.Named;
import org.diwan.sovereignty.policy.Condition.Place;
import org.diwan.sovereignty.policy.Condition.Side;
import org.diwan.sovereignty.policy.Territories.Route;
import org.jspecify.annotations.Nullable;

/// Every decision there is, by route, purpose and kind of data. Routes that look alike to every rule
/// share a row ([Territories]); a row is made when first asked for, by evaluating each rule for all
/// kinds of data at once ([KindSet]), and a cell when its own kind is asked for.
///
/// It decides as Cedar does: a forbid beats every permit, and what nothing permits is denied. That
/// it does so is tested against Cedar itself. Safe for many threads.
final class DecisionTable {
    /// A rule and the condition under which it speaks.
    record Conditional(Rule rule, Condition condition) {}

    private record Key(Route route, String purpose) {}

    private final List<Conditional> rules;
    private final Territories territories;
    private final ConcurrentMap<Key, Row> rows = new ConcurrentHashMap<>();

    /// @param rules in the order in which decisions name them
    DecisionTable(List<Conditional> rules, Territories territories) {
        this.rules = List.copyOf(rules);
        this.territories = territories;
    }

    List<Conditional> rules() {
        return rules;
    }

    /// The row of a route between places that exist.
    Row row(Route route, String purpose) {
        return rows.computeIfAbsent(new Key(territories.representative(route), purpose), this::newRow);
    }

    private Row newRow(Key key) {
        var spoken = new ArrayList<Spoken>();
        for (var rule : rules) {
            var kinds = kinds(rule.condition(), key.route, key.purpose);
            if (!kinds.isEmpty()) spoken.add(new Spoken(rule.rule(), kinds));
        }
        return new Row(spoken);
    }

    /// The kinds of data for which `condition` holds on this route for this purpose.
    KindSet kinds(Condition condition, Route route, String purpose) {
        return switch (condition) {
            case Condition.Constant(boolean value) -> KindSet.of(value);
            case Condition.And(var left, var right) ->
                kinds(left, route, purpose).and(kinds(right, route, purpose));
            case Condition.Or(var left, var right) ->
                kinds(left, route, purpose).or(kinds(right, route, purpose));
            case Condition.Not(var of) -> kinds(of, route, purpose).not();
            case Condition.ClassIs(var dataClass) -> KindSet.of(dataClass);
            case Condition.SectorIs(var sector) -> KindSet.of(sector);
            case Condition.Has(var trait) -> KindSet.of(trait);
            case Condition.PurposeIs(var wanted) -> KindSet.of(wanted.equals(purpose));
            case Condition.Same(var left, var right) ->
                KindSet.of(name(left, route).equals(name(right, route)));
            case Condition.Within(var inner, var outer) -> {
                var place = place(inner, route);
                String group = name(outer, route);
                yield KindSet.of(name(inner, route).equals(group)
                        || territories.parents(place).contains(group));
            }
        };
    }

    private static String name(Place place, Route route) {
        return switch (place) {
            case Side side -> "Jurisdiction::" + place(side, route);
            case Named(var name) -> name;
        };
    }

    private static Jurisdiction place(Side side, Route route) {
        return switch (side) {
            case ORIGIN -> route.origin();
            case DESTINATION -> route.destination();
        };
    }

    /// A rule and the kinds of data that it speaks of, at least one.
    private record Spoken(Rule rule, KindSet kinds) {}

    /// What is decided on one route for one purpose.
    static final class Row {
        private static final Decision DEFAULT = new Decision.Deny(List.of());

        private final List<Spoken> spoken;
        private final KindSet allowed;
        private final AtomicReferenceArray<@Nullable Decision> decisions = new AtomicReferenceArray<>(KindSet.COUNT);

        private Row(List<Spoken> spoken) {
            this.spoken = List.copyOf(spoken);
            this.allowed =
                    union(Rule.Effect.PERMIT).and(union(Rule.Effect.FORBID).not());
        }

        private KindSet union(Rule.Effect effect) {
            var union = KindSet.NONE;
            for (var one : spoken) if (one.rule.effect() == effect) union = union.or(one.kinds);
            return union;
        }

        Decision decide(int kind) {
            var known = decisions.get(kind);
            if (known != null) return known;
            // Two threads may make the same decision; all get the one that was first.
            var made = make(kind);
            var first = decisions.compareAndExchange(kind, null, made);
            return first != null ? first : made;
        }

        private Decision make(int kind) {
            var wanted = allowed.contains(kind) ? Rule.Effect.PERMIT : Rule.Effect.FORBID;
            var speaking = new ArrayList<Rule>();
            for (var one : spoken) if (one.rule.effect() == wanted && one.kinds.contains(kind)) speaking.add(one.rule);
            if (speaking.isEmpty()) return DEFAULT;
            return wanted == Rule.Effect.PERMIT
                    ? new Decision.Allow(speaking, Obligation.of(speaking))
                    : new Decision.Deny(speaking);
        }

        /// The kinds of data that are allowed.
        KindSet allowed() {
            return allowed;
        }

        /// The kinds of data that are allowed under an obligation which covers `obligation`.
        KindSet obliged(Obligation obligation) {
            var obliged = KindSet.NONE;
            for (var one : spoken)
                if (one.rule.obligations().stream().anyMatch(other -> other.covers(obligation)))
                    obliged = obliged.or(one.kinds);
            return obliged.and(allowed);
        }

        /// The kinds of data that the rule `id` speaks of here, and does so in vain if it permits what
        /// another rule forbids.
        KindSet spoken(String id) {
            for (var one : spoken) if (one.rule.id().equals(id)) return one.kinds;
            return KindSet.NONE;
        }
    }
}
