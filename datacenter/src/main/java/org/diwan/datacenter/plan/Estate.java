package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.jspecify.annotations.Nullable;

/// The world as it is and, for each site, the world in which that site is lost, kept in step. In the
/// world without its site a replica of tier 1 stands at its *replacement*; every other replica stands
/// in all worlds where it stands in the first. A placement is made only if it fits in all of them, so
/// the loss of a site is decided before it happens: the replacements are read off.
///
/// The alternative, to place first and look for replacements afterwards, finds a site full only when
/// everything has been placed, and has to begin again.
///
/// One thread owns an estate.
final class Estate {
    /// No site.
    static final int NOWHERE = -1;

    final Floor floor;
    final Wants wants;
    Residency law;

    /// Nothing lost but what is down.
    final World base;

    /// By site; none where the site is down already, or where no workload is of tier 1.
    final @Nullable World[] losses;

    /// By replica: the site it ran at when it last lost its place, to which its next is a failover; or
    /// [#NOWHERE].
    final int[] cameFrom;

    /// Candidates looked at so far: what a search is billed by.
    long work;

    /// Shuffles the scores where one is set; a search wants other answers to the same question.
    @Nullable
    RandomGenerator noise;

    Estate(Floor floor, Wants wants, Residency law) {
        this.floor = floor;
        this.wants = wants;
        this.law = law;
        base = new World(floor, wants, NOWHERE);
        cameFrom = new int[wants.replicas()];
        Arrays.fill(cameFrom, NOWHERE);
        losses = new @Nullable World[floor.sites.size()];
        if (wants.workloads.stream().anyMatch(workload -> workload.tier() == 1))
            for (int site = 0; site < losses.length; site++) losses[site] = new World(floor, wants, site);
    }

    private Estate(Estate other) {
        floor = other.floor;
        wants = other.wants;
        law = other.law;
        work = other.work;
        noise = other.noise;
        base = other.base.copy();
        cameFrom = other.cameFrom.clone();
        losses = new @Nullable World[other.losses.length];
        for (int site = 0; site < losses.length; site++) {
            var loss = other.losses[site];
            losses[site] = loss == null ? null : loss.copy();
        }
    }

    Estate copy() {
        return new Estate(this);
    }

    /// All worlds in which what stands at `site` stands: the first is [#base].
    private List<World> sharing(int site) {
        var sharing = new ArrayList<World>();
        sharing.add(base);
        for (var loss : losses) if (loss != null && loss.lost != site) sharing.add(loss);
        return sharing;
    }

    List<World> all() {
        return sharing(NOWHERE);
    }

    /// Whether the loss of the site of `replica` must leave it a place.
    boolean needsReplacement(int replica) {
        return wants.of(replica).tier() == 1 && losses[base.site(replica)] != null;
    }

    // --- placing -------------------------------------------------------------------------------------

    /// Places `replica`, and its replacement if it is of tier 1; false, and nothing is changed, if that
    /// cannot be.
    boolean seat(int replica) {
        return seat(replica, true);
    }

    /// As [#seat], with or without a replacement.
    boolean seat(int replica, boolean replacement) {
        long[] scores = scores(replica, base, NOWHERE);
        for (int fabric = top(scores); fabric >= 0; fabric = top(scores)) {
            scores[fabric] = Long.MIN_VALUE;
            var worlds = sharing(floor.fabricSite[fabric]);
            if (!build(replica, fabric, worlds)) continue;
            if (!replacement || !needsReplacement(replica) || replace(replica)) return true;
            for (var world : worlds) world.take(replica);
        }
        return false;
    }

    /// Finds `replica`, which is placed, its place in the world that has lost its site.
    boolean replace(int replica) {
        int from = base.site(replica);
        var loss = losses[from];
        if (loss == null) return false;
        long[] scores = scores(replica, loss, from);
        for (int fabric = top(scores); fabric >= 0; fabric = top(scores)) {
            scores[fabric] = Long.MIN_VALUE;
            if (build(replica, fabric, List.of(loss))) return true;
        }
        return false;
    }

    /// Places `replica` in [#base] alone.
    boolean seatInBase(int replica) {
        long[] scores = scores(replica, base, NOWHERE);
        for (int fabric = top(scores); fabric >= 0; fabric = top(scores)) {
            scores[fabric] = Long.MIN_VALUE;
            if (build(replica, fabric, List.of(base))) return true;
        }
        return false;
    }

