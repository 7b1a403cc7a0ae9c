package org.diwan.sovereignty.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.diwan.base.Digest;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Territories.Route;

/// The law of all packs together, as a table. Cedar is asked once for each distinct request, then
/// the answer is remembered: there are only so many requests (four classes, two flags, a few kinds
/// of place, the purposes), so the table is small (512 cells for the first two packs) and needs no
/// eviction.
///
/// A request that the packs know nothing about is denied without a rule: an origin whose law no pack
/// holds, a destination that is no country, a purpose that no pack declares.
///
/// Immutable but for the table; safe to share between threads.
public final class Policy {
    private final Rules rules;
    private final List<String> purposes;
    private final String digest;
    private final ConcurrentMap<DecisionRequest, Decision> table = new ConcurrentHashMap<>();

    private Policy(Rules rules, Set<String> purposes, String digest) {
        this.rules = rules;
        this.purposes = List.copyOf(purposes);
        this.digest = digest;
    }

    /// The rules of `packs` in force on the day of the latest review of any pack.
    ///
    /// @throws PackException naming file and rule of what Cedar or the schema refuses
    public static Policy of(List<Pack> packs) throws PackException {
        var reviewed = packs.stream().map(Pack::reviewed).max(LocalDate::compareTo);
        return of(packs, reviewed.orElse(LocalDate.EPOCH));
    }

    /// The rules of `packs` in force on `day`.
    ///
    /// @throws PackException naming file and rule of what Cedar or the schema refuses
    public static Policy of(List<Pack> packs, LocalDate day) throws PackException {
        var purposes = new LinkedHashSet<String>();
        for (var pack : packs) purposes.addAll(pack.purposes());
        return new Policy(Rules.of(packs, day), purposes, digest(packs));
    }

    /// The verdict on `request`, with the rules that determined it.
    public Decision decide(DecisionRequest request) {
        var places = rules.territories();
        if (!places.governed().contains(request.origin())
                || !places.knows(request.destination())
                || !purposes.contains(request.purpose())) return new Decision.Deny(List.of());
        var route = places.representative(new Route(request.origin(), request.destination()));
        return table.computeIfAbsent(withRoute(request, route), rules::evaluate);
    }

    /// The rules in force, by id.
    public Collection<Rule> rules() {
        return List.copyOf(rules.rules());
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

    // --- the whole domain, for PolicyCheck and tests --------------------------------------------

    /// What Cedar says to this very request, past the table and its representatives.
    Decision decideDirectly(DecisionRequest request) {
        return rules.evaluate(request);
    }

    /// Every place there is.
    Set<Jurisdiction> places() {
        return rules.territories().places();
    }

    /// Every request that the packs know of: each governed origin, each place, each purpose, each
    /// class, each flag.
    void everyRequest(Consumer<DecisionRequest> each) {
        for (var origin : rules.territories().governed())
            for (var destination : places())
                for (var purpose : purposes)
                    for (var dataClass : DataClass.values())
                        for (int flags = 0; flags < 4; flags++)
                            each.accept(new DecisionRequest(
                                    dataClass, (flags & 1) != 0, (flags & 2) != 0, origin, destination, purpose));
    }

    /// True if some pack has the rule `id`, in force or not.
    boolean knows(String id) {
        return rules.knows(id);
    }

    /// Decisions remembered so far.
    int size() {
        return table.size();
    }

    private static DecisionRequest withRoute(DecisionRequest request, Route route) {
        return new DecisionRequest(
                request.dataClass(),
                request.personal(),
                request.sensitive(),
                route.origin(),
                route.destination(),
                request.purpose());
    }
}
