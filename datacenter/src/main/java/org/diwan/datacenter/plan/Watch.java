package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Pdu;
import org.diwan.datacenter.inventory.Inventory.Placed;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.plan.Plan.Part;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Policy;

/// An eye on a fleet that believes nothing it is not told: it is told what is down and where replicas
/// are, keeps its own sums, and after each event counts the touched sites through. Of the planner it uses
/// nothing. [CertificateChecker] counts everything; this is quick enough for every event.
final class Watch {
    private final Map<String, Site> sites = new HashMap<>();
    private final Map<String, List<Placed<Rack>>> racks = new HashMap<>();
    private final Map<String, Map<String, List<String>>> upwards = new HashMap<>();
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, Workload> workloads = new HashMap<>();
    private final Map<String, Assignment> places = new HashMap<>();
    private final Map<String, long[]> used = new HashMap<>();
    private final Map<String, Long> gpuUsed = new HashMap<>();
    private final Set<String> serversDown = new HashSet<>();
    private final Set<String> feedsDown = new HashSet<>();
    private final Set<String> sitesDown = new HashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private final Set<String> moved = new LinkedHashSet<>();
    private final Map<String, Boolean> lawful = new HashMap<>();
    private boolean changed;
    private Policy policy;

    Watch(Inventory inventory, Demand demand, Policy policy) {
        this.policy = policy;
        for (var site : inventory.sites()) {
            sites.put(site.name(), site);
            racks.put(site.name(), site.racks());
            for (var server : site.servers()) servers.put(server.path(), server.thing());
            var paths = new HashMap<String, List<String>>();
            for (String feed : site.feeds().keySet()) {
                var path = new ArrayList<>(List.of(feed));
                var from = Recount.known(site.feeds(), feed).from();
                while (from.isPresent()) {
                    path.add(from.get());
                    from = Recount.known(site.feeds(), from.get()).from();
                }
                paths.put(feed, path);
            }
            upwards.put(site.name(), paths);
        }
        for (var workload : demand.workloads()) workloads.put(workload.name(), workload);
    }

    // --- what it is told -----------------------------------------------------------------------------

    void server(String path, boolean up) {
        mark(serversDown, path, up);
        changed = true;
        touched.add(path.substring(0, path.indexOf('/')));
    }

    void feed(String site, String feed, boolean up) {
        mark(feedsDown, site + "/" + feed, up);
        touched.add(site);
    }

    void site(String site, boolean up) {
        mark(sitesDown, site, up);
        changed = true;
        touched.add(site);
    }

    void law(Policy law) {
        policy = law;
        lawful.clear();
        changed = true;
        touched.addAll(sites.keySet());
    }

    private static void mark(Set<String> down, String what, boolean up) {
        if (up) down.remove(what);
        else down.add(what);
    }

    /// The replica called `name` is now at `place`, or nowhere.
    void place(String name, Optional<Assignment> place) {
        var before = places.remove(name);
        if (before != null) add(before, -1);
        if (place.isEmpty()) return;
        places.put(name, place.get());
        moved.add(name);
        add(place.get(), 1);
    }

    private void add(Assignment one, int sign) {
        var workload = Recount.known(workloads, one.workload());
        for (var part : one.parts()) {
            touched.add(part.site());
            long[] sums = used.computeIfAbsent(part.server(), unseen -> new long[3]);
            sums[0] += sign * (long) workload.need().cpuMilli();
            sums[1] += sign * (long) workload.need().memoryMib();
            sums[2] += sign * (long) workload.need().watts();
            for (int gpu : part.gpus())
                gpuUsed.merge(
                        part.server() + "/" + gpu, (long) sign * workload.gang().gpuThousandths(), Long::sum);
        }
    }

    // --- what it finds ---------------------------------------------------------------------------------

    Map<String, Assignment> places() {
        return Map.copyOf(places);
    }

    /// The first thing that does not hold at a site that was touched since the last call.
    Optional<String> violation() {
        Optional<String> found = Optional.empty();
        for (String site : touched) if (found.isEmpty() && !sitesDown.contains(site)) found = power(site);
        // Nobody's home changes unless somebody moved, or the law did, or something is down.
        for (String name : changed ? places.keySet() : moved) {
            var one = places.get(name);
            if (found.isEmpty() && one != null) found = residents(one);
        }
        moved.clear();
        changed = false;
        touched.clear();
        return found;
    }

    private Optional<String> residents(Assignment one) {
        var data = Recount.known(workloads, one.workload()).data();
        for (var part : one.parts()) {
            var site = Recount.known(sites, part.site());
            if (sitesDown.contains(site.name()) || serversDown.contains(part.server()))
                return Optional.of(one.name() + " is on " + part.server() + ", which is down");
            if (!lawful.computeIfAbsent(one.workload() + " " + site.name(), unseen -> data.origins().stream()
                    .allMatch(origin ->
                            policy.decide(data.request(origin, site.jurisdiction())) instanceof Decision.Allow)))
                return Optional.of(one.name() + " is at " + site.name() + " against the law");
            var full = full(part);
            if (full.isPresent()) return full;
        }
        return Optional.empty();
    }

