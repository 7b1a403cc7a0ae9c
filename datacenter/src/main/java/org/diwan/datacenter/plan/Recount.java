package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Feed;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.plan.Plan.Part;

/// Every claim but those of the law, counted from nothing in the plainest way: what stands where, summed
/// up. Servers, parts and workloads are known to exist. Used only by [CertificateChecker].
final class Recount {
    /// What one server carries; watts beyond idle.
    private static final class Load {
        private long cpuMilli;
        private long memoryMib;
        private long watts;
        private final long[] gpu;
        private final long[] gpuMemoryMib;

        private Load(Server server) {
            gpu = new long[server.gpus().size()];
            gpuMemoryMib = new long[gpu.length];
        }
    }

    private final Inventory inventory;
    private final Map<String, Workload> workloads;
    private final List<Assignment> seats;
    private final String lostSite;
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, Set<String>> fatalFeeds = new HashMap<>();
    private final Map<String, Load> loads = new TreeMap<>();
    private final List<Claim> claims = new ArrayList<>();

    Recount(Inventory inventory, Map<String, Workload> workloads, List<Assignment> seats, String lostSite) {
        this.inventory = inventory;
        this.workloads = workloads;
        this.seats = seats;
        this.lostSite = lostSite;
    }

    List<Claim> claims() {
        for (var site : inventory.sites()) for (var one : site.servers()) servers.put(one.path(), one.thing());
        for (var seat : seats) for (var part : seat.parts()) load(workload(seat), part);
        loads.forEach(this::claimServer);
        for (var site : inventory.sites()) if (!site.name().equals(lostSite)) claimPower(site);
        var byWorkload = new LinkedHashMap<String, List<Assignment>>();
        for (var seat : seats)
            byWorkload
                    .computeIfAbsent(seat.workload(), unseen -> new ArrayList<>())
                    .add(seat);
        byWorkload.forEach((name, own) -> claimWorkload(known(workloads, name), own));
        claimIsolation();
        return claims;
    }

    private void load(Workload workload, Part part) {
        var load = loads.computeIfAbsent(part.server(), path -> new Load(known(servers, path)));
        load.cpuMilli += workload.need().cpuMilli();
        load.memoryMib += workload.need().memoryMib();
        load.watts += workload.need().watts();
        for (int gpu : part.gpus()) {
            load.gpu[gpu] += workload.gang().gpuThousandths();
            load.gpuMemoryMib[gpu] += workload.need().gpuMemoryMib();
        }
    }

    private void claimServer(String path, Load load) {
        var server = known(servers, path);
        claim(Constraint.CPU, path, load.cpuMilli, server.cpuMilli());
        claim(Constraint.MEMORY, path, load.memoryMib, server.memoryMib());
        claim(Constraint.SERVER_POWER, path, server.idleWatts() + load.watts, server.maxWatts());
        if (server.gpus().isEmpty()) return;
        int fullest = 0;
        int tightest = 0;
        for (int gpu = 0; gpu < load.gpu.length; gpu++) {
            if (load.gpu[gpu] > load.gpu[fullest]) fullest = gpu;
            if (memoryLeft(server, load, gpu) < memoryLeft(server, load, tightest)) tightest = gpu;
        }
        claim(Constraint.GPU, path, load.gpu[fullest], 1000);
        claim(
                Constraint.GPU_MEMORY,
                path,
                load.gpuMemoryMib[tightest],
                server.gpus().get(tightest).memoryMib());
    }

    private static long memoryLeft(Server server, Load load, int gpu) {
        return server.gpus().get(gpu).memoryMib() - load.gpuMemoryMib[gpu];
    }

    /// Loses each feed in turn, and what hangs on it, and keeps the worst for every PDU and feed. Loads are
    /// in half watts: of a rack with two live PDUs each bears half.
    private void claimPower(Site site) {
        var draws = new TreeMap<String, Long>();
        var zones = new HashMap<String, Long>();
        for (var rack : site.racks()) {
            long draw = 0;
            for (var server : rack.thing().servers()) {
                var load = loads.get(rack.path() + "/" + server.name());
                draw += server.idleWatts() + (load == null ? 0 : load.watts);
            }
            draws.put(rack.path(), draw);
            zones.merge(rack.thing().coolingZone(), draw, Long::sum);
            claim(Constraint.RACK_POWER, rack.path(), draw, rack.thing().powerWatts());
        }
        for (var zone : site.coolingZones())
            claim(
                    Constraint.COOLING,
                    site.name() + "/" + zone.name(),
                    zones.getOrDefault(zone.name(), 0L),
                    zone.capacityWatts());

        var feeds = site.feeds();
        var upwards = upwards(feeds);
        var worst = new TreeMap<String, Claim>();
        var losses = new ArrayList<>(List.of(""));
        losses.addAll(feeds.keySet());
        for (String lost : losses) {
            var onFeed = new HashMap<String, Long>();
            for (String feed : feeds.keySet()) if (!known(upwards, feed).contains(lost)) onFeed.put(feed, 0L);
            for (var rack : site.racks()) {
                var live = rack.thing().pdus().stream()
                        .filter(pdu -> !known(upwards, pdu.feed()).contains(lost))
                        .toList();
                if (live.isEmpty()) fatal(rack.path()).add(site.name() + "/" + lost);
                for (var pdu : live) {
                    long half = 2 * known(draws, rack.path()) / live.size();
                    String place = rack.path() + "/" + pdu.name();
                    keep(worst, site, Constraint.PDU_POWER, place, lost, half, pdu.capacityWatts());
                    for (String up : known(upwards, pdu.feed())) onFeed.merge(up, half, Long::sum);
                }
            }
            onFeed.forEach((feed, half) -> keep(
                    worst,
                    site,
                    Constraint.FEED_POWER,
                    site.name() + "/" + feed,
                    lost,
                    half,
                    known(feeds, feed).capacityWatts()));
        }
        for (var claim : worst.values())
            claims.add(
                    new Claim(claim.constraint(), claim.place(), claim.lost(), (claim.used() + 1) / 2, claim.limit()));
    }

