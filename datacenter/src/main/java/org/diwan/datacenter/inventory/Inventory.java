package org.diwan.datacenter.inventory;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.diwan.sovereignty.Jurisdiction;

/// Everything an operator owns, as a tree: region → site → hall → row → rack → server → GPU; and
/// beside the halls what feeds and cools them: power panels with their feeds, cooling zones, fabrics.
///
/// An inventory that exists is sound: names are unique among siblings (sites and regions everywhere),
/// every reference resolves, no feed is fed by itself, no two servers share a rack unit, no number is
/// negative. What a record refuses it refuses by name. Lists keep the order of the file.
///
/// A place is named by its path below the site: `riyadh-1/h1/r1/r1-01/s1`. Power is in watts at the
/// server's plug, memory in MiB, CPU in thousandths of a core.
public record Inventory(String name, List<Region> regions) {
    /// Most GPUs in one inventory: ten times the largest operator planned for.
    public static final int MAX_GPUS = 1_000_000;

    /// Most watts anything is rated at: a site of 2 GW.
    public static final int MAX_WATTS = 2_000_000_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public Inventory {
        checkName(name, "inventory");
        regions = unique(regions, Region::name, "region", name);
        unique(regions.stream().flatMap(region -> region.sites().stream()).toList(), Site::name, "site", name);
        int gpus = 0;
        for (var region : regions) for (var site : region.sites()) gpus += site.gpuCount();
        range(gpus, 0, MAX_GPUS, "GPUs", name);
    }

    /// Sites that are reached and counted together, such as a country's west.
    public record Region(String name, List<Site> sites) {
        public Region {
            checkName(name, "region");
            sites = unique(sites, Site::name, "site", name);
        }
    }

    /// Buildings in one place under one law.
    ///
    /// @param latitude degrees north, `[-90, 90]`
    /// @param longitude degrees east, `[-180, 180]`
    /// @param pue power usage effectiveness (ISO/IEC 30134-2): facility watts per watt at the plug, `[1, 4]`
    /// @param gramsPerKwh CO₂ equivalent of the grid's electricity, `[0, 2000]`
    public record Site(
            String name,
            Jurisdiction jurisdiction,
            double latitude,
            double longitude,
            double pue,
            int gramsPerKwh,
            List<PowerPanel> panels,
            List<CoolingZone> coolingZones,
            List<Fabric> fabrics,
            List<Hall> halls) {
        public Site {
            checkName(name, "site");
            range(latitude, -90, 90, "latitude", name);
            range(longitude, -180, 180, "longitude", name);
            range(pue, 1, 4, "pue", name);
            range(gramsPerKwh, 0, 2000, "gramsPerKwh", name);
            panels = unique(panels, PowerPanel::name, "power panel", name);
            coolingZones = unique(coolingZones, CoolingZone::name, "cooling zone", name);
            fabrics = unique(fabrics, Fabric::name, "fabric", name);
            halls = unique(halls, Hall::name, "hall", name);
            var feeds = feeds(panels);
            refuseCycles(name, feeds);
            checkReferences(name, halls, feeds.keySet(), coolingZones, fabrics);
        }

        /// Every feed by its path below the site, `panel/feed`, in the order of the file.
        public Map<String, Feed> feeds() {
            return feeds(panels);
        }

        /// Every rack with its path, `site/hall/row/rack`, in the order of the file.
        public List<Placed<Rack>> racks() {
            var racks = new ArrayList<Placed<Rack>>();
            for (var hall : halls)
                for (var row : hall.rows())
                    for (var rack : row.racks())
                        racks.add(new Placed<>(String.join("/", name, hall.name(), row.name(), rack.name()), rack));
            return racks;
        }

        /// Every server with its path, `site/hall/row/rack/server`, in the order of the file.
        public List<Placed<Server>> servers() {
            var servers = new ArrayList<Placed<Server>>();
            for (var rack : racks())
                for (var server : rack.thing().servers())
                    servers.add(new Placed<>(rack.path() + "/" + server.name(), server));
            return servers;
        }

        int gpuCount() {
            return servers().stream()
                    .mapToInt(server -> server.thing().gpus().size())
                    .sum();
        }

        private static Map<String, Feed> feeds(List<PowerPanel> panels) {
            var feeds = new LinkedHashMap<String, Feed>();
            for (var panel : panels) for (var feed : panel.feeds()) feeds.put(panel.name() + "/" + feed.name(), feed);
            return feeds;
        }
    }

    /// A thing and the path by which it is named.
    public record Placed<T>(String path, T thing) {}

    /// A board from which feeds go out.
    public record PowerPanel(String name, List<Feed> feeds) {
        public PowerPanel {
            checkName(name, "power panel");
            feeds = unique(feeds, Feed::name, "feed", name);
        }
    }

