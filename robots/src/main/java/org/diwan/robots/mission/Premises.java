package org.diwan.robots.mission;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;
import org.diwan.robots.building.RoadMap;

/// What missions are held against: the building, and what is in it.
///
/// @param stock where an item is kept, by the item's id
/// @param tenants to whom places belong that do not belong to all, by place
/// @param carriers vehicles, by what they can take
public record Premises(
        RoadMap map,
        Map<String, Item> catalogue,
        Map<String, List<String>> stock,
        List<Person> people,
        List<Carrier> carriers,
        Map<String, String> tenants) {
    /// A kind of thing.
    ///
    /// @param kg of one
    /// @param needs equipment of the vehicle, such as `cold`
    /// @param dangerous never carried
    public record Item(String id, double kg, Optional<String> needs, boolean dangerous) {}

    /// Somebody, who is found at a place.
    ///
    /// @param names all spellings, the first to be told
    public record Person(List<String> names, String place) {
        public Person {
            if (names.isEmpty()) throw new IllegalArgumentException("a person at " + place + " without a name");
            names = List.copyOf(names);
        }
    }

    /// A vehicle.
    ///
    /// @param maxLoad kilograms
    public record Carrier(String serial, double maxLoad, Set<String> equipment) {
        public Carrier {
            equipment = Set.copyOf(equipment);
        }
    }

    public Premises {
        catalogue = Map.copyOf(catalogue);
        stock = Map.copyOf(stock);
        people = List.copyOf(people);
        carriers = List.copyOf(carriers);
        tenants = Map.copyOf(tenants);
    }

    /// A building of which nothing else is known than the things that all premises know.
    public static Premises of(RoadMap map) throws IOException {
        return new Premises(map, PremisesFile.catalogue(), Map.of(), List.of(), List.of(), Map.of());
    }

    /// The same with these vehicles.
    public Premises with(List<Carrier> vehicles) {
        return new Premises(map, catalogue, stock, people, vehicles, tenants);
    }

    /// Where a robot without work goes.
    Optional<String> home() {
        return first(Use.PARKING);
    }

    Optional<String> charger() {
        return first(Use.CHARGER);
    }

    private Optional<String> first(Use use) {
        return map.building().places().stream()
                .filter(place -> place.uses().contains(use))
                .map(Place::id)
                .findFirst();
    }

    Place place(String id) {
        return map.place(map.vertex(id));
    }
}
