package org.diwan.datacenter.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Spread;

/// Who is where, and what is left, in one case: nothing lost, or one site. Sums are kept up with every
/// change, so that [#fits] is a handful of comparisons. It trusts its caller with the law.
///
/// One thread owns a world. Copies share what does not change.
final class World {
    private static final int[] NOWHERE = {};
    private static final int[][] NOTHING = {};

    /// The kinds of counted pairs: a tenant or workload, and where.
    private enum Pair {
        TENANT_SERVER(0),
        TENANT_RACK(1),
        ALONE_SERVER(2),
        ALONE_RACK(3),
        RACK(4),
        FEED(5),
        SITE(6);

        /// Below 8: three bits of a key.
        private final int number;

        Pair(int number) {
            this.number = number;
        }
    }

    final Floor floor;
    final Wants wants;

    /// The site that is lost here, or −1.
    final int lost;

    /// Whether replicas must keep to different sites: not when one is lost.
    boolean keepsSites;

    /// By server: may take parts. Closed are those of a lost site, those down, those without power.
    final boolean[] open;

    /// By replica: the server of each part placed, and its GPUs as places in the server's list.
    final int[][] servers;

    final int[][][] gpus;

    /// By site: who feeds whom now.
    final Grid[] grids;

    final int[] gpuFree;
    final int[] gpuMemoryFree;
    final int[] serverGpuFree;
    final int[] cpuFree;
    final int[] memoryFree;
    final int[] wattsFree;
    final long[] rackDraw;
    final long[] zoneDraw;
    final long[][] feedLoad;
    private final int[] serverParts;
    private final int[] serverAlone;
    private final int[] rackParts;
    private final int[] rackAlone;
    private final Map<Long, Integer> pairs;

    /// An empty world: every server on and idle.
    World(Floor floor, Wants wants, int lost) {
        this.floor = floor;
        this.wants = wants;
        this.lost = lost;
        keepsSites = lost < 0;
        int count = floor.servers.size();
        open = new boolean[count];
        servers = new int[wants.replicas()][];
        gpus = new int[wants.replicas()][][];
        Arrays.fill(servers, NOWHERE);
        Arrays.fill(gpus, NOTHING);
        grids = floor.grids.clone();
        gpuFree = new int[floor.serverGpus[count]];
        Arrays.fill(gpuFree, 1000);
        gpuMemoryFree = new int[gpuFree.length];
        serverGpuFree = new int[count];
        cpuFree = new int[count];
        memoryFree = new int[count];
        wattsFree = new int[count];
        rackDraw = new long[floor.racks.size()];
        zoneDraw = new long[floor.zones.size()];
        for (int s = 0; s < count; s++) {
            var server = floor.server(s);
            int rack = floor.serverRack[s];
            open[s] = floor.rackSite[rack] != lost;
            for (int g = 0; g < server.gpus().size(); g++)
                gpuMemoryFree[floor.serverGpus[s] + g] = server.gpus().get(g).memoryMib();
            serverGpuFree[s] = 1000 * server.gpus().size();
            cpuFree[s] = server.cpuMilli();
            memoryFree[s] = server.memoryMib();
            wattsFree[s] = server.maxWatts() - server.idleWatts();
            rackDraw[rack] += server.idleWatts();
            zoneDraw[floor.rackZone[rack]] += server.idleWatts();
        }
        feedLoad = new long[grids.length][];
        for (int site = 0; site < grids.length; site++)
            feedLoad[site] = grids[site].loads(rackDraw, floor.siteRacks[site]);
        serverParts = new int[count];
        serverAlone = new int[count];
        rackParts = new int[floor.racks.size()];
        rackAlone = new int[floor.racks.size()];
        pairs = new HashMap<>();
    }

