package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.sovereignty.policy.Policy;

/// A plan that follows the world, one event at a time: replicas arrive and leave, servers, feeds and whole
/// sites go down and come back, the law changes. After each event every limit holds again, also for the
/// loss of any one further feed; what no longer fits or is no longer lawful is put elsewhere or waits.
///
/// The answer to a lost site is known before: the replacements of tier 1 ([Estate]). They move first; the
/// rest looks for a place. Where there is no room for a replacement as well, a replica of tier 1 runs
/// without ([#exposed]) rather than not at all.
///
/// What was running and has to move is a failover: it may go only where the law lets it fail over to.
/// One thread owns a fleet.
public final class Fleet {
    /// Waiting replicas that are tried after one event, and replacements sought: what an event may cost.
    private static final int RETRIES = 8;

    private final Estate estate;
    private final Floor floor;
    private final Wants wants;
    private final boolean[] serverDown;
    private final boolean[][] feedDown;
    private final boolean[] siteDown;
    private final BitSet waiting = new BitSet();
    private final BitSet changed = new BitSet();
    private int nextWaiting;
    private int nextExposed;

    /// The inventory, all of it up, with nothing placed.
    ///
    /// @throws IllegalArgumentException when the demand names a site that the inventory lacks
    public Fleet(Inventory inventory, Demand demand, Policy policy) {
        estate = Planner.estate(inventory, demand, policy);
        floor = estate.floor;
        wants = estate.wants;
        serverDown = new boolean[floor.servers.size()];
        siteDown = new boolean[floor.sites.size()];
        feedDown = new boolean[siteDown.length][];
        for (int site = 0; site < siteDown.length; site++)
            feedDown[site] = new boolean[floor.grids[site].feedNames.length];
    }

    /// As [#Fleet(Inventory,Demand,Policy)], with everything where `file` has it, replacements too.
    ///
    /// @throws IllegalArgumentException when the plan is not one for these three
    Fleet(Inventory inventory, Demand demand, Policy policy, PlanFile file) {
        this(inventory, demand, policy);
        Planner.load(estate, file);
    }

    // --- what is ---------------------------------------------------------------------------------------

    /// Replicas of the demand, counted through workload by workload.
    public int replicas() {
        return wants.replicas();
    }

    /// Where `replica` is; empty if it waits or is not wanted.
    public Optional<Assignment> place(int replica) {
        return estate.base.placed(replica)
                ? Optional.of(Certifier.assignment(estate, estate.base, replica))
                : Optional.empty();
    }

    /// Where `replica` would go if `site` were lost; empty if it is not there, or has no replacement.
    public Optional<Assignment> replacement(int replica, String site) {
        var loss = estate.losses[site(site)];
        return loss != null && isReplacement(loss, replica)
                ? Optional.of(Certifier.assignment(estate, loss, replica))
                : Optional.empty();
    }

    /// Replicas that arrived and have no place.
    public int waiting() {
        return waiting.cardinality();
    }

    /// Placed replicas of tier 1 that the loss of their site would leave without a place.
    public int exposed() {
        int exposed = 0;
        for (int replica = 0; replica < replicas(); replica++) if (isExposed(replica)) exposed++;
        return exposed;
    }

    /// Replicas whose place the last event changed.
    public BitSet changed() {
        return (BitSet) changed.clone();
    }

    private boolean isExposed(int replica) {
        if (!estate.base.placed(replica) || wants.of(replica).tier() != 1) return false;
        var loss = estate.losses[estate.base.site(replica)];
        return loss == null || !loss.placed(replica);
    }

    // --- events ----------------------------------------------------------------------------------------

    /// `replica` is wanted. True if it has a place now; else it waits for one.
    public boolean arrive(int replica) {
        changed.clear();
        if (estate.base.placed(replica)) return true;
        boolean seated = seat(replica);
        waiting.set(replica, !seated);
        return seated;
    }

    /// `replica` is no longer wanted.
    public void leave(int replica) {
        changed.clear();
        evict(replica);
        waiting.clear(replica);
        estate.cameFrom[replica] = Estate.NOWHERE;
        settle();
    }

    /// The server at `path` stops, or runs again.
    ///
    /// @throws IllegalArgumentException when there is none
    public void server(String path, boolean up) {
        changed.clear();
        var server = floor.serverIndex.get(path);
        if (server == null) throw new IllegalArgumentException("there is no server at '" + path + "'");
        serverDown[server] = !up;
        restore(floor.site(server));
        settle();
    }

