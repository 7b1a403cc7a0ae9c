package org.diwan.sovereignty.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.diwan.sovereignty.Jurisdiction;

/// Which places there are, and what the packs say of each.
///
/// A policy can see a place in two ways only: by the groups and lists it belongs to, or by its name
/// written out in a rule. Cedar gives no third way: an entity without attributes can be compared
/// and looked up in its parents, nothing else. So two places that no rule names and that belong to
/// the same groups and lists are *interchangeable*: every request about one is decided as the same
/// request about the other. The world of some 250 places shrinks to a handful of kinds, and a
/// decision is computed once for each kind instead of once for each place.
///
/// With two cares. A rule may compare origin and destination (`resource == principal`), so a pair of
/// equal places is exchanged for a pair of equal places, and of different ones for different ones.
/// And it may ask whether one holds the other (`resource in principal`), so a place with a pack of
/// its own, which may be a group, is exchanged for none.
final class Territories {
    /// Origin and destination of a request.
    record Route(Jurisdiction origin, Jurisdiction destination) {}

    private final Map<Jurisdiction, Set<String>> parents = new HashMap<>();
    private final Set<Jurisdiction> governed = new TreeSet<>();
    private final Map<Jurisdiction, List<Jurisdiction>> kinds = new HashMap<>();

    /// @param named the places that rules name; each is a kind of its own
    Territories(List<Pack> packs, Set<Jurisdiction> named) {
        var single = new TreeSet<>(named);
        for (var code : Locale.getISOCountries())
            parents.put(new Jurisdiction(code.toLowerCase(Locale.ROOT)), new TreeSet<>());
        for (var pack : packs) {
            governed.add(pack.jurisdiction());
            governed.addAll(pack.members());
            single.add(pack.jurisdiction());
            place(pack.jurisdiction());
            for (var member : pack.members())
                if (!member.equals(pack.jurisdiction())) place(member).add("Jurisdiction::" + pack.jurisdiction());
            pack.lists()
                    .forEach((list, members) ->
                            members.forEach(member -> place(member).add("List::" + list)));
        }
        var alike = new HashMap<String, List<Jurisdiction>>();
        for (var place : places())
            alike.computeIfAbsent(
                            single.contains(place) ? place.code() : parents.get(place) + " " + governed.contains(place),
                            kind -> new ArrayList<>())
                    .add(place);
        for (var kind : alike.values()) for (var place : kind) kinds.put(place, kind);
    }

    private Set<String> place(Jurisdiction place) {
        return parents.computeIfAbsent(place, unseen -> new TreeSet<>());
    }

    /// Every place, in order: the ISO 3166-1 countries that this Java knows and what packs add.
    Set<Jurisdiction> places() {
        return new TreeSet<>(parents.keySet());
    }

    /// The places whose law some pack holds: where data can come from.
    Set<Jurisdiction> governed() {
        return governed;
    }

    boolean knows(Jurisdiction place) {
        return parents.containsKey(place);
    }

    /// The groups and lists that `place` belongs to, such as `List::eu-adequate`.
    Set<String> parents(Jurisdiction place) {
        return parents.getOrDefault(place, Set.of());
    }

    /// One route for each kind of route there is, from places whose law some pack holds.
    Set<Route> representatives() {
        var routes = new LinkedHashSet<Route>();
        for (var origin : governed)
            for (var destination : places()) routes.add(representative(new Route(origin, destination)));
        return routes;
    }

    /// The route that stands for all routes like `route`; see the essay above.
    Route representative(Route route) {
        var from = kinds.get(route.origin);
        var to = kinds.get(route.destination);
        if (from == null || to == null) throw new IllegalArgumentException("no such route: " + route);
        boolean alikeButDifferent = from == to && !route.origin.equals(route.destination);
        return new Route(from.getFirst(), to.get(alikeButDifferent ? 1 : 0));
    }
}