    private Set<String> fatal(String rack) {
        return fatalFeeds.computeIfAbsent(rack, unseen -> new HashSet<>());
    }

    private static void keep(
            Map<String, Claim> worst,
            Site site,
            Constraint constraint,
            String place,
            String lost,
            long half,
            int limit) {
        String feed = lost.isEmpty() ? "" : site.name() + "/" + lost;
        worst.merge(
                constraint + " " + place,
                new Claim(constraint, place, feed, half, limit),
                (old, other) -> other.used() > old.used() ? other : old);
    }

    /// Of each feed: itself, the one it hangs on, and so on up to the grid.
    private static Map<String, List<String>> upwards(Map<String, Feed> feeds) {
        var upwards = new HashMap<String, List<String>>();
        for (String feed : feeds.keySet()) {
            var path = new ArrayList<>(List.of(feed));
            for (var from = known(feeds, feed).from();
                    from.isPresent();
                    from = known(feeds, from.get()).from()) path.add(from.get());
            upwards.put(feed, path);
        }
        return upwards;
    }

    private void claimWorkload(Workload workload, List<Assignment> own) {
        long wrong = 0;
        for (var seat : own) {
            var fabrics = new HashSet<String>();
            for (var part : seat.parts()) {
                var server = known(servers, part.server());
                fabrics.add(part.site() + "/" + server.fabric());
                for (int gpu : part.gpus())
                    if (!workload.need()
                            .gpuModels()
                            .contains(server.gpus().get(gpu).model())) wrong++;
            }
            if (seat.parts().size() > 1) claim(Constraint.FABRIC, seat.name(), fabrics.size(), 1);
        }
        if (workload.gang().gpusPerPart() > 0) claim(Constraint.GPU_MODEL, workload.name(), wrong, 0);
        for (var spread : workload.spread())
            switch (spread) {
                case RACK -> claim(Constraint.SPREAD_RACK, workload.name(), most(own, path -> Set.of(rack(path))), 1);
                case FEED -> claim(Constraint.SPREAD_FEED, workload.name(), most(own, path -> fatal(rack(path))), 1);
                case SITE -> {
                    if (lostSite.isEmpty())
                        claim(Constraint.SPREAD_SITE, workload.name(), most(own, path -> Set.of(site(path))), 1);
                }
            }
    }

    /// Most of the replicas that one domain holds a part of; 1 if none shares any.
    private static long most(List<Assignment> replicas, Function<String, Set<String>> domains) {
        var members = new HashMap<String, Integer>();
        for (var replica : replicas) {
            var own = new HashSet<String>();
            for (var part : replica.parts()) own.addAll(domains.apply(part.server()));
            for (String domain : own) members.merge(domain, 1, Integer::sum);
        }
        return members.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    private void claimIsolation() {
        var tenants = new HashMap<String, Set<String>>();
        var alone = new HashSet<String>();
        for (var seat : seats)
            for (var part : seat.parts()) {
                var isolation = workload(seat).isolation();
                for (String place : List.of(part.server(), rack(part.server())))
                    tenants.computeIfAbsent(place, unseen -> new HashSet<>())
                            .add(workload(seat).tenant());
                if (isolation == Isolation.SERVER) alone.add(part.server());
                if (isolation == Isolation.RACK) alone.add(rack(part.server()));
            }
        for (String place : alone)
            claim(Constraint.ISOLATION, place, known(tenants, place).size(), 1);
    }

    private Workload workload(Assignment seat) {
        return known(workloads, seat.workload());
    }

    static <V> V known(Map<String, V> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    private static String rack(String server) {
        return server.substring(0, server.lastIndexOf('/'));
    }

    private static String site(String server) {
        return server.substring(0, server.indexOf('/'));
    }

    private void claim(Constraint constraint, String place, long used, long limit) {
        claims.add(new Claim(constraint, place, "", used, limit));
    }
}