    private World(World other) {
        floor = other.floor;
        wants = other.wants;
        lost = other.lost;
        keepsSites = other.keepsSites;
        open = other.open.clone();
        servers = other.servers.clone();
        gpus = other.gpus.clone();
        grids = other.grids.clone();
        gpuFree = other.gpuFree.clone();
        gpuMemoryFree = other.gpuMemoryFree.clone();
        serverGpuFree = other.serverGpuFree.clone();
        cpuFree = other.cpuFree.clone();
        memoryFree = other.memoryFree.clone();
        wattsFree = other.wattsFree.clone();
        rackDraw = other.rackDraw.clone();
        zoneDraw = other.zoneDraw.clone();
        feedLoad = new long[grids.length][];
        for (int i = 0; i < feedLoad.length; i++) feedLoad[i] = other.feedLoad[i].clone();
        serverParts = other.serverParts.clone();
        serverAlone = other.serverAlone.clone();
        rackParts = other.rackParts.clone();
        rackAlone = other.rackAlone.clone();
        pairs = new HashMap<>(other.pairs);
    }

    World copy() {
        return new World(this);
    }

    /// Whether all parts of `replica` are placed.
    boolean placed(int replica) {
        return servers[replica].length == wants.of(replica).gang().parts();
    }

    int site(int replica) {
        return floor.site(servers[replica][0]);
    }

    /// Whether the next part of `replica` may go to `server`, GPUs and the law aside.
    boolean fits(int replica, int server) {
        var workload = wants.of(replica);
        var need = workload.need();
        int rack = floor.serverRack[server];
        int site = floor.rackSite[rack];
        return open[server]
                && serverGpuFree[server]
                        >= workload.gang().gpusPerPart() * workload.gang().gpuThousandths()
                && cpuFree[server] >= need.cpuMilli()
                && memoryFree[server] >= need.memoryMib()
                && wattsFree[server] >= need.watts()
                && rackDraw[rack] + need.watts() <= rackWatts(rack)
                && zoneDraw[floor.rackZone[rack]] + need.watts() <= floor.zoneWatts.get(floor.rackZone[rack])
                && grids[site].overloaded(feedLoad[site], rack - floor.siteRacks[site], need.watts()) < 0
                && isolated(replica, server)
                && crowd(replica, server, Spread.RACK) == 0
                && crowd(replica, server, Spread.FEED) == 0
                && crowd(replica, server, Spread.SITE) == 0;
    }

    /// What rack and PDUs bear.
    long rackWatts(int rack) {
        int site = floor.rackSite[rack];
        return Math.min(floor.racks.get(rack).thing().powerWatts(), grids[site].pduWatts[rack - floor.siteRacks[site]]);
    }

    /// Whether `gpu`, counted through the floor, may be one of the next part's.
    boolean gpuFits(int replica, int gpu) {
        var workload = wants.of(replica);
        return gpuFree[gpu] >= workload.gang().gpuThousandths()
                && gpuMemoryFree[gpu] >= workload.need().gpuMemoryMib()
                && wants.mayUse[wants.workload[replica]][wants.model[gpu]];
    }

    private boolean isolated(int replica, int server) {
        return tenantsInTheWay(replica, server) == 0;
    }

    /// Parts of other tenants that this replica may not be with, or that may not be with it, on `server`.
    int tenantsInTheWay(int replica, int server) {
        int w = wants.workload[replica];
        var isolation = wants.workloads.get(w).isolation();
        int rack = floor.serverRack[server];
        if (isolation == Isolation.SHARED && serverAlone[server] == 0 && rackAlone[rack] == 0) return 0;
        int tenant = wants.tenant[w];
        int inTheWay = serverAlone[server] - count(Pair.ALONE_SERVER, tenant, server);
        inTheWay += rackAlone[rack] - count(Pair.ALONE_RACK, tenant, rack);
        if (isolation != Isolation.SHARED) inTheWay += serverParts[server] - count(Pair.TENANT_SERVER, tenant, server);
        if (isolation == Isolation.RACK) inTheWay += rackParts[rack] - count(Pair.TENANT_RACK, tenant, rack);
        return inTheWay;
    }

    /// Parts of other replicas of the same workload that `server` shares a rack, a fatal feed or a site
    /// with, if they must not. Where a site is lost, sites do not count.
    int crowd(int replica, int server, Spread spread) {
        if (!wants.of(replica).spread().contains(spread) || (spread == Spread.SITE && !keepsSites)) return 0;
        int crowd = 0;
        for (int domain : domains(spread, server)) {
            crowd += count(pair(spread), wants.workload[replica], domain);
            for (int own : servers[replica]) for (int other : domains(spread, own)) if (other == domain) crowd--;
        }
        return crowd;
    }