    /// A circuit that can be lost as one.
    ///
    /// @param capacityWatts what the breaker holds for ever; above it, it trips
    /// @param from the feed upstream, `panel/feed`; its loss is the loss of this one, its capacity
    ///     bounds the sum of all that hangs on it. Empty for a feed from the grid
    public record Feed(String name, int capacityWatts, Optional<String> from) {
        public Feed {
            checkName(name, "feed");
            range(capacityWatts, 0, MAX_WATTS, "capacityWatts", name);
        }
    }

    /// Racks cooled by the same units.
    ///
    /// @param capacityWatts heat that is carried away for ever
    public record CoolingZone(String name, int capacityWatts) {
        public CoolingZone {
            checkName(name, "cooling zone");
            range(capacityWatts, 0, MAX_WATTS, "capacityWatts", name);
        }
    }

    /// A network inside which the parts of one replica may talk to each other.
    ///
    /// @param kind `infiniband`, `ethernet`, `nvlink`: a label, nothing is computed from it
    /// @param gbps gigabits per second of one port
    public record Fabric(String name, String kind, int gbps) {
        public Fabric {
            checkName(name, "fabric");
            checkName(kind, "fabric kind");
            range(gbps, 1, 1_000_000, "gbps", name);
        }
    }

    /// A room.
    public record Hall(String name, List<Row> rows) {
        public Hall {
            checkName(name, "hall");
            rows = unique(rows, Row::name, "row", name);
        }
    }

    /// Racks side by side.
    public record Row(String name, List<Rack> racks) {
        public Row {
            checkName(name, "row");
            racks = unique(racks, Rack::name, "rack", name);
        }
    }

    /// A cabinet.
    ///
    /// @param units height in rack units; unit 1 is at the bottom (EIA-310)
    /// @param powerWatts what all its servers together may draw
    /// @param pdus the strips its servers plug into: one, or two on different feeds (A and B), each of
    ///     which carries everything when the other is lost
    public record Rack(
            String name, int units, int powerWatts, String coolingZone, List<Pdu> pdus, List<Server> servers) {
        public Rack {
            checkName(name, "rack");
            range(units, 1, 100, "units", name);
            range(powerWatts, 0, MAX_WATTS, "powerWatts", name);
            pdus = unique(pdus, Pdu::name, "PDU", name);
            range(pdus.size(), 1, 2, "number of PDUs", name);
            if (pdus.size() == 2 && pdus.getFirst().feed().equals(pdus.getLast().feed()))
                throw wrong(
                        name,
                        "PDUs " + pdus.getFirst().name() + " and "
                                + pdus.getLast().name() + " both hang on feed "
                                + pdus.getFirst().feed()
                                + ", so losing it loses the rack; name two feeds, or one PDU");
            servers = unique(servers, Server::name, "server", name);
            refuseOverlaps(name, units, servers);
        }
    }

    /// A strip of sockets.
    ///
    /// @param feed `panel/feed`
    /// @param meter where it says what it delivers, if it can
    public record Pdu(String name, String feed, int capacityWatts, Optional<Meter> meter) {
        public Pdu {
            checkName(name, "PDU");
            range(capacityWatts, 0, MAX_WATTS, "capacityWatts", name);
        }

        /// A strip that nobody can ask.
        public Pdu(String name, String feed, int capacityWatts) {
            this(name, feed, capacityWatts, Optional.empty());
        }
    }

    /// How a strip is asked over SNMPv2c.
    ///
    /// @param host name or address of the strip
    /// @param oid the object that holds its power, such as `1.3.6.1.4.1.318.1.1.26.4.3.1.5.1`
    /// @param unitWatts what one unit of that object is in watts, such as 10
    public record Meter(String host, int port, String community, String oid, double unitWatts) {
        private static final Pattern OID = Pattern.compile("[0-2](\\.\\d{1,9}){2,63}");

        public Meter {
            range(port, 1, 65_535, "port", host);
            range(unitWatts, 1e-6, 1e6, "unitWatts", host);
            if (!OID.matcher(oid).matches()) throw wrong(host, "oid '" + oid + "' must be numbers with dots between");
        }
    }

    /// A machine.
    ///
    /// @param unit the lowest rack unit it fills
    /// @param height rack units it fills
    /// @param bmc the address of its baseboard controller's Redfish service
    /// @param metrics the page of its GPUs' exporter, such as `http://10.0.0.1:9400/metrics`
    /// @param idleWatts drawn when on and doing nothing
    /// @param maxWatts drawn at most
    public record Server(
            String name,
            int unit,
            int height,
            String model,
            Optional<String> serial,
            Optional<URI> bmc,
            Optional<URI> metrics,
            String fabric,
            int idleWatts,
            int maxWatts,
            int cpuMilli,
            int memoryMib,
            List<Gpu> gpus) {
        public Server {
            checkName(name, "server");
            range(unit, 1, 100, "unit", name);
            range(height, 1, 100, "height", name);
            range(maxWatts, 0, MAX_WATTS, "maxWatts", name);
            range(idleWatts, 0, maxWatts, "idleWatts", name);
            range(cpuMilli, 0, Integer.MAX_VALUE, "cpuMilli", name);
            range(memoryMib, 0, Integer.MAX_VALUE, "memoryMib", name);
            gpus = List.copyOf(gpus);
            range(gpus.size(), 0, 64, "number of GPUs", name);
            bmc.ifPresent(address -> checkAddress(address, "bmc", name));
            metrics.ifPresent(address -> checkAddress(address, "metrics", name));
        }

        /// A machine whose GPUs have no exporter.
        public Server(
                String name,
                int unit,
                int height,
                String model,
                Optional<String> serial,
                Optional<URI> bmc,
                String fabric,
                int idleWatts,
                int maxWatts,
                int cpuMilli,
                int memoryMib,
                List<Gpu> gpus) {
            this(
                    name,
                    unit,
                    height,
                    model,
                    serial,
                    bmc,
                    Optional.empty(),
                    fabric,
                    idleWatts,
                    maxWatts,
                    cpuMilli,
                    memoryMib,
                    gpus);
        }
    }