    /// A feed `panel/feed` of `site`, and all that hangs on it, loses its voltage, or has it again.
    ///
    /// @throws IllegalArgumentException when there is none
    public void feed(String site, String feed, boolean up) {
        changed.clear();
        int number = site(site);
        int at = List.of(floor.grids[number].feedNames).indexOf(feed);
        if (at < 0) throw new IllegalArgumentException(site + " has no feed '" + feed + "'");
        feedDown[number][at] = !up;
        var down = feedDown[number];
        var grid = new Grid(floor.sites.get(number), floor.racksOf(number), down);
        for (var world : estate.all()) world.rewire(number, grid);
        restore(number);
        settle();
    }

    /// `site` is lost, or back. When lost, its replicas of tier 1 move to their replacements at once.
    ///
    /// @throws IllegalArgumentException when there is no such site
    public void site(String site, boolean up) {
        changed.clear();
        int number = site(site);
        if (siteDown[number] != up) return;
        siteDown[number] = !up;
        estate.base.keepsSites = IntStream.range(0, siteDown.length).noneMatch(one -> siteDown[one]);
        if (up) welcome(number);
        else failOver(number);
        settle();
    }

    /// From now on `policy` is the law.
    public void law(Policy policy) {
        changed.clear();
        estate.law = new Residency(wants, floor, policy);
        displace(replica -> !estate.law.allows(wants.workload[replica], estate.base.site(replica)));
        for (var loss : estate.losses)
            if (loss != null)
                for (int replica = 0; replica < replicas(); replica++)
                    if (isReplacement(loss, replica)
                            && !estate.law.mayMove(wants.workload[replica], loss.lost, loss.site(replica)))
                        loss.take(replica);
        settle();
    }

    private int site(String name) {
        var site = floor.siteIndex.get(name);
        if (site == null)
            throw new IllegalArgumentException(
                    "there is no site '" + name + "', there are " + floor.siteIndex.keySet());
        return site;
    }

    // --- what events do ----------------------------------------------------------------------------------

    private void failOver(int site) {
        var loss = estate.losses[site];
        estate.losses[site] = null;
        open(site);
        var lost = new ArrayList<Integer>();
        for (int replica = 0; replica < replicas(); replica++)
            if (estate.base.placed(replica) && estate.base.site(replica) == site) lost.add(replica);
        lost.sort(estate.hardestFirst());
        for (int replica : lost) {
            evict(replica);
            waiting.set(replica);
        }
        if (loss != null)
            for (int replica : lost)
                if (loss.placed(replica)
                        && estate.putAt(replica, loss.servers[replica], loss.gpus[replica], estate.base)) {
                    mirror(replica);
                    waiting.clear(replica);
                }
        // Replacements that stood at the site are gone with it.
        for (var other : estate.losses)
            if (other != null)
                for (int replica = 0; replica < replicas(); replica++)
                    if (other.placed(replica) && other.site(replica) == site) other.take(replica);
        for (int replica : lost) if (waiting.get(replica) && seat(replica)) waiting.clear(replica);
    }

    private void welcome(int site) {
        open(site);
        if (wants.workloads.stream().noneMatch(workload -> workload.tier() == 1)) return;
        var loss = new World(floor, wants, site);
        for (int other = 0; other < siteDown.length; other++) loss.rewire(other, estate.base.grids[other]);
        estate.losses[site] = loss;
        for (int other = 0; other < siteDown.length; other++) open(other);
        for (int replica = 0; replica < replicas(); replica++)
            if (estate.base.placed(replica) && !estate.putAsInBase(replica, loss))
                throw new AssertionError("what fits the whole world fits the world without a site");
    }

    /// Makes everything hold again at `site` after something there went down or came up.
    private void restore(int site) {
        open(site);
        displace(replica -> Arrays.stream(estate.base.servers[replica]).anyMatch(server -> !estate.base.open[server]));
        for (int row = overload(estate.base, site); row >= 0; row = overload(estate.base, site)) {
            int victim = victim(site, row);
            if (victim < 0) break;
            evict(victim);
            waiting.set(victim);
        }
        for (var loss : estate.losses) {
            if (loss == null || loss.lost == site) continue;
            boolean overloaded = overload(loss, site) >= 0;
            for (int replica = 0; replica < replicas(); replica++)
                if (isReplacement(loss, replica)
                        && ((overloaded && loss.site(replica) == site)
                                || Arrays.stream(loss.servers[replica]).anyMatch(server -> !loss.open[server])))
                    loss.take(replica);
        }
    }

