package org.diwan.acceptance;

import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.LinearExprBuilder;
import java.util.ArrayList;
import java.util.List;
import org.diwan.datacenter.inventory.Inventory.Placed;
import org.diwan.datacenter.inventory.Inventory.Rack;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;

/// The planner's question as linear constraints over truth values: in each case (nothing lost, each site
/// lost) which part is on which server, and which GPUs it has. One fabric per site, whole worlds only of
/// what [PlanWorld] draws.
final class PlanModel {
    private record Machine(int site, Placed<Rack> rack, Server server) {}

    private record Replica(Workload workload, int number) {}

    private final Policy law;
    private final List<Site> sites;
    private final List<Machine> machines = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final CpModel model = new CpModel();

    /// By case, replica, part and machine; and by GPU of the machine. Case 0: nothing lost; k: site k − 1.
    private BoolVar[][][][] on = {};

    private BoolVar[][][][][] has = {};

    PlanModel(PlanWorld world, Policy law) {
        this.law = law;
        sites = world.inventory().sites();
        for (int site = 0; site < sites.size(); site++)
            for (var rack : sites.get(site).racks())
                for (var server : rack.thing().servers()) machines.add(new Machine(site, rack, server));
        for (var workload : world.demand().workloads())
            for (int i = 0; i < workload.replicas(); i++) replicas.add(new Replica(workload, i));
    }

    CpModel build() {
        int cases = sites.size() + 1;
        on = new BoolVar[cases][replicas.size()][][];
        has = new BoolVar[cases][replicas.size()][][][];
        for (int c = 0; c < cases; c++) {
            for (int r = 0; r < replicas.size(); r++) declare(c, r);
            for (int m = 0; m < machines.size(); m++) capacity(c, m);
            for (int site = 0; site < sites.size(); site++) if (site != c - 1) power(c, sites.get(site));
            company(c);
            for (int r = 0; r < replicas.size(); r++) {
                if (c == 0) place(r);
                else lose(c, r);
                gang(c, r);
            }
        }
        return model;
    }

    private void declare(int c, int r) {
        var workload = replicas.get(r).workload;
        int parts = workload.gang().parts();
        on[c][r] = new BoolVar[parts][machines.size()];
        has[c][r] = new BoolVar[parts][machines.size()][];
        for (int p = 0; p < parts; p++)
            for (int m = 0; m < machines.size(); m++) {
                on[c][r][p][m] = model.newBoolVar("");
                int gpus = machines.get(m).server.gpus().size();
                has[c][r][p][m] = new BoolVar[gpus];
                for (int g = 0; g < gpus; g++) has[c][r][p][m][g] = model.newBoolVar("");
                model.addEquality(
                        LinearExpr.sum(has[c][r][p][m]),
                        LinearExpr.term(on[c][r][p][m], workload.gang().gpusPerPart()));
            }
    }

    /// Each part once, where every origin's law allows it.
    private void place(int r) {
        for (var part : on[0][r]) {
            model.addExactlyOne(part);
            for (int m = 0; m < machines.size(); m++)
                if (!allowed(replicas.get(r).workload, machines.get(m).site)) model.addEquality(part[m], 0);
        }
    }

    /// Without site c − 1: what stood elsewhere stands there still; what stood there is elsewhere if it is of
    /// tier 1, and nowhere if not.
    private void lose(int c, int r) {
        var workload = replicas.get(r).workload;
        for (int p = 0; p < on[c][r].length; p++) {
            var there = LinearExpr.newBuilder();
            for (int m = 0; m < machines.size(); m++) {
                if (machines.get(m).site == c - 1) {
                    there.add(on[0][r][p][m]);
                    model.addEquality(on[c][r][p][m], 0);
                    continue;
                }
                model.addGreaterOrEqual(on[c][r][p][m], on[0][r][p][m]);
                for (int g = 0; g < has[c][r][p][m].length; g++)
                    model.addGreaterOrEqual(has[c][r][p][m][g], has[0][r][p][m][g]);
            }
            if (workload.tier() == 1) model.addExactlyOne(on[c][r][p]);
            else
                model.addEquality(
                        LinearExpr.newBuilder().add(LinearExpr.sum(on[c][r][p])).add(there), 1);
            for (int m = 0; m < machines.size(); m++)
                if (machines.get(m).site != c - 1 && !mayMove(workload, c - 1, machines.get(m).site))
                    model.addLessOrEqual(
                            LinearExpr.newBuilder().add(on[c][r][p][m]).add(there), 1);
        }
    }