    /// As [#seat], and if replacements are all that is in the way, these move.
    boolean seatPushing(int replica) {
        if (seat(replica)) return true;
        long[] scores = scores(replica, base, NOWHERE);
        for (int fabric = top(scores); fabric >= 0; fabric = top(scores)) {
            scores[fabric] = Long.MIN_VALUE;
            if (!build(replica, fabric, List.of(base))) continue;
            var before = losses.clone();
            if (push(replica)) return true;
            System.arraycopy(before, 0, losses, 0, losses.length);
            base.take(replica);
        }
        return false;
    }

    private boolean push(int replica) {
        int from = base.site(replica);
        for (int site = 0; site < losses.length; site++) {
            var loss = losses[site];
            if (loss == null || site == from) continue;
            var copy = loss.copy();
            losses[site] = copy;
            var moved = new ArrayList<Integer>();
            if (!fitsAsInBase(replica, copy))
                for (int other = 0; other < wants.replicas(); other++)
                    if (copy.placed(other) && base.site(other) == site) {
                        copy.take(other);
                        moved.add(other);
                    }
            if (!putAsInBase(replica, copy)) return false;
            moved.sort(hardestFirst());
            for (int other : moved) if (!replace(other)) return false;
        }
        if (!needsReplacement(replica)) return true;
        var loss = losses[from];
        if (loss != null) losses[from] = loss.copy();
        return replace(replica);
    }

    private boolean fitsAsInBase(int replica, World world) {
        boolean fits = putAsInBase(replica, world);
        world.take(replica);
        return fits;
    }

    /// Puts `replica` in `world` where it is in [#base]; false, and it is nowhere in it, if it does not fit.
    boolean putAsInBase(int replica, World world) {
        return putAt(replica, base.servers[replica], base.gpus[replica], world);
    }

    /// Puts `replica` at just these servers and GPUs; false, and it is nowhere in `world`, if it does not fit.
    boolean putAt(int replica, int[] servers, int[][] gpus, World world) {
        for (int part = 0; part < servers.length; part++) {
            int server = servers[part];
            boolean fits = world.fits(replica, server);
            for (int place : gpus[part]) fits = fits && world.gpuFits(replica, floor.serverGpus[server] + place);
            if (!fits) {
                world.take(replica);
                return false;
            }
            world.put(replica, server, gpus[part]);
        }
        return true;
    }

    /// Takes `replica` out of all worlds.
    void evict(int replica) {
        for (var world : all()) world.take(replica);
    }

    /// Places all parts in `fabric` in all `worlds`, or none.
    private boolean build(int replica, int fabric, List<World> worlds) {
        for (int part = 0; part < wants.of(replica).gang().parts(); part++) {
            int server = best(replica, floor.fabricServers[fabric], worlds);
            if (server < 0) {
                for (var world : worlds) world.take(replica);
                return false;
            }
            int[] places = choose(replica, server, worlds);
            for (var world : worlds) world.put(replica, server, places);
        }
        return true;
    }

    /// How many parts of `replica`, which is nowhere, fit into `fabric` in [#base].
    int room(int replica, int fabric) {
        int parts = wants.of(replica).gang().parts();
        int fit = 0;
        var worlds = List.of(base);
        for (; fit < parts; fit++) {
            int server = best(replica, floor.fabricServers[fabric], worlds);
            if (server < 0) break;
            base.put(replica, server, choose(replica, server, worlds));
        }
        base.take(replica);
        return fit;
    }

    /// Whether `replica`, which is nowhere and has room in `fabric`, would find a replacement.
    boolean survives(int replica, int fabric) {
        if (!build(replica, fabric, List.of(base))) return false;
        boolean survives = replace(replica);
        evict(replica);
        return survives;
    }

    /// The best server of each fabric for the first part of `replica` in `world`, as its score; the least
    /// number where there is none.
    ///
    /// @param from the site that is lost, for a replacement; else [#NOWHERE]
    private long[] scores(int replica, World world, int from) {
        int w = wants.workload[replica];
        long[] scores = new long[floor.fabricServers.length];
        Arrays.fill(scores, Long.MIN_VALUE);
        for (int fabric = 0; fabric < scores.length; fabric++) {
            int site = floor.fabricSite[fabric];
            int before = from == NOWHERE ? cameFrom[replica] : from;
            if (site == from || !(before == NOWHERE ? law.allows(w, site) : law.mayMove(w, before, site))) continue;
            int server = best(replica, floor.fabricServers[fabric], List.of(world));
            if (server >= 0) scores[fabric] = score(replica, server, world);
        }
        return scores;
    }

