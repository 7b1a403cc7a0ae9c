package org.diwan.robots.mission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.mission.Premises.Carrier;
import org.diwan.robots.mission.Premises.Item;
import org.diwan.robots.mission.Premises.Person;

/// [Premises] as YAML; the building lies in a file of its own, beside it.
///
/// ```yaml
/// building: hospital.yaml
/// catalogue: {stretcher: {kg: 30, needs: hoist, dangerous: false}}   # beside the items that every premises know
/// stock: {coffee: [cafe]}                                            # where an item is kept
/// people: [{names: [Ahmed Salem, أحمد سالم], place: '202'}]
/// carriers: [{serial: porter-1, max-load: 30, equipment: [cold]}]
/// tenants: {bank: [bank]}                                            # whose places they are
/// ```
public final class PremisesFile {
    /// Largest file, bytes.
    static final int MAX_SIZE = 8 << 20;

    private static final Set<String> MEMBERS =
            Set.of("building", "catalogue", "stock", "people", "carriers", "tenants");

    private PremisesFile() {}

    /// The premises in `file`.
    ///
    /// @throws IOException when it or its building cannot be read
    /// @throws IllegalArgumentException naming what is wrong
    public static Premises read(Path file) throws IOException {
        if (Files.size(file) > MAX_SIZE)
            throw new IllegalArgumentException(file + " has " + Files.size(file) + " bytes, the limit is " + MAX_SIZE);
        var root = new YAMLMapper().readTree(Files.readString(file));
        var building = root.path("building").asText("");
        if (building.isEmpty()) throw new IllegalArgumentException(file + " names no building");
        try {
            return premises(new RoadMap(BuildingFile.read(file.resolveSibling(building))), root);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Premises premises(RoadMap map, JsonNode root) throws IOException {
        var unknown = new HashSet<String>();
        root.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(MEMBERS);
        if (!unknown.isEmpty()) throw new IllegalArgumentException("unknown members " + unknown);
        var catalogue = catalogue();
        items(root.path("catalogue"), catalogue);
        var stock = new HashMap<String, List<String>>();
        root.path("stock").properties().forEach(entry -> {
            if (!catalogue.containsKey(entry.getKey()))
                throw new IllegalArgumentException("stock of " + entry.getKey() + ", which is not in the catalogue");
            stock.put(entry.getKey(), places(map, entry.getValue()));
        });
        var people = new ArrayList<Person>();
        for (var person : root.path("people"))
            people.add(new Person(texts(person.path("names")), place(map, person.path("place"))));
        var carriers = new ArrayList<Carrier>();
        for (var carrier : root.path("carriers"))
            carriers.add(new Carrier(
                    carrier.path("serial").asText(),
                    carrier.path("max-load").asDouble(),
                    Set.copyOf(texts(carrier.path("equipment")))));
        var tenants = new HashMap<String, String>();
        root.path("tenants").properties().forEach(entry -> places(map, entry.getValue())
                .forEach(place -> tenants.put(place, entry.getKey())));
        return new Premises(map, catalogue, stock, people, carriers, tenants);
    }

    /// The items that every premises know.
    static Map<String, Item> catalogue() throws IOException {
        try (var file = PremisesFile.class.getResourceAsStream("items.yaml")) {
            if (file == null) throw new IOException("items.yaml is not beside this class");
            var items = new HashMap<String, Item>();
            items(new YAMLMapper().readTree(file), items);
            return items;
        }
    }

    private static void items(JsonNode all, Map<String, Item> items) {
        all.properties().forEach(entry -> {
            var item = entry.getValue();
            double kg = item.path("kg").asDouble();
            if (!(kg >= 0 && kg < 1e5))
                throw new IllegalArgumentException(entry.getKey() + " has " + kg + " kg, must be 0 to 100000");
            var needs = Optional.of(item.path("needs").asText("")).filter(text -> !text.isEmpty());
            items.put(
                    entry.getKey(),
                    new Item(entry.getKey(), kg, needs, item.path("dangerous").asBoolean()));
        });
    }

    private static String place(RoadMap map, JsonNode node) {
        map.vertex(node.asText()); // throws by name
        return node.asText();
    }

    private static List<String> places(RoadMap map, JsonNode list) {
        var places = new ArrayList<String>();
        for (var node : list) places.add(place(map, node));
        return List.copyOf(places);
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        for (var node : list) texts.add(node.asText());
        return texts;
    }
}
