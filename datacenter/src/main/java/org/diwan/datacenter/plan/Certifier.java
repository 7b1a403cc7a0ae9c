package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.Certificate.Case;
import org.diwan.datacenter.plan.Certificate.Residence;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.plan.Plan.Part;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;

/// Reads plan and certificate off an estate: the numbers are the sums that the planner kept up, so that
/// a slip in those is found by the checker, which counts from nothing.
final class Certifier {
    private final Estate estate;
    private final Floor floor;
    private final Wants wants;

    Certifier(Estate estate) {
        this.estate = estate;
        this.floor = estate.floor;
        this.wants = estate.wants;
    }

    Plan plan(Inventory inventory, Demand demand) {
        var assignments = new ArrayList<Assignment>();
        for (int replica = 0; replica < wants.replicas(); replica++)
            if (estate.base.placed(replica)) assignments.add(assignment(estate, estate.base, replica));
        var policy = estate.law.policy();
        return new Plan(
                InventoryFile.digest(inventory),
                DemandFile.digest(demand),
                policy.digest(),
                policy.day().toString(),
                assignments);
    }

    Certificate certificate(Plan plan) {
        var hosts = new TreeSet<Integer>();
        for (int replica = 0; replica < wants.replicas(); replica++)
            if (estate.base.placed(replica) && wants.of(replica).tier() == 1) hosts.add(estate.base.site(replica));
        var cases = new ArrayList<Case>();
        cases.add(oneCase(estate.base));
        for (int site : hosts) {
            var loss = estate.losses[site];
            if (loss != null) cases.add(oneCase(loss));
        }
        return new Certificate(plan.digest(), cases);
    }

    /// Where `replica` is in `world`.
    static Assignment assignment(Estate estate, World world, int replica) {
        var wants = estate.wants;
        var parts = new ArrayList<Part>();
        for (int part = 0; part < world.servers[replica].length; part++) {
            var gpus = new ArrayList<Integer>();
            for (int gpu : world.gpus[replica][part]) gpus.add(gpu);
            parts.add(new Part(estate.floor.path(world.servers[replica][part]), gpus));
        }
        return new Assignment(wants.of(replica).name(), replica - wants.first[wants.workload[replica]], parts);
    }

    private Case oneCase(World world) {
        String lostSite = world.lost < 0 ? "" : floor.sites.get(world.lost).name();
        var replacements = new ArrayList<Assignment>();
        for (int replica = 0; replica < wants.replicas(); replica++)
            if (moved(world, replica)) replacements.add(assignment(estate, world, replica));
        var claims = new ArrayList<Claim>();
        claimServers(world, claims);
        claimPower(world, claims);
        claimWorkloads(world, claims);
        Collections.sort(claims);
        return new Case(lostSite, replacements, residences(world), claims);
    }

    private boolean moved(World world, int replica) {
        return world.placed(replica) && estate.base.site(replica) == world.lost;
    }

    private List<Residence> residences(World world) {
        var found = new TreeMap<String, List<Residence>>();
        for (int replica = 0; replica < wants.replicas(); replica++) {
            if (!world.placed(replica)) continue;
            int w = wants.workload[replica];
            int site = world.site(replica);
            found.computeIfAbsent(
                    wants.workloads.get(w).name() + " " + floor.sites.get(site).name(), unseen -> residences(w, site));
        }
        return found.values().stream().flatMap(List::stream).toList();
    }

    private List<Residence> residences(int w, int site) {
        var workload = wants.workloads.get(w);
        var decisions = estate.law.decisions(w, site);
        var residences = new ArrayList<Residence>();
        for (int i = 0; i < decisions.size(); i++) {
            var rules = decisions.get(i).rules().stream()
                    .map(rule -> rule.id() + ": " + rule.law() + ", " + rule.article())
                    .toList();
            List<String> obligations = decisions.get(i) instanceof Decision.Allow allow
                    ? allow.obligations().stream()
                            .map(Obligation::label)
                            .sorted()
                            .toList()
                    : List.of();
            residences.add(new Residence(
                    workload.name(),
                    floor.sites.get(site).name(),
                    workload.data().origins().get(i).code(),
                    decisions.get(i) instanceof Decision.Allow,
                    rules,
                    obligations));
        }
        return residences;
    }

    private void claimServers(World world, List<Claim> claims) {
        var used = new TreeSet<Integer>();
        for (int[] servers : world.servers) for (int server : servers) used.add(server);
        for (int s : used) {
            var server = floor.server(s);
            String path = floor.path(s);
            int start = floor.serverGpus[s];
            claims.add(claim(Constraint.CPU, path, server.cpuMilli() - world.cpuFree[s], server.cpuMilli()));
            claims.add(claim(Constraint.MEMORY, path, server.memoryMib() - world.memoryFree[s], server.memoryMib()));
            claims.add(claim(Constraint.SERVER_POWER, path, server.maxWatts() - world.wattsFree[s], server.maxWatts()));
            if (server.gpus().isEmpty()) continue;
            int fullest = start;
            int tightest = start;
            for (int gpu = start; gpu < floor.serverGpus[s + 1]; gpu++) {
                if (world.gpuFree[gpu] < world.gpuFree[fullest]) fullest = gpu;
                if (world.gpuMemoryFree[gpu] < world.gpuMemoryFree[tightest]) tightest = gpu;
            }
            claims.add(claim(Constraint.GPU, path, 1000 - world.gpuFree[fullest], 1000));
            int memory = server.gpus().get(tightest - start).memoryMib();
            claims.add(claim(Constraint.GPU_MEMORY, path, memory - world.gpuMemoryFree[tightest], memory));
        }
    }