    /// An accelerator, named by its place in its server's list.
    public record Gpu(String model, int memoryMib) {
        public Gpu {
            checkName(model, "GPU model");
            range(memoryMib, 0, Integer.MAX_VALUE, "memoryMib", model);
        }
    }

    /// Every site, in the order of the file.
    public List<Site> sites() {
        return regions.stream().flatMap(region -> region.sites().stream()).toList();
    }

    // --- what a record refuses ---------------------------------------------------------------------

    private static void checkReferences(
            String site, List<Hall> halls, Set<String> feeds, List<CoolingZone> zones, List<Fabric> fabrics) {
        var zoneNames = names(zones, CoolingZone::name);
        var fabricNames = names(fabrics, Fabric::name);
        for (var hall : halls)
            for (var row : hall.rows())
                for (var rack : row.racks()) {
                    String path = String.join("/", site, hall.name(), row.name(), rack.name());
                    known(zoneNames, rack.coolingZone(), "cooling zone", path);
                    for (var pdu : rack.pdus()) known(feeds, pdu.feed(), "feed", path + "/" + pdu.name());
                    for (var server : rack.servers())
                        known(fabricNames, server.fabric(), "fabric", path + "/" + server.name());
                }
    }

    /// Walks up from each feed; a walk longer than there are feeds has met one twice.
    private static void refuseCycles(String site, Map<String, Feed> feeds) {
        for (String path : feeds.keySet()) {
            String at = path;
            for (int steps = 0; ; steps++) {
                var feed = feeds.get(at);
                if (feed == null)
                    throw wrong(site + "/" + path, "is fed from '" + at + "', and the site has " + feeds.keySet());
                if (feed.from().isEmpty()) break;
                if (steps > feeds.size()) throw wrong(site + "/" + path, "is fed by itself through " + at);
                at = feed.from().get();
            }
        }
    }

    private static void refuseOverlaps(String rack, int units, List<Server> servers) {
        var holders = new HashMap<Integer, String>();
        for (var server : servers)
            for (int unit = server.unit(); unit < server.unit() + server.height(); unit++) {
                if (unit > units)
                    throw wrong(rack + "/" + server.name(), "ends at unit " + unit + " of a rack of " + units);
                String other = holders.put(unit, server.name());
                if (other != null) throw wrong(rack, "unit " + unit + " holds both " + other + " and " + server.name());
            }
    }

    private static <T> List<T> unique(List<T> things, Function<T, String> name, String what, String where) {
        var seen = new HashSet<String>();
        for (var thing : things)
            if (!seen.add(name.apply(thing))) throw wrong(where, "has two " + what + "s named " + name.apply(thing));
        return List.copyOf(things);
    }

    private static <T> Set<String> names(List<T> things, Function<T, String> name) {
        var names = new HashSet<String>();
        for (var thing : things) names.add(name.apply(thing));
        return names;
    }

    private static void known(Set<String> names, String name, String what, String where) {
        if (!names.contains(name))
            throw wrong(where, "names the " + what + " '" + name + "', and the site has " + names);
    }

    /// Refuses what is no name: names end up in paths, certificates and commands.
    public static void checkName(String name, String what) {
        if (!NAME.matcher(name).matches())
            throw new IllegalArgumentException("the " + what + " name '" + name
                    + "' must be 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-', a letter or digit first");
    }

    /// Refuses a `value` outside `[low, high]`, and NaN.
    public static void range(double value, double low, double high, String what, String where) {
        // Written so that NaN fails.
        if (!(value >= low && value <= high))
            throw wrong(where, "%s is %s, must be %s to %s".formatted(what, plain(value), plain(low), plain(high)));
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static void checkAddress(URI address, String what, String where) {
        boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!web || address.getHost() == null)
            throw wrong(where, what + " '" + address + "' must be http://HOST or https://HOST");
    }

    private static IllegalArgumentException wrong(String where, String what) {
        return new IllegalArgumentException(where + ": " + what);
    }
}
