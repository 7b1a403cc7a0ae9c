package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.datacenter.plan.Demand.Workload;

/// A demand as arrays: its replicas counted through, workload by workload, and what each workload makes
/// of a floor's GPUs and sites.
final class Wants {
    final List<Workload> workloads;
    final Map<String, Integer> workloadIndex = new HashMap<>();

    /// Workload i has the replicas `[first[i], first[i + 1])`.
    final int[] first;

    /// By replica: its workload.
    final int[] workload;

    /// By workload: a number for its tenant.
    final int[] tenant;

    /// By workload and site.
    final int[][] gravity;

    /// By workload and GPU model: may be used. Models are numbered by [#model].
    final boolean[][] mayUse;

    /// By GPU of the floor: the number of its model.
    final int[] model;

    /// @throws IllegalArgumentException when gravity names a site that there is not
    Wants(Demand demand, Floor floor) {
        workloads = demand.workloads();
        int count = workloads.size();
        first = new int[count + 1];
        tenant = new int[count];
        gravity = new int[count][floor.sites.size()];
        var tenants = new ArrayList<String>();
        var models = new ArrayList<String>();
        model = floor.servers.stream()
                .flatMap(server -> server.thing().gpus().stream())
                .mapToInt(gpu -> number(models, gpu.model()))
                .toArray();
        mayUse = new boolean[count][models.size()];
        for (int w = 0; w < count; w++) {
            var workload = workloads.get(w);
            workloadIndex.put(workload.name(), w);
            first[w + 1] = first[w] + workload.replicas();
            tenant[w] = number(tenants, workload.tenant());
            for (int m = 0; m < models.size(); m++)
                mayUse[w][m] = workload.need().gpuModels().contains(models.get(m));
            for (var pull : workload.gravity()) {
                var site = floor.siteIndex.get(pull.site());
                if (site == null)
                    throw new IllegalArgumentException(workload.name() + ": gravity names the site '" + pull.site()
                            + "', and the inventory has " + floor.siteIndex.keySet());
                gravity[w][site] = pull.weight();
            }
        }
        workload = new int[first[count]];
        for (int w = 0; w < count; w++) for (int r = first[w]; r < first[w + 1]; r++) workload[r] = w;
    }

    int replicas() {
        return workload.length;
    }

    Workload of(int replica) {
        return workloads.get(workload[replica]);
    }

    /// The name of a replica: `arabic-70b#0`.
    String name(int replica) {
        return of(replica).name() + "#" + (replica - first[workload[replica]]);
    }

    private static int number(List<String> names, String name) {
        int at = names.indexOf(name);
        if (at >= 0) return at;
        names.add(name);
        return names.size() - 1;
    }
}
