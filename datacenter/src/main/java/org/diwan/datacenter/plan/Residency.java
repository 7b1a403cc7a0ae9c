package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.diwan.datacenter.plan.Demand.Data;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// What the law says of each workload at each site, asked once for each kind of data and place.
final class Residency {
    private record Question(Data data, Jurisdiction place) {}

    private final Wants wants;
    private final Floor floor;
    private final Policy policy;
    private final Map<Question, List<Decision>> answers = new HashMap<>();
    private final boolean[][] allowed;

    /// By workload, site before and site after: −1 may not, 1 may, 0 not asked yet.
    private final byte[][][] moves;

    Residency(Wants wants, Floor floor, Policy policy) {
        this.wants = wants;
        this.floor = floor;
        this.policy = policy;
        allowed = new boolean[wants.workloads.size()][floor.sites.size()];
        moves = new byte[allowed.length][floor.sites.size()][floor.sites.size()];
        for (int w = 0; w < allowed.length; w++)
            for (int site = 0; site < floor.sites.size(); site++)
                allowed[w][site] = decisions(w, site).stream().allMatch(one -> one instanceof Decision.Allow);
    }

    Policy policy() {
        return policy;
    }

    /// Whether every origin's law lets workload `w` run at `site`.
    boolean allows(int w, int site) {
        return allowed[w][site];
    }

    /// The decision for each origin of workload `w`, in the order of the demand.
    List<Decision> decisions(int w, int site) {
        var data = wants.workloads.get(w).data();
        return answers.computeIfAbsent(
                new Question(data, floor.sites.get(site).jurisdiction()), question -> data.origins().stream()
                        .map(origin -> policy.decide(data.request(origin, question.place)))
                        .toList());
    }

    /// Whether workload `w` may fail over from one site to another: allowed there, and where a rule
    /// obliges to stay in the country, in the same country or where the same rule obliges again (a law of
    /// several countries, such as the Union's).
    boolean mayMove(int w, int from, int to) {
        if (moves[w][from][to] == 0) moves[w][from][to] = (byte) (decideMove(w, from, to) ? 1 : -1);
        return moves[w][from][to] > 0;
    }

    private boolean decideMove(int w, int from, int to) {
        if (!allows(w, to)) return false;
        if (floor.sites.get(from).jurisdiction().equals(floor.sites.get(to).jurisdiction())) return true;
        var before = decisions(w, from);
        var after = decisions(w, to);
        for (int i = 0; i < before.size(); i++)
            if (!keepers(after.get(i)).containsAll(keepers(before.get(i)))) return false;
        return true;
    }

    private static List<String> keepers(Decision decision) {
        return decision.rules().stream()
                .filter(rule -> rule.obligations().contains(Obligation.IN_COUNTRY))
                .map(Rule::id)
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
