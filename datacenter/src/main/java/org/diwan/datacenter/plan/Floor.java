package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Placed;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;

/// An inventory as arrays: sites, racks, servers, GPUs, zones and fabrics counted through in the order of
/// the file, each knowing what it is part of.
final class Floor {
    final List<Site> sites;
    final Map<String, Integer> siteIndex = new HashMap<>();
    final List<Placed<Rack>> racks = new ArrayList<>();
    final List<Placed<Server>> servers = new ArrayList<>();
    final Map<String, Integer> serverIndex = new HashMap<>();

    /// Site i has the racks `[siteRacks[i], siteRacks[i + 1])`.
    final int[] siteRacks;

    final int[] rackSite;
    final int[] rackZone;
    final int[] serverRack;
    final int[] serverFabric;

    /// Server i has the GPUs `[serverGpus[i], serverGpus[i + 1])`.
    final int[] serverGpus;

    final List<String> zones = new ArrayList<>();
    final List<Integer> zoneWatts = new ArrayList<>();

    /// The servers of each fabric, and its site; fabrics without servers are left out.
    final int[][] fabricServers;

    final int[] fabricSite;

    /// Each site's feeds when none is down.
    final Grid[] grids;

    /// By site: the number of its first feed, all feeds counted through.
    final int[] firstFeed;

    Floor(Inventory inventory) {
        sites = inventory.sites();
        siteRacks = new int[sites.size() + 1];
        firstFeed = new int[sites.size() + 1];
        grids = new Grid[sites.size()];
        var rackSites = new ArrayList<Integer>();
        var rackZones = new ArrayList<Integer>();
        var serverRacks = new ArrayList<Integer>();
        var fabrics = new LinkedHashMap<String, List<Integer>>();
        for (int s = 0; s < sites.size(); s++) {
            var site = sites.get(s);
            siteIndex.put(site.name(), s);
            for (var zone : site.coolingZones()) {
                zones.add(site.name() + "/" + zone.name());
                zoneWatts.add(zone.capacityWatts());
            }
            var here = site.racks();
            for (var rack : here) {
                rackSites.add(s);
                rackZones.add(zones.indexOf(site.name() + "/" + rack.thing().coolingZone()));
                for (var server : rack.thing().servers()) {
                    serverIndex.put(rack.path() + "/" + server.name(), servers.size());
                    fabrics.computeIfAbsent(site.name() + "/" + server.fabric(), unseen -> new ArrayList<>())
                            .add(servers.size());
                    servers.add(new Placed<>(rack.path() + "/" + server.name(), server));
                    serverRacks.add(racks.size());
                }
                racks.add(rack);
            }
            siteRacks[s + 1] = racks.size();
            firstFeed[s + 1] = firstFeed[s] + site.feeds().size();
            grids[s] = new Grid(
                    site,
                    here.stream().map(Placed::thing).toList(),
                    new boolean[site.feeds().size()]);
        }
        rackSite = array(rackSites);
        rackZone = array(rackZones);
        serverRack = array(serverRacks);
        fabricServers = fabrics.values().stream().map(Floor::array).toArray(int[][]::new);
        fabricSite = new int[fabricServers.length];
        serverFabric = new int[servers.size()];
        for (int f = 0; f < fabricServers.length; f++) {
            fabricSite[f] = rackSite[serverRack[fabricServers[f][0]]];
            for (int server : fabricServers[f]) serverFabric[server] = f;
        }
        serverGpus = new int[servers.size() + 1];
        for (int i = 0; i < servers.size(); i++)
            serverGpus[i + 1] = serverGpus[i] + servers.get(i).thing().gpus().size();
    }

    int site(int server) {
        return rackSite[serverRack[server]];
    }

    List<Rack> racksOf(int site) {
        return racks.subList(siteRacks[site], siteRacks[site + 1]).stream()
                .map(Placed::thing)
                .toList();
    }

    String path(int server) {
        return servers.get(server).path();
    }

    Server server(int server) {
        return servers.get(server).thing();
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
