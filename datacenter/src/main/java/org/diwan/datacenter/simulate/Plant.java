package org.diwan.datacenter.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Site;

/// One site as arrays: which server hangs on which limit. A limit is anything that may not be exceeded: a
/// rack, a PDU, a feed, a feed upstream of it, a cooling zone. Of a rack with two PDUs each carries half,
/// and all of it when the other one's feed is dead.
final class Plant {
    final Site site;
    final int servers;

    /// Each server's rack.
    final int[] rackOf;

    final String[] rackNames;
    final double[] rackLimit;
    private final int[][] rackFeeds;
    private final double[][] pduLimit;
    final int[] rackZone;
    final double[] zoneLimit;
    final String[] feedNames;
    final double[] feedLimit;
    private final int[] feedParent;

    /// What each rack draws now, and each zone and feed as a consequence.
    final double[] rackWatts;

    final double[] zoneWatts;
    final double[] feedWatts;
    final boolean[] feedDead;

    /// How hard each rack is over the worst of its limits: draw over limit, 1 at most when all is well.
    final double[] rackPressure;

    Plant(Site site) {
        this.site = site;
        var racks = site.racks();
        var feeds = List.copyOf(site.feeds().entrySet());
        var zones =
                site.coolingZones().stream().map(Inventory.CoolingZone::name).toList();
        Map<String, Integer> feedIndex =
                index(feeds.stream().map(Map.Entry::getKey).toList());
        var owners = new ArrayList<Integer>();
        rackNames = new String[racks.size()];
        rackLimit = new double[racks.size()];
        rackFeeds = new int[racks.size()][];
        pduLimit = new double[racks.size()][];
        rackZone = new int[racks.size()];
        for (int r = 0; r < racks.size(); r++) {
            var rack = racks.get(r).thing();
            rackNames[r] = racks.get(r).path();
            rackLimit[r] = rack.powerWatts();
            rackFeeds[r] = rack.pdus().stream()
                    .mapToInt(pdu -> known(feedIndex, pdu.feed()))
                    .toArray();
            pduLimit[r] = rack.pdus().stream()
                    .mapToDouble(Inventory.Pdu::capacityWatts)
                    .toArray();
            rackZone[r] = zones.indexOf(rack.coolingZone());
            for (var server : rack.servers()) if (!server.gpus().isEmpty()) owners.add(r);
        }
        servers = owners.size();
        rackOf = owners.stream().mapToInt(Integer::intValue).toArray();
        zoneLimit = site.coolingZones().stream()
                .mapToDouble(Inventory.CoolingZone::capacityWatts)
                .toArray();
        feedNames = feeds.stream().map(Map.Entry::getKey).toArray(String[]::new);
        feedLimit = feeds.stream()
                .mapToDouble(feed -> feed.getValue().capacityWatts())
                .toArray();
        feedParent = feeds.stream()
                .mapToInt(feed ->
                        feed.getValue().from().map(up -> known(feedIndex, up)).orElse(-1))
                .toArray();
        rackWatts = new double[racks.size()];
        rackPressure = new double[racks.size()];
        zoneWatts = new double[zoneLimit.length];
        feedWatts = new double[feedLimit.length];
        feedDead = new boolean[feedLimit.length];
    }

    private static Map<String, Integer> index(List<String> names) {
        var index = new HashMap<String, Integer>();
        for (String name : names) index.put(name, index.size());
        return index;
    }

    private static int known(Map<String, Integer> index, String name) {
        return Objects.requireNonNull(index.get(name), "an inventory's references resolve");
    }

    /// A feed is dead when it or any feed above it is lost.
    private boolean dead(int feed) {
        for (int at = feed; at >= 0; at = feedParent[at]) if (feedDead[at]) return true;
        return false;
    }

    boolean rackAlive(int rack) {
        for (int feed : rackFeeds[rack]) if (!dead(feed)) return true;
        return false;
    }

    /// Carries racks' draw to zones, PDUs, feeds and the feeds above; then says for each rack how much of its
    /// worst limit is used. `cap` is the share of every feed's limit that may be used, `cooling` that of
    /// every zone's.
    void settle(double cap, double cooling) {
        Arrays.fill(zoneWatts, 0);
        Arrays.fill(feedWatts, 0);
        for (int r = 0; r < rackWatts.length; r++) {
            zoneWatts[rackZone[r]] += rackWatts[r];
            int alive = alive(r);
            rackPressure[r] = rackWatts[r] / rackLimit[r];
            for (int p = 0; p < rackFeeds[r].length; p++) {
                if (dead(rackFeeds[r][p])) continue;
                double share = rackWatts[r] / alive;
                rackPressure[r] = Math.max(rackPressure[r], share / pduLimit[r][p]);
                for (int feed = rackFeeds[r][p]; feed >= 0; feed = feedParent[feed]) feedWatts[feed] += share;
            }
        }
        for (int r = 0; r < rackWatts.length; r++) {
            int zone = rackZone[r];
            rackPressure[r] = Math.max(rackPressure[r], zoneWatts[zone] / (zoneLimit[zone] * cooling));
            for (int bottom : rackFeeds[r])
                if (!dead(bottom))
                    for (int feed = bottom; feed >= 0; feed = feedParent[feed])
                        rackPressure[r] = Math.max(rackPressure[r], feedWatts[feed] / (feedLimit[feed] * cap));
        }
    }

    private int alive(int rack) {
        int alive = 0;
        for (int feed : rackFeeds[rack]) if (!dead(feed)) alive++;
        return alive;
    }
}
