package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.diwan.datacenter.inventory.Inventory.Feed;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Site;

/// How the feeds of a site carry its racks, as rows of one matrix: a row is a feed in one case (no
/// further feed lost, or one), and holds the weight with which each rack bears on the feed then.
///
/// A rack with two live PDUs bears on each with half its draw, with one on that with all of it, with
/// none on nothing: it is dark. What hangs on a lost feed is lost with it. Loads are kept in *half
/// watts*, so that all weights are whole. A case that only takes load off a feed is no row of it: it
/// cannot be its worst.
///
/// Immutable; a change of what is down makes a new one.
final class Grid {
    /// Stands for no feed being lost.
    static final int NONE = -1;

    final String[] feedNames;

    /// By row: the feed, what is lost besides what is down, and the feed's capacity in half watts.
    final int[] rowFeed;

    final int[] rowLost;
    final long[] rowLimit;

    /// By rack, in the order of the site: has no live PDU.
    final boolean[] dark;

    /// By rack: the feeds whose loss alone leaves it dark.
    final int[][] fatal;

    /// By rack and PDU: its largest share in half racks (0, 1, 2) and the first loss that leads to it.
    final int[][] pduShare;

    final int[][] pduLost;

    /// By rack: the most watts that no PDU minds.
    final long[] pduWatts;

    private final int[] parent;
    private final int[][] rackRows;
    private final int[][] rackWeights;

    /// @param down by feed, in the order of the site
    Grid(Site site, List<Rack> racks, boolean[] down) {
        var feeds = site.feeds();
        feedNames = feeds.keySet().toArray(String[]::new);
        var names = List.of(feedNames);
        var all = feeds.values().toArray(Feed[]::new);
        parent = new int[all.length];
        for (int f = 0; f < all.length; f++)
            parent[f] = all[f].from().map(names::indexOf).orElse(NONE);
        int count = racks.size();
        dark = new boolean[count];
        fatal = new int[count][];
        pduShare = new int[count][];
        pduLost = new int[count][];
        pduWatts = new long[count];
        int[][] feedsOf = new int[count][];
        for (int r = 0; r < count; r++)
            feedsOf[r] = racks.get(r).pdus().stream()
                    .mapToInt(pdu -> names.indexOf(pdu.feed()))
                    .toArray();

        // dead[lost + 1][feed]
        boolean[][] dead = new boolean[all.length + 1][all.length];
        for (int lost = NONE; lost < all.length; lost++)
            for (int f = 0; f < all.length; f++)
                for (int up = f; up != NONE; up = parent[up]) if (down[up] || up == lost) dead[lost + 1][f] = true;

        boolean[][] matters = new boolean[all.length][all.length + 1];
        for (int f = 0; f < all.length; f++) matters[f][0] = !dead[0][f];
        for (int r = 0; r < count; r++) studyRack(r, racks.get(r), feedsOf[r], dead, matters);

        var rowFeeds = new ArrayList<int[]>();
        for (int f = 0; f < all.length; f++)
            for (int lost = NONE; lost < all.length; lost++)
                if (matters[f][lost + 1]) rowFeeds.add(new int[] {f, lost});
        rowFeed = rowFeeds.stream().mapToInt(row -> row[0]).toArray();
        rowLost = rowFeeds.stream().mapToInt(row -> row[1]).toArray();
        rowLimit = Arrays.stream(rowFeed)
                .mapToLong(f -> 2L * all[f].capacityWatts())
                .toArray();
        rackRows = new int[count][];
        rackWeights = new int[count][];
        for (int r = 0; r < count; r++) weighRack(r, feedsOf[r], dead);
    }

    private void studyRack(int r, Rack rack, int[] feeds, boolean[][] dead, boolean[][] matters) {
        int live = live(feeds, dead[0]);
        dark[r] = live == 0;
        pduShare[r] = new int[feeds.length];
        pduLost[r] = new int[feeds.length];
        var deadly = new ArrayList<Integer>();
        for (int lost = NONE; lost < parent.length; lost++) {
            int left = live(feeds, dead[lost + 1]);
            if (live > 0 && left == 0) deadly.add(lost);
            for (int p = 0; p < feeds.length; p++) {
                if (dead[lost + 1][feeds[p]]) continue;
                int share = 3 - left;
                if (share > pduShare[r][p]) {
                    pduShare[r][p] = share;
                    pduLost[r][p] = lost;
                }
                if (left < live) for (int up = feeds[p]; up != NONE; up = parent[up]) matters[up][lost + 1] = true;
            }
        }
        fatal[r] = deadly.stream().mapToInt(Integer::intValue).toArray();
        pduWatts[r] = Long.MAX_VALUE;
        for (int p = 0; p < feeds.length; p++)
            if (pduShare[r][p] > 0)
                pduWatts[r] = Math.min(pduWatts[r], 2L * rack.pdus().get(p).capacityWatts() / pduShare[r][p]);
    }

    /// PDUs that are live; share 3 − live of the draw in halves: one bears 2, two bear 1 each. A rack
    /// with a single PDU bears 2 on it.
    private static int live(int[] feeds, boolean[] dead) {
        int live = 0;
        for (int feed : feeds) if (!dead[feed]) live++;
        return live;
    }

    private void weighRack(int r, int[] feeds, boolean[][] dead) {
        var rows = new ArrayList<int[]>();
        for (int row = 0; row < rowFeed.length; row++) {
            boolean[] gone = dead[rowLost[row] + 1];
            int share = 3 - live(feeds, gone);
            int weight = 0;
            for (int feed : feeds) if (!gone[feed] && hangs(feed, rowFeed[row])) weight += share;
            if (weight > 0) rows.add(new int[] {row, weight});
        }
        rackRows[r] = rows.stream().mapToInt(row -> row[0]).toArray();
        rackWeights[r] = rows.stream().mapToInt(row -> row[1]).toArray();
    }

    private boolean hangs(int feed, int on) {
        for (int up = feed; up != NONE; up = parent[up]) if (up == on) return true;
        return false;
    }

    /// The loads of all rows, in half watts, when the racks draw so much.
    long[] loads(long[] rackDraw, int firstRack) {
        long[] loads = new long[rowFeed.length];
        for (int r = 0; r < dark.length; r++) add(loads, r, rackDraw[firstRack + r]);
        return loads;
    }

    /// Adds `watts`, which may be negative, at rack `r` to `loads`.
    void add(long[] loads, int r, long watts) {
        for (int i = 0; i < rackRows[r].length; i++) loads[rackRows[r][i]] += rackWeights[r][i] * watts;
    }

    /// The first row that `watts` more at rack `r` would overload, or −1.
    int overloaded(long[] loads, int r, long watts) {
        for (int i = 0; i < rackRows[r].length; i++) {
            int row = rackRows[r][i];
            if (loads[row] + rackWeights[r][i] * watts > rowLimit[row]) return row;
        }
        return -1;
    }

    /// The load of `row` with `watts` more at rack `r`, in watts, rounded up.
    long watts(long[] loads, int row, int r, long watts) {
        long load = loads[row];
        for (int i = 0; i < rackRows[r].length; i++) if (rackRows[r][i] == row) load += rackWeights[r][i] * watts;
        return (load + 1) / 2;
    }

    /// Whether rack `r` bears on `row`.
    boolean bears(int r, int row) {
        return Arrays.binarySearch(rackRows[r], row) >= 0;
    }
}
