package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Finds places for all by ruin and recreate (Schrimpf et al., *Record Breaking Optimization Results
/// Using the Ruin and Recreate Principle*, J. Comput. Phys. 159, 2000): takes a few replicas out and puts
/// them back in another order, with some noise; and raises the merit of a plan by shifts and swaps.
/// The same seed gives the same plan: work is counted, not timed.
final class Search {
    /// Candidates looked at before a search gives up: some seconds.
    static final long MAX_WORK = 20_000_000;

    /// Rounds before it gives up, which ends a search in a small world.
    private static final int MAX_ROUNDS = 4000;

    /// Replicas taken out in one round.
    private static final int MAX_RUIN = 8;

    private final Random random;

    Search(long seed) {
        random = new Random(seed);
    }

    /// Places what of `replicas` can be placed; what is left over is in none of the estate's worlds.
    Estate seatAll(Estate start, List<Integer> replicas) {
        var estate = start;
        var left = new ArrayList<>(replicas);
        left.sort(estate.hardestFirst());
        left.removeIf(estate::seat);
        long allowance = estate.work + MAX_WORK;
        for (int round = 0; !left.isEmpty() && round < MAX_ROUNDS && estate.work < allowance; round++) {
            var trial = estate.copy();
            trial.noise = round % 4 == 0 ? null : random;
            var out = new ArrayList<>(left);
            out.addAll(ruin(trial, left.get(random.nextInt(left.size()))));
            if (round % 2 == 0) Collections.shuffle(out, random);
            else out.sort(trial.hardestFirst());
            out.removeIf(trial::seatPushing);
            trial.noise = null;
            // The work of a copy is billed too: it touches every server once in each world.
            trial.work += (long) trial.losses.length * trial.floor.servers.size();
            if (weight(trial, out) <= weight(trial, left)) {
                estate = trial;
                left = out;
            } else {
                estate.work = trial.work;
            }
        }
        return estate;
    }

    /// What it costs not to place these: a higher tier outweighs all that is lower.
    private static long weight(Estate estate, List<Integer> left) {
        long weight = 0;
        for (int replica : left)
            weight += 1L << (15 * (4 - estate.wants.of(replica).tier()));
        return weight;
    }

    /// Takes a few replicas out: any, or those of one site where `wanted` may go.
    private List<Integer> ruin(Estate estate, int wanted) {
        int site = random.nextInt(estate.floor.sites.size());
        boolean near = random.nextBoolean() && estate.law.allows(estate.wants.workload[wanted], site);
        var candidates = new ArrayList<Integer>();
        for (int replica = 0; replica < estate.wants.replicas(); replica++)
            if (estate.base.placed(replica) && (!near || estate.base.site(replica) == site)) candidates.add(replica);
        Collections.shuffle(candidates, random);
        var out = candidates.subList(0, Math.min(candidates.size(), 1 + random.nextInt(MAX_RUIN)));
        out.forEach(estate::evict);
        return out;
    }

    /// Raises [Estate#merit] by moving at most `budget` replicas: one to a better place (shift), or two
    /// into each other's (swap).
    Estate improve(Estate start, int budget) {
        var estate = start;
        int count = estate.wants.replicas();
        var moved = new boolean[count];
        long allowance = estate.work + MAX_WORK;
        int left = budget;
        for (int round = 0; left > 0 && count > 0 && round < MAX_ROUNDS && estate.work < allowance; round++) {
            int one = random.nextInt(count);
            int other = round % 2 == 0 ? one : random.nextInt(count);
            if (!estate.base.placed(one) || !estate.base.placed(other)) continue;
            int moves = fresh(moved, one) + (other == one ? 0 : fresh(moved, other));
            if (moves > left) continue;
            var trial = estate.copy();
            trial.work += (long) trial.losses.length * trial.floor.servers.size();
            trial.noise = other == one ? null : random;
            trial.evict(one);
            trial.evict(other);
            boolean seated = trial.seat(one) && (other == one || trial.seat(other));
            trial.noise = null;
            estate.work = trial.work;
            if (!seated || trial.merit() <= estate.merit()) continue;
            for (int replica : other == one ? List.of(one) : List.of(one, other))
                if (!moved[replica] && !same(estate, trial, replica)) {
                    moved[replica] = true;
                    left--;
                }
            estate = trial;
        }
        return estate;
    }

    private static int fresh(boolean[] moved, int replica) {
        return moved[replica] ? 0 : 1;
    }

    private static boolean same(Estate before, Estate after, int replica) {
        return Arrays.equals(before.base.servers[replica], after.base.servers[replica])
                && Arrays.deepEquals(before.base.gpus[replica], after.base.gpus[replica]);
    }
}