    private int[] domains(Spread spread, int server) {
        int rack = floor.serverRack[server];
        int site = floor.rackSite[rack];
        return switch (spread) {
            case RACK -> new int[] {rack};
            case SITE -> new int[] {site};
            case FEED -> {
                int[] fatal = floor.grids[site].fatal[rack - floor.siteRacks[site]].clone();
                for (int i = 0; i < fatal.length; i++) fatal[i] += floor.firstFeed[site];
                yield fatal;
            }
        };
    }

    private static Pair pair(Spread spread) {
        return switch (spread) {
            case RACK -> Pair.RACK;
            case FEED -> Pair.FEED;
            case SITE -> Pair.SITE;
        };
    }

    private int count(Pair pair, int who, int where) {
        return pairs.getOrDefault(key(pair, who, where), 0);
    }

    private static long key(Pair pair, int who, int where) {
        return ((long) who << 32 | where) << 3 | pair.number;
    }

    /// Puts the next part of `replica` on `server`.
    void put(int replica, int server, int[] places) {
        servers[replica] = Arrays.copyOf(servers[replica], servers[replica].length + 1);
        servers[replica][servers[replica].length - 1] = server;
        gpus[replica] = Arrays.copyOf(gpus[replica], gpus[replica].length + 1);
        gpus[replica][gpus[replica].length - 1] = places;
        change(replica, server, places, 1);
    }

    /// Takes all parts of `replica` away, if there are any.
    void take(int replica) {
        for (int part = 0; part < servers[replica].length; part++)
            change(replica, servers[replica][part], gpus[replica][part], -1);
        servers[replica] = NOWHERE;
        gpus[replica] = NOTHING;
    }

    private void change(int replica, int server, int[] places, int sign) {
        int w = wants.workload[replica];
        var workload = wants.workloads.get(w);
        var need = workload.need();
        int rack = floor.serverRack[server];
        int site = floor.rackSite[rack];
        for (int place : places) {
            gpuFree[floor.serverGpus[server] + place] -= sign * workload.gang().gpuThousandths();
            gpuMemoryFree[floor.serverGpus[server] + place] -= sign * need.gpuMemoryMib();
        }
        serverGpuFree[server] -= sign * places.length * workload.gang().gpuThousandths();
        cpuFree[server] -= sign * need.cpuMilli();
        memoryFree[server] -= sign * need.memoryMib();
        wattsFree[server] -= sign * need.watts();
        rackDraw[rack] += sign * (long) need.watts();
        zoneDraw[floor.rackZone[rack]] += sign * (long) need.watts();
        grids[site].add(feedLoad[site], rack - floor.siteRacks[site], sign * (long) need.watts());
        serverParts[server] += sign;
        rackParts[rack] += sign;
        count(Pair.TENANT_SERVER, wants.tenant[w], server, sign);
        count(Pair.TENANT_RACK, wants.tenant[w], rack, sign);
        if (workload.isolation() != Isolation.SHARED) {
            serverAlone[server] += sign;
            count(Pair.ALONE_SERVER, wants.tenant[w], server, sign);
        }
        if (workload.isolation() == Isolation.RACK) {
            rackAlone[rack] += sign;
            count(Pair.ALONE_RACK, wants.tenant[w], rack, sign);
        }
        for (var spread : workload.spread())
            for (int domain : domains(spread, server)) count(pair(spread), w, domain, sign);
    }

    private void count(Pair pair, int who, int where, int change) {
        pairs.merge(key(pair, who, where), change, (old, more) -> old + more == 0 ? null : old + more);
    }

    /// Gives `site` another grid, as after the loss or return of a feed.
    void rewire(int site, Grid grid) {
        grids[site] = grid;
        feedLoad[site] = grid.loads(rackDraw, floor.siteRacks[site]);
    }
}