    /// Says in all worlds which servers of `site` may take parts.
    private void open(int site) {
        for (var world : estate.all())
            for (int server = 0; server < serverDown.length; server++) {
                if (floor.site(server) != site) continue;
                boolean dark = world.grids[site].dark[floor.serverRack[server] - floor.siteRacks[site]];
                world.open[server] = !serverDown[server] && !dark && !siteDown[site] && world.lost != site;
            }
    }

    /// Evicts what `wrong` says and looks for other places, high tiers first.
    private void displace(IntPredicate wrong) {
        var out = new ArrayList<Integer>();
        for (int replica = 0; replica < replicas(); replica++)
            if (estate.base.placed(replica) && wrong.test(replica)) out.add(replica);
        out.sort(estate.hardestFirst());
        for (int replica : out) {
            evict(replica);
            waiting.set(replica);
        }
        for (int replica : out) if (seat(replica)) waiting.clear(replica);
    }

    /// A rack of `site` beyond what its PDUs bear, counted from the number of rows; or a row of its grid that
    /// is overloaded; or −1.
    private int overload(World world, int site) {
        var grid = world.grids[site];
        for (int row = 0; row < grid.rowLimit.length; row++)
            if (world.feedLoad[site][row] > grid.rowLimit[row]) return row;
        for (int local = 0; local < grid.dark.length; local++)
            if (world.rackDraw[floor.siteRacks[site] + local] > world.rackWatts(floor.siteRacks[site] + local))
                return grid.rowLimit.length + local;
        return -1;
    }

    /// The replica of lowest tier that bears on an overloaded row or rack; −1 if none does.
    private int victim(int site, int row) {
        var grid = estate.base.grids[site];
        int victim = -1;
        for (int replica = 0; replica < replicas(); replica++)
            for (int server : estate.base.servers[replica]) {
                int local = floor.serverRack[server] - floor.siteRacks[site];
                boolean bears = floor.site(server) == site
                        && wants.of(replica).need().watts() > 0
                        && (row < grid.rowLimit.length ? grid.bears(local, row) : local == row - grid.rowLimit.length);
                if (bears
                        && (victim < 0
                                || wants.of(replica).tier() > wants.of(victim).tier())) victim = replica;
            }
        return victim;
    }

    private void evict(int replica) {
        if (!estate.base.placed(replica)) return;
        estate.cameFrom[replica] = estate.base.site(replica);
        estate.evict(replica);
        changed.set(replica);
    }

    /// With a replacement if that can be; else tier 1 takes the room of others' replacements.
    private boolean seat(int replica) {
        boolean seated = estate.seat(replica);
        if (!seated && wants.of(replica).tier() == 1) seated = estate.seat(replica, false) || squeeze(replica);
        if (seated) changed.set(replica);
        return seated;
    }

    private boolean squeeze(int replica) {
        if (!estate.seatInBase(replica)) return false;
        mirror(replica);
        return true;
    }

    /// Puts `replica` in every world as in the base, in the way of which only replacements can be.
    private void mirror(int replica) {
        changed.set(replica);
        for (var loss : estate.losses) {
            if (loss == null || loss.lost == estate.base.site(replica) || estate.putAsInBase(replica, loss)) continue;
            for (int other = 0; other < replicas(); other++) if (isReplacement(loss, other)) loss.take(other);
            if (!estate.putAsInBase(replica, loss))
                throw new AssertionError("without replacements a world is the base and less");
        }
    }

    private boolean isReplacement(World loss, int replica) {
        return loss.placed(replica) && estate.base.placed(replica) && estate.base.site(replica) == loss.lost;
    }

    /// Gives a few of those that wait a place, and a few that are exposed a replacement, in turn.
    private void settle() {
        for (int tries = 0; tries < RETRIES && !waiting.isEmpty(); tries++) {
            int replica = waiting.nextSetBit(nextWaiting);
            if (replica < 0) replica = waiting.nextSetBit(0);
            nextWaiting = replica + 1;
            if (seat(replica)) waiting.clear(replica);
        }
        for (int tries = 0, seen = 0; tries < RETRIES && seen < replicas(); seen++) {
            int replica = nextExposed;
            nextExposed = (nextExposed + 1) % replicas();
            if (!isExposed(replica)) continue;
            tries++;
            estate.replace(replica);
        }
    }
}
