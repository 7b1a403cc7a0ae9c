package org.diwan.sovereignty.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Condition.Named;
import org.diwan.sovereignty.policy.Condition.Side;
import org.jspecify.annotations.Nullable;

/// A sentence about all requests that [Prover] can prove or refute:
/// ```
/// statement = subject {where} claim {where}
/// subject   = "anything" | kind {kind} ["data"]
/// kind      = class | sector | ["not"] trait            two classes or sectors: either; two traits: both
/// where     = "from" places | "to" places | "for" purpose
/// claim     = "never leaves" place                      from there, nothing goes anywhere else
///           | "only to" places                          whatever goes, goes there
///           | "needs" obligation                        whatever is allowed is allowed under it
///           | "is always denied" | "is always allowed"
/// places    = place {("," | "and" | "or") place}        a country, a group and its members, a list
/// ```
/// `secret never leaves sa`; `personal credit bank data only to kr`; `personal from de to jp needs
/// redact`. A class may be called by the name that a pack gives it (`top-secret`). Without `from` data
/// comes from wherever the packs know the law, or from the one place that the caller sets.
public final class Statement {
    /// Longest text; a sentence for people.
    private static final int MAX_LENGTH = 500;

    /// What is claimed of every request that the statement speaks of.
    sealed interface Claim {
        /// It is denied.
        record Denied() implements Claim {}

        /// It is allowed.
        record Allowed() implements Claim {}

        /// If it is allowed, then under this obligation.
        record Obliged(Obligation obligation) implements Claim {}
    }

    private static final Set<String> MARKS = Set.of("never", "only", "needs", "is", "from", "to", "for");

    private final String text;
    private final Policy policy;
    private final Deque<String> words;
    private Condition scope = new Condition.Constant(true);
    private Claim claim = new Claim.Denied();
    private boolean saysFrom;

