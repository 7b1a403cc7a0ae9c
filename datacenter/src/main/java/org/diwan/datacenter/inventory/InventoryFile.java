package org.diwan.datacenter.inventory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.diwan.datacenter.inventory.Inventory.CoolingZone;
import org.diwan.datacenter.inventory.Inventory.Fabric;
import org.diwan.datacenter.inventory.Inventory.Feed;
import org.diwan.datacenter.inventory.Inventory.Gpu;
import org.diwan.datacenter.inventory.Inventory.Hall;
import org.diwan.datacenter.inventory.Inventory.Meter;
import org.diwan.datacenter.inventory.Inventory.Pdu;
import org.diwan.datacenter.inventory.Inventory.PowerPanel;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Region;
import org.diwan.datacenter.inventory.Inventory.Row;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.sovereignty.Jurisdiction;

/// An [Inventory] as YAML or JSON; the two are one format, member for member, and what is written reads
/// back equal. A member that the format does not know is refused.
///
/// ```yaml
/// inventory: gulf-telecom
/// regions:
///   - name: central
///     sites:
///       - name: riyadh-1
///         jurisdiction: sa
///         latitude: 24.7
///         longitude: 46.7
///         pue: 1.35
///         gramsPerKwh: 550
///         panels:
///           - {name: grid, feeds: [{name: main, capacityWatts: 900000}]}
///           - {name: p1, feeds: [{name: a, capacityWatts: 400000, from: grid/main}]}
///         coolingZones: [{name: c1, capacityWatts: 380000}]
///         fabrics: [{name: ib, kind: infiniband, gbps: 400}]
///         halls:
///           - name: h1
///             rows:
///               - name: r1
///                 racks:
///                   - name: r1-01
///                     units: 48
///                     powerWatts: 40000
///                     coolingZone: c1
///                     pdus:
///                       - {name: a, feed: p1/a, capacityWatts: 40000, meter: {host: 10.0.9.1, community: public,
///                          oid: 1.3.6.1.4.1.318.1.1.26.4.3.1.5.1, unitWatts: 10}}
///                     servers:
///                       - {name: s1, unit: 1, height: 8, model: dgx-h100, fabric: ib, idleWatts: 1800,
///                          maxWatts: 10200, cpuMilli: 112000, memoryMib: 2097152,
///                          serial: SN-1, bmc: 'https://10.0.0.1', metrics: 'http://10.1.0.1:9400/metrics',
///                          gpus: [{model: H100, memoryMib: 81559, count: 8}]}
/// ```
public final class InventoryFile {
    private InventoryFile() {}

    /// The inventory in `file`; JSON where the name ends in `.json`, else YAML.
    ///
    /// @throws IOException when it cannot be read
    /// @throws IllegalArgumentException naming file, place and what is wrong with it
    public static Inventory read(Path file) throws IOException {
        return Document.read(file, InventoryFile::inventory);
    }

    /// The inventory that `text` describes, JSON or YAML.
    ///
    /// @throws IllegalArgumentException naming the place and what is wrong with it
    public static Inventory parse(String text, boolean json) {
        return inventory(Document.parse(text, json));
    }

    public static String yaml(Inventory inventory) {
        return Document.text(tree(inventory), false);
    }

    public static String json(Inventory inventory) {
        return Document.text(tree(inventory), true);
    }

    /// SHA-256 of the inventory's canonical JSON (RFC 8785), in lower-case hexadecimal: what a
    /// certificate refers to.
    public static String digest(Inventory inventory) {
        return Document.digest(tree(inventory));
    }

    // --- reading -------------------------------------------------------------------------------------

    private static Inventory inventory(Cursor root) {
        return root.with("inventory", "regions")
                .as(at -> new Inventory(at.at("inventory").text(), at.all("regions", InventoryFile::region)));
    }

    private static Region region(Cursor in) {
        in.with("name", "sites");
        return in.as(at -> new Region(name(at), at.all("sites", InventoryFile::site)));
    }