    private void claimPower(World world, List<Claim> claims) {
        for (int rack = 0; rack < floor.racks.size(); rack++) {
            int site = floor.rackSite[rack];
            if (site == world.lost) continue;
            var placed = floor.racks.get(rack);
            long draw = world.rackDraw[rack];
            claims.add(claim(
                    Constraint.RACK_POWER, placed.path(), draw, placed.thing().powerWatts()));
            var grid = world.grids[site];
            int local = rack - floor.siteRacks[site];
            for (int p = 0; p < placed.thing().pdus().size(); p++) {
                var pdu = placed.thing().pdus().get(p);
                claims.add(new Claim(
                        Constraint.PDU_POWER,
                        placed.path() + "/" + pdu.name(),
                        feed(site, grid, draw == 0 ? Grid.NONE : grid.pduLost[local][p]),
                        (grid.pduShare[local][p] * draw + 1) / 2,
                        pdu.capacityWatts()));
            }
        }
        for (int zone = 0, site = 0; site < floor.sites.size(); site++)
            for (int i = 0; i < floor.sites.get(site).coolingZones().size(); i++, zone++)
                if (site != world.lost)
                    claims.add(claim(
                            Constraint.COOLING,
                            floor.zones.get(zone),
                            world.zoneDraw[zone],
                            floor.zoneWatts.get(zone)));
        for (int site = 0; site < floor.sites.size(); site++) if (site != world.lost) claimFeeds(world, site, claims);
    }

    private void claimFeeds(World world, int site, List<Claim> claims) {
        var grid = world.grids[site];
        int[] worst = new int[grid.feedNames.length];
        Arrays.fill(worst, -1);
        for (int row = 0; row < grid.rowFeed.length; row++) {
            int before = worst[grid.rowFeed[row]];
            if (before < 0 || world.feedLoad[site][row] > world.feedLoad[site][before]) worst[grid.rowFeed[row]] = row;
        }
        for (int row : worst)
            claims.add(new Claim(
                    Constraint.FEED_POWER,
                    feed(site, grid, grid.rowFeed[row]),
                    feed(site, grid, grid.rowLost[row]),
                    (world.feedLoad[site][row] + 1) / 2,
                    grid.rowLimit[row] / 2));
    }

    private String feed(int site, Grid grid, int feed) {
        return feed == Grid.NONE ? "" : floor.sites.get(site).name() + "/" + grid.feedNames[feed];
    }

    private void claimWorkloads(World world, List<Claim> claims) {
        var alone = new TreeMap<String, Integer>();
        for (int w = 0; w < wants.workloads.size(); w++) {
            var workload = wants.workloads.get(w);
            int moved = 0;
            int abroad = 0;
            int wrong = 0;
            int seated = 0;
            for (int r = wants.first[w]; r < wants.first[w + 1]; r++) {
                if (!world.placed(r)) continue;
                seated++;
                if (moved(world, r)) {
                    moved++;
                    if (!estate.law.mayMove(w, world.lost, world.site(r))) abroad++;
                }
                wrong += wrongModels(world, r);
                claimFabrics(world, r, claims);
                claimIsolation(world, r, alone);
            }
            if (seated == 0) continue;
            if (moved > 0) claims.add(claim(Constraint.IN_COUNTRY, workload.name(), abroad, 0));
            if (workload.gang().gpusPerPart() > 0) claims.add(claim(Constraint.GPU_MODEL, workload.name(), wrong, 0));
            for (var spread : workload.spread())
                if (spread != Spread.SITE || world.lost < 0) claims.add(claimSpread(world, w, spread));
        }
        alone.forEach((place, tenants) -> claims.add(claim(Constraint.ISOLATION, place, tenants, 1)));
    }

    private int wrongModels(World world, int replica) {
        int wrong = 0;
        for (int part = 0; part < world.servers[replica].length; part++)
            for (int gpu : world.gpus[replica][part]) {
                int model = wants.model[floor.serverGpus[world.servers[replica][part]] + gpu];
                if (!wants.mayUse[wants.workload[replica]][model]) wrong++;
            }
        return wrong;
    }

    private void claimFabrics(World world, int replica, List<Claim> claims) {
        if (wants.of(replica).gang().parts() == 1) return;
        var fabrics = new HashSet<Integer>();
        for (int server : world.servers[replica]) fabrics.add(floor.serverFabric[server]);
        claims.add(claim(Constraint.FABRIC, wants.name(replica), fabrics.size(), 1));
    }

    /// Where nobody else may be, and nobody is: the planner's own check says so.
    private void claimIsolation(World world, int replica, Map<String, Integer> alone) {
        var isolation = wants.of(replica).isolation();
        if (isolation == Isolation.SHARED) return;
        for (int server : world.servers[replica]) {
            int others = world.tenantsInTheWay(replica, server) == 0 ? 0 : 1;
            String place = isolation == Isolation.SERVER
                    ? floor.path(server)
                    : floor.racks.get(floor.serverRack[server]).path();
            alone.merge(place, 1 + others, Math::max);
        }
    }

    /// A crowd is counted in parts of others: without one, no two replicas meet.
    private Claim claimSpread(World world, int w, Spread spread) {
        int most = 0;
        for (int r = wants.first[w]; r < wants.first[w + 1]; r++)
            for (int server : world.servers[r]) most = Math.max(most, 1 + Math.min(1, world.crowd(r, server, spread)));
        var constraint =
                switch (spread) {
                    case RACK -> Constraint.SPREAD_RACK;
                    case FEED -> Constraint.SPREAD_FEED;
                    case SITE -> Constraint.SPREAD_SITE;
                };
        return claim(constraint, wants.workloads.get(w).name(), most, 1);
    }

    private static Claim claim(Constraint constraint, String place, long used, long limit) {
        return new Claim(constraint, place, "", used, limit);
    }
}
