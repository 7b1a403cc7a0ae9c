package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Rule;

/// All that keeps a replica from a server, where [Estate] stops at the first: the slow twin of
/// [World#fits] that can give reasons. The replica itself is out of the estate while it is asked for.
final class Obstacles {
    private final Estate estate;
    private final World world;
    private final Floor floor;
    private final int replica;
    private final List<Obstacle> found = new ArrayList<>();

    private Obstacles(Estate estate, int replica) {
        this.estate = estate;
        this.world = estate.base;
        this.floor = estate.floor;
        this.replica = replica;
    }

    /// What keeps `replica` from `server`, in the order of [Constraint]; empty if it can be there.
    static List<Obstacle> at(Estate estate, int replica, int server) {
        var obstacles = new Obstacles(estate, replica);
        obstacles.law(floorSite(estate, server));
        obstacles.gpus(server);
        obstacles.server(server);
        obstacles.power(server);
        obstacles.company(server);
        // The rest is only worth asking of a server that could hold a part.
        if (obstacles.found.isEmpty()) obstacles.whole(server);
        return obstacles.found;
    }

    private static int floorSite(Estate estate, int server) {
        return estate.floor.site(server);
    }

    private void law(int site) {
        int w = estate.wants.workload[replica];
        var rules = new ArrayList<Rule>();
        int denials = 0;
        for (var decision : estate.law.decisions(w, site))
            if (decision instanceof Decision.Deny deny) {
                denials++;
                rules.addAll(deny.rules());
            }
        if (denials > 0)
            found.add(new Obstacle(
                    new Claim(Constraint.RESIDENCY, floor.sites.get(site).name(), "", denials, 0), rules));
    }

    private void gpus(int server) {
        int w = estate.wants.workload[replica];
        var workload = estate.wants.of(replica);
        int needed = workload.gang().gpusPerPart();
        IntPredicate model = gpu -> estate.wants.mayUse[w][estate.wants.model[gpu]];
        IntPredicate memory =
                model.and(gpu -> world.gpuMemoryFree[gpu] >= workload.need().gpuMemoryMib());
        IntPredicate share =
                model.and(gpu -> world.gpuFree[gpu] >= workload.gang().gpuThousandths());
        require(Constraint.GPU_MODEL, server, needed, model);
        if (!found.isEmpty() && found.getLast().claim().constraint() == Constraint.GPU_MODEL) return;
        int before = found.size();
        require(Constraint.GPU, server, needed, share);
        require(Constraint.GPU_MEMORY, server, needed, memory);
        if (found.size() == before) require(Constraint.GPU, server, needed, share.and(memory));
    }

    private void require(Constraint constraint, int server, int needed, IntPredicate suitable) {
        long count = IntStream.range(floor.serverGpus[server], floor.serverGpus[server + 1])
                .filter(suitable)
                .count();
        bound(constraint, floor.path(server), "", needed, count);
    }

    private void server(int server) {
        var thing = floor.server(server);
        var need = estate.wants.of(replica).need();
        String path = floor.path(server);
        bound(
                Constraint.CPU,
                path,
                "",
                (long) thing.cpuMilli() - world.cpuFree[server] + need.cpuMilli(),
                thing.cpuMilli());
        bound(
                Constraint.MEMORY,
                path,
                "",
                (long) thing.memoryMib() - world.memoryFree[server] + need.memoryMib(),
                thing.memoryMib());
        bound(
                Constraint.SERVER_POWER,
                path,
                "",
                (long) thing.maxWatts() - world.wattsFree[server] + need.watts(),
                thing.maxWatts());
    }

    private void power(int server) {
        int rack = floor.serverRack[server];
        int site = floor.rackSite[rack];
        int local = rack - floor.siteRacks[site];
        int zone = floor.rackZone[rack];
        var placed = floor.racks.get(rack);
        var grid = world.grids[site];
        String siteName = floor.sites.get(site).name();
        int watts = estate.wants.of(replica).need().watts();
        long draw = world.rackDraw[rack] + watts;
        bound(Constraint.RACK_POWER, placed.path(), "", draw, placed.thing().powerWatts());
        for (int p = 0; p < grid.pduShare[local].length; p++) {
            var pdu = placed.thing().pdus().get(p);
            int lost = grid.pduLost[local][p];
            bound(
                    Constraint.PDU_POWER,
                    placed.path() + "/" + pdu.name(),
                    lost == Grid.NONE ? "" : siteName + "/" + grid.feedNames[lost],
                    (grid.pduShare[local][p] * draw + 1) / 2,
                    pdu.capacityWatts());
        }
        for (int row = 0; row < grid.rowFeed.length; row++) {
            if (!grid.bears(local, row)) continue;
            int lost = grid.rowLost[row];
            bound(
                    Constraint.FEED_POWER,
                    siteName + "/" + grid.feedNames[grid.rowFeed[row]],
                    lost == Grid.NONE ? "" : siteName + "/" + grid.feedNames[lost],
                    grid.watts(world.feedLoad[site], row, local, watts),
                    grid.rowLimit[row] / 2);
        }
        bound(Constraint.COOLING, floor.zones.get(zone), "", world.zoneDraw[zone] + watts, floor.zoneWatts.get(zone));
    }

    private void company(int server) {
        if (world.tenantsInTheWay(replica, server) > 0) bound(Constraint.ISOLATION, floor.path(server), "", 2, 1);
        String name = estate.wants.of(replica).name();
        for (var spread : Spread.values())
            if (world.crowd(replica, server, spread) > 0)
                bound(
                        switch (spread) {
                            case RACK -> Constraint.SPREAD_RACK;
                            case FEED -> Constraint.SPREAD_FEED;
                            case SITE -> Constraint.SPREAD_SITE;
                        },
                        name,
                        "",
                        2,
                        1);
    }

    /// The other parts, and the loss of a site: this one, or another whose replacements need the place.
    private void whole(int server) {
        int fabric = floor.serverFabric[server];
        int site = floor.site(server);
        String siteName = floor.sites.get(site).name();
        int parts = estate.wants.of(replica).gang().parts();
        int fit = estate.room(replica, fabric);
        if (fit < parts) {
            bound(Constraint.FABRIC, siteName + "/" + floor.server(server).fabric(), "", parts, fit);
            return;
        }
        for (var loss : estate.losses)
            if (loss != null && loss.lost != site && !loss.fits(replica, server))
                bound(
                        Constraint.SITE_LOSS,
                        floor.path(server),
                        floor.sites.get(loss.lost).name(),
                        1,
                        0);
        if (estate.wants.of(replica).tier() == 1 && !estate.survives(replica, fabric))
            bound(Constraint.SITE_LOSS, estate.wants.name(replica), siteName, 1, 0);
    }

    private void bound(Constraint constraint, String place, String lost, long used, long limit) {
        if (used > limit) found.add(new Obstacle(new Claim(constraint, place, lost, used, limit), List.of()));
    }
}
