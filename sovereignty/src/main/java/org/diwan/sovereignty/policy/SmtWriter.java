package org.diwan.sovereignty.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Condition.Named;
import org.diwan.sovereignty.policy.Condition.Place;
import org.diwan.sovereignty.policy.Condition.Side;
import org.diwan.sovereignty.policy.Statement.Claim;

/// Writes a policy and a [Statement] in SMT-LIB 2.6 (<https://smt-lib.org>), from the rules' own
/// conditions and not from the table, so that a solver is a second, independent judge: `z3 FILE`
/// answers `unsat` if the statement holds, else `sat` and a request of which it is false.
///
/// A request is six unknowns and a truth value for each trait; a rule is a function without arguments
/// under its own id, with its law and article beside it.
public final class SmtWriter {
    private SmtWriter() {}

    /// The whole question.
    public static String write(Policy policy, Statement statement) {
        return "; " + comment(statement.text()) + "\n; unsat: it holds; sat: the model is a counterexample\n"
                + policy(policy) + "(assert " + violated(policy, statement) + ")\n(check-sat)\n(get-model)\n";
    }

    /// The policy alone: what a request is, what the rules say, what is allowed.
    static String policy(Policy policy) {
        var out = new StringBuilder("(set-option :produce-models true)\n(set-logic ALL)\n");
        out.append("; places: ISO 3166-1 and the packs' own\n");
        datatype(out, "Place", policy.places().stream().map(SmtWriter::constant));
        datatype(out, "Class", Arrays.stream(DataClass.values()).map(SmtWriter::constant));
        datatype(out, "Sector", Arrays.stream(Sector.values()).map(SmtWriter::constant));
        datatype(out, "Purpose", policy.purposes().stream().map(SmtWriter::purpose));
        out.append("; a request\n");
        for (var unknown : new String[] {"origin Place", "destination Place", "class Class", "sector Sector"})
            out.append("(declare-const ").append(unknown).append(")\n");
        out.append("(declare-const purpose Purpose)\n");
        for (var trait : Trait.values())
            out.append("(declare-const ").append(trait.label()).append(" Bool)\n");
        out.append("; groups and lists\n");
        groups(policy)
                .forEach(group -> define(
                        out,
                        "in " + group,
                        "((p Place))",
                        any(members(policy, group).map(place -> "(= p " + place + ")"))));
        define(out, "within", "((p Place) (q Place))", within(policy));
        define(
                out,
                "governed",
                "()",
                any(policy.origins().stream().map(place -> "(= origin " + constant(place) + ")")));
        out.append("; rules in force on ").append(policy.day()).append('\n');
        for (var rule : policy.conditions()) {
            out.append("; ")
                    .append(comment(rule.rule().law() + ", " + rule.rule().article()))
                    .append('\n');
            define(out, rule.rule().id(), "()", formula(rule.condition()));
        }
        out.append("; a forbid beats every permit, and what nothing permits is denied\n");
        define(out, "permitted", "()", rules(policy, rule -> rule.effect() == Rule.Effect.PERMIT));
        define(out, "forbidden", "()", rules(policy, rule -> rule.effect() == Rule.Effect.FORBID));
        define(out, "allowed", "()", "(and governed permitted (not forbidden))");
        return out.toString();
    }

    /// The formula that is true of exactly the requests of which `statement` is false.
    static String violated(Policy policy, Statement statement) {
        String broken =
                switch (statement.claim()) {
                    case Claim.Denied() -> "allowed";
                    case Claim.Allowed() -> "(not allowed)";
                    case Claim.Obliged(var obligation) ->
                        "(and allowed (not "
                                + rules(policy, rule -> rule.obligations().stream()
                                        .anyMatch(other -> other.covers(obligation)))
                                + "))";
                };
        return "(and governed " + formula(statement.scope()) + " " + broken + ")";
    }

    private static String formula(Condition condition) {
        return switch (condition) {
            case Condition.Constant(boolean value) -> Boolean.toString(value);
            case Condition.And(var left, var right) -> "(and " + formula(left) + " " + formula(right) + ")";
            case Condition.Or(var left, var right) -> "(or " + formula(left) + " " + formula(right) + ")";
            case Condition.Not(var of) -> "(not " + formula(of) + ")";
            case Condition.ClassIs(var dataClass) -> "(= class " + constant(dataClass) + ")";
            case Condition.SectorIs(var sector) -> "(= sector " + constant(sector) + ")";
            case Condition.Has(var trait) -> trait.label();
            case Condition.PurposeIs(var purpose) -> "(= purpose " + purpose(purpose) + ")";
            case Condition.Same(var left, var right) -> "(= " + term(left) + " " + term(right) + ")";
            case Condition.Within(var inner, Named(var name)) -> "(|in " + name + "| " + term(inner) + ")";
            case Condition.Within(var inner, Side outer) -> "(within " + term(inner) + " " + term(outer) + ")";
        };
    }

    private static String term(Place place) {
        return switch (place) {
            case Side side -> side.name().toLowerCase(Locale.ROOT);
            case Named(var name) -> "place-" + name.substring(name.indexOf("::") + 2);
        };
    }

    /// Every name that `in` may have on its right: the places, which hold themselves, and the lists.
    private static Stream<String> groups(Policy policy) {
        return Stream.concat(
                policy.places().stream().map(place -> "Jurisdiction::" + place),
                Stream.concat(
                                Stream.of("none"),
                                policy.packs().stream().flatMap(pack -> pack.lists().keySet().stream()))
                        .map(list -> "List::" + list));
    }

    private static Stream<String> members(Policy policy, String group) {
        return policy.places().stream()
                .filter(place -> group.equals("Jurisdiction::" + place)
                        || policy.territories().parents(place).contains(group))
                .map(SmtWriter::constant);
    }

    private static String within(Policy policy) {
        return any(Stream.concat(
                Stream.of("(= p q)"),
                policy.packs().stream()
                        .map(Pack::jurisdiction)
                        .map(group -> "(and (= q " + constant(group) + ") (|in Jurisdiction::" + group + "| p))")));
    }

    private static String rules(Policy policy, Predicate<Rule> which) {
        return any(policy.rules().stream().filter(which).map(rule -> "|" + rule.id() + "|"));
    }

    private static String any(Stream<String> formulas) {
        return formulas.collect(Collectors.joining(" ", "(or false ", ")"));
    }

    private static String constant(Jurisdiction place) {
        return "place-" + place;
    }

    private static String constant(DataClass dataClass) {
        return "class-" + dataClass.label();
    }

    private static String constant(Sector sector) {
        return "sector-" + sector.label();
    }

    private static String purpose(String purpose) {
        return "purpose-" + purpose;
    }

    private static void datatype(StringBuilder out, String name, Stream<String> constants) {
        out.append(constants.collect(Collectors.joining(") (", "(declare-datatypes ((" + name + " 0)) (((", "))))\n")));
    }

    private static void define(StringBuilder out, String name, String parameters, String body) {
        out.append("(define-fun |" + name + "| " + parameters + " Bool " + body + ")\n");
    }

    private static String comment(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