    private static Site site(Cursor in) {
        in.with(
                "name",
                "jurisdiction",
                "latitude",
                "longitude",
                "pue",
                "gramsPerKwh",
                "panels",
                "coolingZones",
                "fabrics",
                "halls");
        return in.as(at -> new Site(
                name(at),
                new Jurisdiction(at.at("jurisdiction").text()),
                at.at("latitude").number(),
                at.at("longitude").number(),
                at.at("pue").number(),
                at.at("gramsPerKwh").whole(),
                at.all("panels", InventoryFile::panel),
                at.all("coolingZones", zone -> zone.with("name", "capacityWatts")
                        .as(z -> new CoolingZone(name(z), z.at("capacityWatts").whole()))),
                at.all("fabrics", fabric -> fabric.with("name", "kind", "gbps")
                        .as(f -> new Fabric(
                                name(f), f.at("kind").text(), f.at("gbps").whole()))),
                at.all("halls", InventoryFile::hall)));
    }

    private static PowerPanel panel(Cursor in) {
        in.with("name", "feeds");
        return in.as(at -> new PowerPanel(name(at), at.all("feeds", feed -> feed.with("name", "capacityWatts", "from")
                .as(f -> new Feed(
                        name(f), f.at("capacityWatts").whole(), f.find("from").map(Cursor::text))))));
    }

    private static Hall hall(Cursor in) {
        in.with("name", "rows");
        return in.as(at -> new Hall(name(at), at.all("rows", row -> row.with("name", "racks")
                .as(r -> new Row(name(r), r.all("racks", InventoryFile::rack))))));
    }

    private static Rack rack(Cursor in) {
        in.with("name", "units", "powerWatts", "coolingZone", "pdus", "servers");
        return in.as(at -> new Rack(
                name(at),
                at.at("units").whole(),
                at.at("powerWatts").whole(),
                at.at("coolingZone").text(),
                at.all("pdus", InventoryFile::pdu),
                at.all("servers", InventoryFile::server)));
    }

    private static Pdu pdu(Cursor in) {
        in.with("name", "feed", "capacityWatts", "meter");
        return in.as(at -> new Pdu(
                name(at),
                at.at("feed").text(),
                at.at("capacityWatts").whole(),
                at.find("meter").map(meter -> meter.with("host", "port", "community", "oid", "unitWatts")
                        .as(m -> new Meter(
                                m.at("host").text(),
                                m.find("port").map(Cursor::whole).orElse(161),
                                m.at("community").text(),
                                m.at("oid").text(),
                                m.at("unitWatts").number())))));
    }

    private static Server server(Cursor in) {
        in.with(
                "name",
                "unit",
                "height",
                "model",
                "serial",
                "bmc",
                "metrics",
                "fabric",
                "idleWatts",
                "maxWatts",
                "cpuMilli",
                "memoryMib",
                "gpus");
        return in.as(at -> new Server(
                name(at),
                at.at("unit").whole(),
                at.at("height").whole(),
                at.at("model").text(),
                at.find("serial").map(Cursor::text),
                at.find("bmc").map(bmc -> URI.create(bmc.text())),
                at.find("metrics").map(metrics -> URI.create(metrics.text())),
                at.at("fabric").text(),
                at.at("idleWatts").whole(),
                at.at("maxWatts").whole(),
                at.at("cpuMilli").whole(),
                at.at("memoryMib").whole(),
                at.all("gpus", InventoryFile::gpus).stream()
                        .flatMap(List::stream)
                        .toList()));
    }

    private static List<Gpu> gpus(Cursor in) {
        in.with("model", "memoryMib", "count");
        int count = in.find("count").map(Cursor::whole).orElse(1);
        if (count < 1 || count > 64) throw in.at("count").wrong("must be 1 to 64, is " + count);
        Gpu gpu = in.as(at -> new Gpu(at.at("model").text(), at.at("memoryMib").whole()));
        return Collections.nCopies(count, gpu);
    }

    private static String name(Cursor in) {
        return in.at("name").text();
    }

    // --- writing -------------------------------------------------------------------------------------