    private Statement(String text, Policy policy) {
        this.text = text;
        this.policy = policy;
        this.words = new ArrayDeque<>(Arrays.stream(text.replace(",", " , ").split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    /// Reads `text` with the words of the packs of `policy`.
    ///
    /// @param home where data comes from if the text does not say
    /// @throws IllegalArgumentException naming the word that is not understood and those that are
    public static Statement parse(String text, Policy policy, Optional<Jurisdiction> home) {
        if (text.length() > MAX_LENGTH)
            throw new IllegalArgumentException("a statement has at most " + MAX_LENGTH + " characters");
        var statement = new Statement(text, policy);
        statement.read();
        if (!statement.saysFrom)
            home.ifPresent(
                    place -> statement.require(new Condition.Within(Side.ORIGIN, statement.named(place.code()))));
        return statement;
    }

    /// As it was written.
    public String text() {
        return text;
    }

    /// Which requests it speaks of.
    Condition scope() {
        return scope;
    }

    Claim claim() {
        return claim;
    }

    private void require(Condition condition) {
        scope = scope.and(condition);
    }

    private void read() {
        readSubject();
        readWhere();
        readClaim();
        readWhere();
        if (!words.isEmpty()) throw unknown(words.peek(), "from, to, for, or the end");
    }

    private void readSubject() {
        var classes = new ArrayList<Condition>();
        var sectors = new ArrayList<Condition>();
        boolean any = false;
        while (!words.isEmpty() && !MARKS.contains(words.peek())) {
            String word = next("a class, sector or trait");
            any = true;
            if (Set.of("anything", "data", "and").contains(word)) continue;
            if (word.equals("not")) require(new Condition.Has(trait(next("a trait"))).not());
            else if (dataClass(word).isPresent())
                classes.add(new Condition.ClassIs(dataClass(word).get()));
            else if (sector(word).isPresent())
                sectors.add(new Condition.SectorIs(sector(word).get()));
            else require(new Condition.Has(trait(word)));
        }
        if (!any) throw unknown(words.peek(), "a class, sector, trait or anything");
        requireAny(classes);
        requireAny(sectors);
    }

    private void requireAny(List<Condition> conditions) {
        conditions.stream().reduce(Condition::or).ifPresent(this::require);
    }

    private void readWhere() {
        while (!words.isEmpty() && Set.of("from", "to", "for").contains(words.peek())) {
            switch (next("")) {
                case "from" -> {
                    saysFrom = true;
                    require(places(Side.ORIGIN));
                }
                case "to" -> require(places(Side.DESTINATION));
                default -> {
                    String purpose = next("a purpose");
                    if (!policy.purposes().contains(purpose))
                        throw unknown(purpose, String.join(", ", policy.purposes()));
                    require(new Condition.PurposeIs(purpose));
                }
            }
        }
    }

    private void readClaim() {
        switch (next("never leaves, only to, needs, is always denied, is always allowed")) {
            case "never" -> {
                expect("leaves");
                Named place = named(next("a place"));
                saysFrom = true;
                require(new Condition.Within(Side.ORIGIN, place));
                require(new Condition.Within(Side.DESTINATION, place).not());
            }
            case "only" -> {
                expect("to");
                require(places(Side.DESTINATION).not());
            }
            case "needs" -> claim = new Claim.Obliged(obligation());
            case "is" -> {
                expect("always");
                String verdict = next("denied, allowed");
                if (verdict.equals("allowed")) claim = new Claim.Allowed();
                else if (!verdict.equals("denied")) throw unknown(verdict, "denied, allowed");
            }
            case String word -> throw unknown(word, "never leaves, only to, needs, is always");
        }
    }

    private Condition places(Side side) {
        Condition places = new Condition.Within(side, named(next("a place")));
        while (!words.isEmpty() && Set.of(",", "and", "or").contains(words.peek())) {
            words.pop();
            if (Set.of("and", "or").contains(String.valueOf(words.peek()))) words.pop();
            places = places.or(new Condition.Within(side, named(next("a place"))));
        }
        return places;
    }

    private Named named(String word) {
        if (policy.packs().stream().anyMatch(pack -> pack.lists().containsKey(word))) return new Named("List::" + word);
        boolean place = word.matches("[a-z][a-z0-9-]{1,15}") && policy.places().contains(new Jurisdiction(word));
        if (place) return new Named("Jurisdiction::" + word);
        var lists = policy.packs().stream().flatMap(pack -> pack.lists().keySet().stream());
        throw unknown(word, "a country's code, a pack's name" + lists.reduce("", (all, list) -> all + ", " + list));
    }

    private Obligation obligation() {
        var label = new ArrayList<String>();
        while (!words.isEmpty() && !Set.of("from", "to", "for").contains(words.peek())) label.add(words.pop());
        String joined = String.join(" ", label);
        return Obligation.of(
                joined.equals("in country") || joined.equals("human approval") ? joined.replace(' ', '_') : joined);
    }

    private Optional<DataClass> dataClass(String word) {
        var names = new TreeMap<String, DataClass>();
        for (var pack : policy.packs()) names.putAll(pack.classes());
        for (var value : DataClass.values()) names.put(value.label(), value);
        return Optional.ofNullable(names.get(word));
    }

    private static Optional<Sector> sector(String word) {
        return Arrays.stream(Sector.values())
                .filter(value -> value.label().equals(word))
                .findFirst();
    }

    private Trait trait(String word) {
        for (var value : Trait.values()) if (value.label().equals(word)) return value;
        throw unknown(
                word,
                "the classes " + list(DataClass.values()) + "; the sectors " + list(Sector.values()) + "; the traits "
                        + list(Trait.values()));
    }

    private static String list(Enum<?>[] values) {
        return String.join(
                ", ",
                Arrays.stream(values)
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private String next(String wanted) {
        if (words.isEmpty()) throw new IllegalArgumentException("'" + text + "' ends where it should say: " + wanted);
        return words.pop();
    }

    private void expect(String word) {
        String next = next(word);
        if (!next.equals(word)) throw unknown(next, word);
    }

    private IllegalArgumentException unknown(@Nullable String word, String known) {
        return new IllegalArgumentException(
                "'" + text + "': " + (word == null ? "the end" : "'" + word + "'") + " should be one of: " + known);
    }
}
