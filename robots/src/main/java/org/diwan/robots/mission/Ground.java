package org.diwan.robots.mission;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.robots.building.Building.Place;

/// The premises as every language reads them.
final class Ground {
    private final Premises premises;
    private final Set<String> ids;
    private final Map<String, Places> places = new HashMap<>();
    private final Map<String, Tagger> taggers = new HashMap<>();

    Ground(Premises premises) {
        this.premises = premises;
        ids = premises.map().building().places().stream().map(Place::id).collect(Collectors.toSet());
        for (String tag : Lexicon.TAGS) {
            var known = new Places(premises, Lexicon.in(tag));
            places.put(tag, known);
            taggers.put(tag, new Tagger(Lexicon.in(tag), known));
        }
    }

    Premises premises() {
        return premises;
    }

    Tagger tagger(Lexicon lexicon) {
        return Objects.requireNonNull(taggers.get(lexicon.tag()));
    }

    boolean isPlace(String id) {
        return ids.contains(id);
    }

    /// What the place is called in that language.
    String label(String place, Lexicon lexicon) {
        return Objects.requireNonNull(places.get(lexicon.tag())).label(premises.place(place));
    }
}