    private Optional<String> full(Part part) {
        var server = Recount.known(servers, part.server());
        long[] sums = Recount.known(used, part.server());
        if (sums[0] > server.cpuMilli()
                || sums[1] > server.memoryMib()
                || sums[2] > server.maxWatts() - server.idleWatts())
            return Optional.of(part.server() + " holds more than it can");
        for (int gpu : part.gpus())
            if (gpuUsed.getOrDefault(part.server() + "/" + gpu, 0L) > 1000)
                return Optional.of(part.server() + " shares GPU " + gpu + " out twice");
        return Optional.empty();
    }

    /// Everything that is fed and cooled at `site`, with nothing more lost, and with each further feed.
    private Optional<String> power(String site) {
        var zones = new HashMap<String, Long>();
        var draws = new HashMap<String, Long>();
        for (var rack : Recount.known(racks, site)) {
            long draw = 0;
            for (var server : rack.thing().servers()) {
                long[] sums = used.get(rack.path() + "/" + server.name());
                draw += server.idleWatts() + (sums == null ? 0 : sums[2]);
                if (sums != null && sums[2] > 0 && live(site, rack.thing(), "").isEmpty())
                    return Optional.of(rack.path() + " is dark and holds replicas");
            }
            if (draw > rack.thing().powerWatts()) return Optional.of(rack.path() + " draws " + draw + " W");
            draws.put(rack.path(), draw);
            zones.merge(rack.thing().coolingZone(), draw, Long::sum);
        }
        for (var zone : Recount.known(sites, site).coolingZones())
            if (zones.getOrDefault(zone.name(), 0L) > zone.capacityWatts())
                return Optional.of(site + "/" + zone.name() + " is too hot");
        var overload = feeds(site, draws, "");
        for (String lost : Recount.known(upwards, site).keySet())
            if (overload.isEmpty()) overload = feeds(site, draws, lost);
        return overload;
    }

    private Optional<String> feeds(String site, Map<String, Long> draws, String lost) {
        var loads = new HashMap<String, Long>();
        for (var rack : Recount.known(racks, site)) {
            var live = live(site, rack.thing(), lost);
            for (var pdu : live) {
                long half = 2 * Recount.known(draws, rack.path()) / live.size();
                if (half > 2L * pdu.capacityWatts())
                    return Optional.of(rack.path() + "/" + pdu.name() + " is overloaded without '" + lost + "'");
                for (String feed : Recount.known(Recount.known(upwards, site), pdu.feed()))
                    loads.merge(feed, half, Long::sum);
            }
        }
        for (var load : loads.entrySet())
            if (load.getValue()
                    > 2L
                            * Recount.known(Recount.known(sites, site).feeds(), load.getKey())
                                    .capacityWatts())
                return Optional.of(site + "/" + load.getKey() + " is overloaded without '" + lost + "'");
        return Optional.empty();
    }

    private List<Pdu> live(String site, Rack rack, String lost) {
        return rack.pdus().stream()
                .filter(pdu -> Recount.known(Recount.known(upwards, site), pdu.feed()).stream()
                        .noneMatch(feed -> feed.equals(lost) || feedsDown.contains(site + "/" + feed)))
                .toList();
    }

    /// The inventory as it is without what is down, for a checker that knows of nothing being down.
    Inventory standing(Inventory whole) {
        var regions = new ArrayList<Inventory.Region>();
        for (var region : whole.regions())
            regions.add(new Inventory.Region(
                    region.name(),
                    region.sites().stream()
                            .filter(site -> !sitesDown.contains(site.name()))
                            .map(this::standing)
                            .toList()));
        return new Inventory(whole.name(), regions);
    }

    private Site standing(Site site) {
        var panels = new ArrayList<Inventory.PowerPanel>();
        for (var panel : site.panels())
            panels.add(new Inventory.PowerPanel(
                    panel.name(),
                    panel.feeds().stream()
                            .filter(feed ->
                                    Recount.known(Recount.known(upwards, site.name()), panel.name() + "/" + feed.name())
                                            .stream()
                                            .noneMatch(up -> feedsDown.contains(site.name() + "/" + up)))
                            .toList()));
        var halls = new ArrayList<Inventory.Hall>();
        for (var hall : site.halls()) {
            var rows = new ArrayList<Inventory.Row>();
            for (var row : hall.rows()) {
                var left = new ArrayList<Rack>();
                for (var rack : row.racks()) {
                    String path = String.join("/", site.name(), hall.name(), row.name(), rack.name());
                    var live = live(site.name(), rack, "");
                    if (!live.isEmpty()) left.add(standing(path, rack, live));
                }
                rows.add(new Inventory.Row(row.name(), left));
            }
            halls.add(new Inventory.Hall(hall.name(), rows));
        }
        return new Site(
                site.name(),
                site.jurisdiction(),
                site.latitude(),
                site.longitude(),
                site.pue(),
                site.gramsPerKwh(),
                panels,
                site.coolingZones(),
                site.fabrics(),
                halls);
    }

    private Rack standing(String path, Rack rack, List<Pdu> live) {
        return new Rack(
                rack.name(),
                rack.units(),
                rack.powerWatts(),
                rack.coolingZone(),
                live,
                rack.servers().stream()
                        .filter(server -> !serversDown.contains(path + "/" + server.name()))
                        .toList());
    }
}