    private static int top(long[] scores) {
        int top = -1;
        for (int i = 0; i < scores.length; i++)
            if (scores[i] > Long.MIN_VALUE && (top < 0 || scores[i] > scores[top])) top = i;
        return top;
    }

    /// The server of highest score that fits in all `worlds`, the first of several; −1 if none.
    private int best(int replica, int[] servers, List<World> worlds) {
        var first = worlds.getFirst();
        int best = -1;
        long bestScore = Long.MIN_VALUE;
        work += servers.length;
        for (int server : servers) {
            if (!first.open[server]) continue;
            long score = score(replica, server, first);
            if (noise != null) score += noise.nextInt(4000);
            if (score > bestScore && fits(replica, server, worlds)) {
                best = server;
                bestScore = score;
            }
        }
        return best;
    }

    private boolean fits(int replica, int server, List<World> worlds) {
        for (var world : worlds) if (!world.fits(replica, server)) return false;
        return choose(replica, server, worlds).length
                == wants.of(replica).gang().gpusPerPart();
    }

    /// The fullest GPUs of `server` that fit in all `worlds`, in rising order: as many as one part needs,
    /// or fewer.
    private int[] choose(int replica, int server, List<World> worlds) {
        int needed = wants.of(replica).gang().gpusPerPart();
        int start = floor.serverGpus[server];
        int count = floor.serverGpus[server + 1] - start;
        int[] chosen = new int[needed];
        int found = 0;
        if (needed == 1) {
            int best = -1;
            for (int g = 0; g < count; g++)
                if (gpuFits(replica, start + g, worlds)
                        && (best < 0 || worlds.getFirst().gpuFree[start + g] < worlds.getFirst().gpuFree[start + best]))
                    best = g;
            if (best >= 0) chosen[found++] = best;
        } else {
            for (int g = 0; g < count && found < needed; g++)
                if (gpuFits(replica, start + g, worlds)) chosen[found++] = g;
        }
        return found == needed ? chosen : Arrays.copyOf(chosen, found);
    }

    private static boolean gpuFits(int replica, int gpu, List<World> worlds) {
        for (var world : worlds) if (!world.gpuFits(replica, gpu)) return false;
        return true;
    }

    /// Data first, then the fullest server that is full enough (best fit); what needs no GPU keeps away
    /// from those that have.
    private long score(int replica, int server, World world) {
        int w = wants.workload[replica];
        long gravity = 10_000_000L * wants.gravity[w][floor.site(server)];
        if (wants.workloads.get(w).gang().gpusPerPart() > 0) return gravity - world.serverGpuFree[server];
        int gpus = floor.serverGpus[server + 1] - floor.serverGpus[server];
        return gravity - 100_000L * gpus - world.cpuFree[server] / 1000;
    }

    /// What is placed first: high tiers, then what few places can hold.
    Comparator<Integer> hardestFirst() {
        return Comparator.comparingInt((Integer replica) -> wants.of(replica).tier())
                .thenComparingInt(replica -> -size(replica))
                .thenComparing(Comparator.naturalOrder());
    }

    private int size(int replica) {
        var gang = wants.of(replica).gang();
        int alone = wants.of(replica).isolation() == Isolation.SHARED ? 0 : 64_000;
        return alone + gang.parts() * gang.gpusPerPart() * gang.gpuThousandths();
    }

    // --- how good it is --------------------------------------------------------------------------------

    /// What re-optimisation raises: data near, servers either full or empty. In squared GPUs, a step of
    /// gravity being worth a full server of eight.
    long merit() {
        long merit = 0;
        for (int replica = 0; replica < wants.replicas(); replica++)
            if (base.placed(replica)) merit += 64L * wants.gravity[wants.workload[replica]][base.site(replica)];
        long packing = 0;
        for (int s = 0; s < floor.servers.size(); s++) {
            long used = 1000L * floor.server(s).gpus().size() - base.serverGpuFree[s];
            packing += used * used;
        }
        return merit + packing / 1_000_000;
    }
}