    /// All parts at one site: there is one fabric in each.
    private void gang(int c, int r) {
        for (int p = 1; p < on[c][r].length; p++)
            for (int site = 0; site < sites.size(); site++) {
                var first = LinearExpr.newBuilder();
                var other = LinearExpr.newBuilder();
                for (int m = 0; m < machines.size(); m++)
                    if (machines.get(m).site == site) {
                        first.add(on[c][r][0][m]);
                        other.add(on[c][r][p][m]);
                    }
                model.addEquality(first, other);
            }
    }

    private void capacity(int c, int m) {
        var server = machines.get(m).server;
        var cpu = LinearExpr.newBuilder();
        var memory = LinearExpr.newBuilder();
        for (int r = 0; r < replicas.size(); r++)
            for (var part : on[c][r]) {
                cpu.addTerm(part[m], replicas.get(r).workload.need().cpuMilli());
                memory.addTerm(part[m], replicas.get(r).workload.need().memoryMib());
            }
        model.addLessOrEqual(cpu, server.cpuMilli());
        model.addLessOrEqual(memory, server.memoryMib());
        model.addLessOrEqual(watts(c, List.of(m)), server.maxWatts());
        for (int g = 0; g < server.gpus().size(); g++) {
            var share = LinearExpr.newBuilder();
            var gpuMemory = LinearExpr.newBuilder();
            for (int r = 0; r < replicas.size(); r++)
                for (var part : has[c][r]) {
                    share.addTerm(part[m][g], replicas.get(r).workload.gang().gpuThousandths());
                    gpuMemory.addTerm(
                            part[m][g], replicas.get(r).workload.need().gpuMemoryMib());
                }
            model.addLessOrEqual(share, 1000);
            model.addLessOrEqual(gpuMemory, server.gpus().get(g).memoryMib());
        }
    }

    private LinearExprBuilder watts(int c, List<Integer> among) {
        var watts = LinearExpr.newBuilder();
        for (int m : among) {
            watts.add(machines.get(m).server.idleWatts());
            for (int r = 0; r < replicas.size(); r++)
                for (var part : on[c][r])
                    watts.addTerm(part[m], replicas.get(r).workload.need().watts());
        }
        return watts;
    }

    /// Feeds are `grid/main`, from which `p/a` comes, and `p/b`; each rack has a PDU on both of these. With
    /// one side lost the other bears all; with neither, half.
    private void power(int c, Site site) {
        var everything = new ArrayList<Integer>();
        for (var rack : site.racks()) {
            var here = new ArrayList<Integer>();
            for (int m = 0; m < machines.size(); m++)
                if (machines.get(m).rack.path().equals(rack.path())) here.add(m);
            everything.addAll(here);
            model.addLessOrEqual(watts(c, here), rack.thing().powerWatts());
            for (var pdu : rack.thing().pdus()) model.addLessOrEqual(watts(c, here), pdu.capacityWatts());
        }
        model.addLessOrEqual(
                watts(c, everything), site.coolingZones().getFirst().capacityWatts());
        for (var feed : site.feeds().values()) model.addLessOrEqual(watts(c, everything), feed.capacityWatts());
    }

    private void company(int c) {
        for (int one = 0; one < replicas.size(); one++)
            for (int other = one + 1; other < replicas.size(); other++) {
                var first = replicas.get(one).workload;
                var second = replicas.get(other).workload;
                boolean alone = first.isolation() != Isolation.SHARED || second.isolation() != Isolation.SHARED;
                boolean apart = first.equals(second) && first.spread().contains(Spread.RACK);
                for (var part : on[c][one])
                    for (var match : on[c][other])
                        for (int m = 0; m < machines.size(); m++)
                            for (int n = 0; n < machines.size(); n++) {
                                boolean sameRack = machines.get(m)
                                        .rack
                                        .path()
                                        .equals(machines.get(n).rack.path());
                                if ((m == n && alone && !first.tenant().equals(second.tenant())) || (sameRack && apart))
                                    model.addAtMostOne(new BoolVar[] {part[m], match[n]});
                            }
            }
    }

    private boolean allowed(Workload workload, int site) {
        return workload.data().origins().stream()
                .allMatch(origin -> law.decide(
                                workload.data().request(origin, sites.get(site).jurisdiction()))
                        instanceof Decision.Allow);
    }

    private boolean mayMove(Workload workload, int from, int to) {
        if (!allowed(workload, to)) return false;
        var before = sites.get(from).jurisdiction();
        var after = sites.get(to).jurisdiction();
        if (before.equals(after)) return true;
        for (var origin : workload.data().origins()) {
            var then = law.decide(workload.data().request(origin, after)).rules();
            for (var rule : law.decide(workload.data().request(origin, before)).rules())
                if (rule.obligations().contains(Obligation.IN_COUNTRY) && !then.contains(rule)) return false;
        }
        return true;
    }
}
