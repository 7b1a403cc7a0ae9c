package org.diwan.sovereignty.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.diwan.base.Digest;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Territories.Route;

/// The law of all packs together on one day, as a table: there are only so many requests (640 kinds
/// of data, a few kinds of place, the purposes), so a decision is a look-up ([DecisionTable]).
///
/// A request that the packs know nothing about is denied without a rule: an origin whose law no pack
/// holds, a destination that is no country, a purpose that no pack declares.
///
/// Immutable but for the table; safe to share between threads.
public final class Policy {
    private static final Decision UNKNOWN = new Decision.Deny(List.of());

    private final Rules rules;
    private final List<Pack> packs;
    private final LocalDate day;
    private final Set<String> purposes;
    private final String digest;

    private Policy(Rules rules, List<Pack> packs, LocalDate day, Set<String> purposes) {
        this.rules = rules;
        this.packs = List.copyOf(packs);
        this.day = day;
        this.purposes = Collections.unmodifiableSet(new TreeSet<>(purposes));
        this.digest = digest(packs);
    }

    /// The rules of `packs` in force on the day of the latest review of any pack.
    ///
    /// @throws PackException as [#of(List, LocalDate)]
    public static Policy of(List<Pack> packs) throws PackException {
        var reviewed = packs.stream().map(Pack::reviewed).max(LocalDate::compareTo);
        return of(packs, reviewed.orElse(LocalDate.EPOCH));
    }

    /// The rules of `packs` in force on `day`.
    ///
    /// @throws PackException naming file and rule of what Cedar or the schema refuses, or a pack that
    ///     another includes and that is not here
    public static Policy of(List<Pack> packs, LocalDate day) throws PackException {
        var purposes = new HashSet<String>();
        var here = packs.stream().map(Pack::jurisdiction).toList();
        for (var pack : packs) {
            purposes.addAll(pack.purposes());
            for (var included : pack.includes())
                if (!here.contains(included))
                    throw new PackException(
                            pack.folder().resolve("pack.yaml"), "includes", "the pack " + included + " is not here");
        }
        return new Policy(Rules.of(packs, day), packs, day, purposes);
    }

    /// The verdict on `request`, with the rules that determined it.
    public Decision decide(DecisionRequest request) {
        var places = rules.territories();
        if (!places.governed().contains(request.origin())
                || !places.knows(request.destination())
                || !purposes.contains(request.purpose())) return UNKNOWN;
        var route = new Route(request.origin(), request.destination());
        return rules.table().row(route, request.purpose()).decide(KindSet.kind(request));
    }

    /// What Cedar itself says to this very request, past the table; some thousand times slower, and
    /// only for requests whose origin, destination and purpose the packs know.
    public Decision askCedar(DecisionRequest request) {
        return rules.evaluate(request);
    }

    /// The rules in force, by id.
    public Collection<Rule> rules() {
        return List.copyOf(rules.rules());
    }

    public List<Pack> packs() {
        return packs;
    }

    /// The day on which the rules are in force.
    public LocalDate day() {
        return day;
    }

    /// SHA-256 over what decides, in lower-case hexadecimal: for each pack in the order given its
    /// `pack.yaml`, then its policy files by name, each as `country/file`, a line feed, the size in
    /// bytes, a line feed, and the bytes.
    public String digest() {
        return digest;
    }

    private static String digest(List<Pack> packs) {
        var sha = Digest.sha256();
        for (var pack : packs) {
            update(sha, pack.jurisdiction() + "/pack.yaml", pack.definition());
            pack.policies().forEach((file, text) -> update(sha, pack.jurisdiction() + "/policy/" + file, text));
        }
        return Digest.hex(sha.digest());
    }

    private static void update(MessageDigest sha, String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
        sha.update(bytes);
    }

    // --- the whole domain, for Prover, PolicyCheck, SmtWriter and tests ---------------------------

    /// The places whose law some pack holds: where data can come from.
    public Set<Jurisdiction> origins() {
        return rules.territories().governed();
    }

    /// Every place there is.
    public Set<Jurisdiction> places() {
        return rules.territories().places();
    }

    /// What a request may be for, in order.
    public Set<String> purposes() {
        return purposes;
    }

    /// Every request that the packs know of: each governed origin, each place, each purpose, each
    /// kind of data.
    void everyRequest(Consumer<DecisionRequest> each) {
        for (var origin : origins())
            for (var destination : places())
                for (var purpose : purposes)
                    KindSet.ALL.forEach(
                            kind -> each.accept(KindSet.request(kind, new Route(origin, destination), purpose)));
    }

    Territories territories() {
        return rules.territories();
    }

    DecisionTable table() {
        return rules.table();
    }

    List<DecisionTable.Conditional> conditions() {
        return rules.table().rules();
    }

    /// The rules of all packs, in force or not.
    Collection<Rule> written() {
        return rules.written();
    }
}
