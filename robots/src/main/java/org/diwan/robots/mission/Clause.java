package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.robots.mission.Proposal.Item;

/// What one verb of an utterance governs.
final class Clause {
    /// What came last in a group.
    enum Last {
        NOTHING,
        ITEM,
        PLAIN,
        AT,
        FROM,
        TO
    }

    /// Things and places that belong together.
    static final class Group {
        final List<Item> items = new ArrayList<>();
        final List<String> from = new ArrayList<>();
        final List<String> to = new ArrayList<>();
        /// Places that no word says anything of.
        final List<String> plain = new ArrayList<>();
        /// Places in, at, on.
        final List<String> at = new ArrayList<>();
        /// How many of `plain` stand before the last thing.
        int before;
        /// How many of `at` stand before the verb.
        int topics;
        /// Whether a thing stands between those of `plain`.
        boolean apart;
        /// How many places came together last: 301 and 302.
        int row = 1;
        Last last = Last.NOTHING;

        List<String> places() {
            var all = new ArrayList<>(plain);
            all.addAll(from);
            all.addAll(at);
            all.addAll(to);
            return all;
        }

        /// Adds the places of another, each as what it was.
        void addPlaces(Group other) {
            from.addAll(other.from);
            to.addAll(other.to);
            plain.addAll(other.plain);
            at.addAll(other.at);
        }
    }

    String verb = "";
    final List<Group> groups = new ArrayList<>(List.of(new Group()));
    boolean it;
    boolean me;
    boolean person;
    /// Whether that person stands before the verb: the one it is about.
    boolean topic;
    /// Somebody who was named before, or never.
    boolean him;
    boolean either;
    /// Whether each place gets one of what was counted.
    boolean each;
    /// Whether the verb is that of the clause before.
    boolean inherited;
    /// Whether anything came since the verb.
    boolean said;
    /// Whether a word of order was in it: first, then.
    boolean ordered;
    /// Things that were named before the verb, by their ids.
    final Map<String, Item> topics = new HashMap<>();
    /// How many things were named in sentences before the verb's.
    int context;
    int number;
    /// Unknown words, which are the thing if there is none.
    final List<String> strange = new ArrayList<>();

    Group group() {
        return groups.getLast();
    }

    Group fresh() {
        groups.add(new Group());
        return group();
    }

    boolean hasItems() {
        return groups.stream().anyMatch(group -> !group.items.isEmpty());
    }

    List<String> places() {
        return groups.stream().flatMap(group -> group.places().stream()).toList();
    }

    boolean isEmpty() {
        return !hasItems() && places().isEmpty() && !it && !me && !person;
    }
}
