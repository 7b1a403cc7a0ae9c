package org.diwan.sovereignty.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// A random sentence, and what it means told a second time: of which requests it speaks, and when a
/// decision keeps it.
record RandomStatement(String text, Predicate<DecisionRequest> speaks, Kept kept) {
    interface Kept {
        boolean by(Decision decision);
    }

    static RandomStatement of(Policy policy, SplittableRandom random) {
        var words = new ArrayList<String>();
        Predicate<DecisionRequest> speaks = request -> true;
        var classes = some(List.of(DataClass.values()), random);
        if (!classes.isEmpty()) {
            classes.forEach(value -> words.add(value.label()));
            speaks = speaks.and(request -> classes.contains(request.dataClass()));
        }
        var sectors = some(List.of(Sector.values()), random);
        if (!sectors.isEmpty()) {
            sectors.forEach(value -> words.add(value.label()));
            speaks = speaks.and(request -> sectors.contains(request.sector()));
        }
        for (var trait : some(List.of(Trait.values()), random)) {
            boolean not = random.nextInt(3) == 0;
            words.add((not ? "not " : "") + trait.label());
            speaks = speaks.and(request -> request.traits().contains(trait) != not);
        }
        if (words.isEmpty()) words.add("anything");
        if (random.nextInt(3) == 0) {
            var purpose = one(List.copyOf(policy.purposes()), random);
            words.add("for " + purpose);
            speaks = speaks.and(request -> request.purpose().equals(purpose));
        }
        var from = Place.some(policy, random);
        if (random.nextBoolean()) {
            words.add("from " + Place.names(from, random));
            speaks = speaks.and(request -> Place.anyHolds(from, request.origin()));
        }
        var to = Place.some(policy, random);
        if (random.nextInt(4) == 0) {
            words.add("to " + Place.names(to, random));
            speaks = speaks.and(request -> Place.anyHolds(to, request.destination()));
        }
        Kept kept = decision -> decision instanceof Decision.Deny;
        switch (random.nextInt(5)) {
            case 0 -> {
                var place = Place.one(policy, random);
                words.add("never leaves " + place.name);
                speaks = speaks.and(request -> place.holds(request.origin()) && !place.holds(request.destination()));
            }
            case 1 -> {
                var places = Place.some(policy, random);
                words.add("only to " + Place.names(places, random));
                speaks = speaks.and(request -> !Place.anyHolds(places, request.destination()));
            }
            case 2 -> words.add("is always denied");
            case 3 -> {
                words.add("is always allowed");
                kept = decision -> decision instanceof Decision.Allow;
            }
            default -> {
                int days = 1 + random.nextInt(2_000);
                var label = one(List.of("label", "redact", "notify", "in_country", "human_approval", "retain"), random);
                words.add("needs " + (label.equals("retain") ? "retain " + days + " days" : label));
                kept = decision -> decision instanceof Decision.Deny
                        || (decision instanceof Decision.Allow allow
                                && allow.obligations().stream()
                                        .anyMatch(owed -> label.equals("retain")
                                                ? owed.days() >= days
                                                : owed.label().equals(label)));
            }
        }
        return new RandomStatement(String.join(" ", words), speaks, kept);
    }

    /// A name for places and the places it stands for.
    private record Place(String name, List<Jurisdiction> places) {
        static Place one(Policy policy, SplittableRandom random) {
            var pack = RandomStatement.one(policy.packs(), random);
            if (random.nextInt(4) == 0 && !pack.lists().isEmpty()) {
                var list = RandomStatement.one(List.copyOf(pack.lists().keySet()), random);
                return new Place(list, List.copyOf(pack.lists().getOrDefault(list, Set.of())));
            }
            var code = random.nextInt(4) == 0
                    ? RandomStatement.one(List.copyOf(policy.places()), random)
                    : pack.jurisdiction();
            var places = new ArrayList<>(List.of(code));
            for (var other : policy.packs()) if (other.jurisdiction().equals(code)) places.addAll(other.members());
            return new Place(code.code(), places);
        }

        static List<Place> some(Policy policy, SplittableRandom random) {
            var some = new ArrayList<Place>();
            do some.add(one(policy, random));
            while (random.nextInt(3) == 0);
            return some;
        }

        static String names(List<Place> places, SplittableRandom random) {
            return String.join(
                    RandomStatement.one(List.of(", ", " and ", " or ", ", and "), random),
                    places.stream().map(Place::name).toList());
        }

        static boolean anyHolds(List<Place> some, Jurisdiction place) {
            return some.stream().anyMatch(one -> one.holds(place));
        }

        boolean holds(Jurisdiction place) {
            return places.contains(place);
        }
    }

    private static <T> T one(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private static <T> List<T> some(List<T> all, SplittableRandom random) {
        return all.stream().filter(one -> random.nextInt(2 * all.size()) < 3).toList();
    }
}
