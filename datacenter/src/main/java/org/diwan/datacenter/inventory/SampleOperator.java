package org.diwan.datacenter.inventory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.diwan.datacenter.inventory.Inventory.CoolingZone;
import org.diwan.datacenter.inventory.Inventory.Fabric;
import org.diwan.datacenter.inventory.Inventory.Feed;
import org.diwan.datacenter.inventory.Inventory.Gpu;
import org.diwan.datacenter.inventory.Inventory.Hall;
import org.diwan.datacenter.inventory.Inventory.Pdu;
import org.diwan.datacenter.inventory.Inventory.PowerPanel;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Region;
import org.diwan.datacenter.inventory.Inventory.Row;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.sovereignty.Jurisdiction;

/// An operator that does not exist, of any size, in three countries: for demonstrations, plans and tests.
///
/// Servers are eight-GPU machines of 10.2 kW (NVIDIA's figure for a DGX H100), four to a rack, eight racks to
/// a row, four rows to a hall. Each rack hangs on feeds A and B of its hall, each of which can carry the
/// hall alone; both come from a utility feed of their own.
public final class SampleOperator {
    private static final int GPUS = 8;
    private static final int SERVERS_PER_RACK = 4;
    private static final int RACKS_PER_ROW = 8;
    private static final int ROWS_PER_HALL = 4;
    private static final int SERVER_WATTS = 10_200;
    private static final int RACK_WATTS = SERVERS_PER_RACK * SERVER_WATTS;

    /// A place and its share of the whole.
    private record Place(
            String region, String name, String country, double north, double east, double pue, int grams, int weight) {}

    private static final List<Place> PLACES = List.of(
            new Place("gulf", "riyadh-1", "sa", 24.71, 46.68, 1.35, 560, 3),
            new Place("gulf", "jeddah-1", "sa", 21.54, 39.17, 1.38, 560, 2),
            new Place("gulf", "dammam-1", "sa", 26.43, 50.10, 1.36, 560, 1),
            new Place("korea", "seoul-1", "kr", 37.57, 126.98, 1.25, 420, 2),
            new Place("korea", "busan-1", "kr", 35.18, 129.08, 1.27, 420, 1),
            new Place("germany", "frankfurt-1", "de", 50.11, 8.68, 1.22, 360, 2),
            new Place("germany", "munich-1", "de", 48.14, 11.58, 1.20, 360, 1));

    private SampleOperator() {}

    /// An inventory of about `gpus` GPUs, rounded up to whole servers per site.
    ///
    /// @param gpus 8 to [Inventory#MAX_GPUS] less one rack per site
    public static Inventory of(int gpus) {
        if (gpus < GPUS || gpus > Inventory.MAX_GPUS - GPUS * PLACES.size())
            throw new IllegalArgumentException(
                    gpus + " GPUs must be " + GPUS + " to " + (Inventory.MAX_GPUS - GPUS * PLACES.size()));
        int weights = PLACES.stream().mapToInt(Place::weight).sum();
        var regions = new ArrayList<Region>();
        for (String region : PLACES.stream().map(Place::region).distinct().toList()) {
            var sites = PLACES.stream()
                    .filter(place -> place.region().equals(region))
                    .map(place -> site(place, (int) Math.ceil((double) gpus * place.weight() / weights / GPUS)))
                    .toList();
            regions.add(new Region(region, sites));
        }
        return new Inventory("sample-operator", regions);
    }

    private static Site site(Place place, int servers) {
        int perHall = SERVERS_PER_RACK * RACKS_PER_ROW * ROWS_PER_HALL;
        var halls = new ArrayList<Hall>();
        var panels = new ArrayList<PowerPanel>();
        var zones = new ArrayList<CoolingZone>();
        int hallWatts = Math.min(perHall, servers) * SERVER_WATTS;
        int siteWatts = servers * SERVER_WATTS;
        panels.add(new PowerPanel("utility", List.of(feed("a", siteWatts, ""), feed("b", siteWatts, ""))));
        for (int h = 0, left = servers; left > 0; h++, left -= perHall) {
            String name = "h" + (h + 1);
            panels.add(new PowerPanel(
                    name, List.of(feed("a", hallWatts, "utility/a"), feed("b", hallWatts, "utility/b"))));
            zones.add(new CoolingZone(name, hallWatts));
            halls.add(hall(place, name, h * perHall, Math.min(perHall, left)));
        }
        return new Site(
                place.name(),
                new Jurisdiction(place.country()),
                place.north(),
                place.east(),
                place.pue(),
                place.grams(),
                panels,
                zones,
                List.of(new Fabric("ib", "infiniband", 400)),
                halls);
    }

    private static Feed feed(String name, int watts, String from) {
        return new Feed(name, watts, from.isEmpty() ? Optional.empty() : Optional.of(from));
    }

    private static Hall hall(Place place, String name, int first, int servers) {
        var rows = new ArrayList<Row>();
        for (int r = 0, left = servers; left > 0; r++) {
            var racks = new ArrayList<Rack>();
            for (int k = 0; k < RACKS_PER_ROW && left > 0; k++) {
                int count = Math.min(SERVERS_PER_RACK, left);
                racks.add(rack(place, name, k, first + servers - left, count));
                left -= count;
            }
            rows.add(new Row("r" + (r + 1), racks));
        }
        return new Hall(name, rows);
    }

    private static Rack rack(Place place, String hall, int number, int first, int count) {
        var servers = new ArrayList<Server>();
        for (int s = 0; s < count; s++)
            servers.add(new Server(
                    "s" + (s + 1),
                    1 + 10 * s,
                    8,
                    "dgx-h100",
                    Optional.of(place.name() + "-" + (first + s)),
                    Optional.empty(),
                    "ib",
                    2_000,
                    SERVER_WATTS,
                    112_000,
                    2_097_152,
                    Collections.nCopies(GPUS, new Gpu("H100", 81_559))));
        return new Rack(
                "k" + (number + 1),
                48,
                RACK_WATTS,
                hall,
                List.of(new Pdu("a", hall + "/a", RACK_WATTS), new Pdu("b", hall + "/b", RACK_WATTS)),
                servers);
    }
}