    private static Map<String, Object> tree(Inventory inventory) {
        return map(
                "inventory",
                inventory.name(),
                "regions",
                each(
                        inventory.regions(),
                        region -> map("name", region.name(), "sites", each(region.sites(), InventoryFile::tree))));
    }

    private static Map<String, Object> tree(Site site) {
        return map(
                "name",
                site.name(),
                "jurisdiction",
                site.jurisdiction().code(),
                "latitude",
                site.latitude(),
                "longitude",
                site.longitude(),
                "pue",
                site.pue(),
                "gramsPerKwh",
                site.gramsPerKwh(),
                "panels",
                each(
                        site.panels(),
                        panel -> map("name", panel.name(), "feeds", each(panel.feeds(), InventoryFile::tree))),
                "coolingZones",
                each(site.coolingZones(), zone -> map("name", zone.name(), "capacityWatts", zone.capacityWatts())),
                "fabrics",
                each(
                        site.fabrics(),
                        fabric -> map("name", fabric.name(), "kind", fabric.kind(), "gbps", fabric.gbps())),
                "halls",
                each(
                        site.halls(),
                        hall -> map(
                                "name",
                                hall.name(),
                                "rows",
                                each(
                                        hall.rows(),
                                        row -> map(
                                                "name",
                                                row.name(),
                                                "racks",
                                                each(row.racks(), InventoryFile::tree))))));
    }

    private static Map<String, Object> tree(Feed feed) {
        var tree = map("name", feed.name(), "capacityWatts", feed.capacityWatts());
        feed.from().ifPresent(from -> tree.put("from", from));
        return tree;
    }

    private static Map<String, Object> tree(Rack rack) {
        return map(
                "name",
                rack.name(),
                "units",
                rack.units(),
                "powerWatts",
                rack.powerWatts(),
                "coolingZone",
                rack.coolingZone(),
                "pdus",
                each(rack.pdus(), InventoryFile::tree),
                "servers",
                each(rack.servers(), InventoryFile::tree));
    }

    private static Map<String, Object> tree(Pdu pdu) {
        var tree = map("name", pdu.name(), "feed", pdu.feed(), "capacityWatts", pdu.capacityWatts());
        pdu.meter()
                .ifPresent(meter -> tree.put(
                        "meter",
                        map(
                                "host",
                                meter.host(),
                                "port",
                                meter.port(),
                                "community",
                                meter.community(),
                                "oid",
                                meter.oid(),
                                "unitWatts",
                                meter.unitWatts())));
        return tree;
    }

    private static Map<String, Object> tree(Server server) {
        var tree = map(
                "name",
                server.name(),
                "unit",
                server.unit(),
                "height",
                server.height(),
                "model",
                server.model(),
                "fabric",
                server.fabric(),
                "idleWatts",
                server.idleWatts(),
                "maxWatts",
                server.maxWatts(),
                "cpuMilli",
                server.cpuMilli(),
                "memoryMib",
                server.memoryMib(),
                "gpus",
                groups(server.gpus()));
        server.serial().ifPresent(serial -> tree.put("serial", serial));
        server.bmc().ifPresent(bmc -> tree.put("bmc", bmc.toString()));
        server.metrics().ifPresent(metrics -> tree.put("metrics", metrics.toString()));
        return tree;
    }

    /// Equal neighbours are written once, with their count.
    private static List<Object> groups(List<Gpu> gpus) {
        var groups = new ArrayList<Object>();
        for (int i = 0, end; i < gpus.size(); i = end) {
            var gpu = gpus.get(i);
            end = i + 1;
            while (end < gpus.size() && gpus.get(end).equals(gpu)) end++;
            groups.add(map("model", gpu.model(), "memoryMib", gpu.memoryMib(), "count", end - i));
        }
        return groups;
    }

    private static <T> List<Object> each(List<T> things, Function<T, Object> write) {
        return things.stream().map(write).toList();
    }

    /// A map in the order given: name, value, name, value …
    private static Map<String, Object> map(Object... members) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < members.length; i += 2) map.put((String) members[i], members[i + 1]);
        return map;
    }
}
