package org.diwan.datacenter.plan;

import static org.diwan.datacenter.plan.Recount.known;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.Certificate.Case;
import org.diwan.datacenter.plan.Certificate.Residence;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// Believes nothing in a certificate: decides and counts everything again from the inventory, the demand
/// and the policy ([Recount] does the sums), and refuses by name what differs, is missing, is more than
/// there should be, or does not hold. It shares the records with the planner and none of its code.
public final class CertificateChecker {
    private final Inventory inventory;
    private final Policy policy;
    private final Map<String, Workload> workloads = new LinkedHashMap<>();
    private final Map<String, Site> sites = new LinkedHashMap<>();
    private final Map<String, Server> servers = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();

    private CertificateChecker(Inventory inventory, Demand demand, Policy policy) {
        this.inventory = inventory;
        this.policy = policy;
        for (var workload : demand.workloads()) workloads.put(workload.name(), workload);
        for (var site : inventory.sites()) {
            sites.put(site.name(), site);
            for (var server : site.servers()) servers.put(server.path(), server.thing());
        }
    }

    /// Why `file` proves nothing, each reason by name. Empty if its plan meets the demand on the inventory
    /// under the policy, whichever single feed and whichever single site is lost.
    public static List<String> refusals(Inventory inventory, Demand demand, Policy policy, PlanFile file) {
        var checker = new CertificateChecker(inventory, demand, policy);
        checker.check(demand, file.plan(), file.certificate());
        return List.copyOf(checker.refusals);
    }

    private void check(Demand demand, Plan plan, Certificate certificate) {
        same("inventory", plan.inventory(), InventoryFile.digest(inventory));
        same("demand", plan.demand(), DemandFile.digest(demand));
        same("policy", plan.policy(), policy.digest());
        same("day", plan.day(), policy.day().toString());
        same("plan", certificate.plan(), plan.digest());
        var wanted = new ArrayList<String>();
        for (var workload : workloads.values())
            for (int i = 0; i < workload.replicas(); i++) wanted.add(workload.name() + "#" + i);
        same("replicas", names(plan.assignments()), wanted);
        if (!refusals.isEmpty()) return;
        plan.assignments().forEach(this::checkParts);
        if (!refusals.isEmpty()) return;
        var losses = new ArrayList<>(List.of(""));
        for (String site : sites.keySet())
            if (plan.assignments().stream()
                    .anyMatch(one -> isAt(one, site) && workload(one).tier() == 1)) losses.add(site);
        same("cases", certificate.cases().stream().map(Case::lostSite).toList(), losses);
        if (!refusals.isEmpty()) return;
        for (var one : certificate.cases()) checkCase(plan, one);
    }

    private void checkParts(Assignment one) {
        var gang = workload(one).gang();
        if (one.parts().size() != gang.parts())
            refusals.add(one.name() + ": has " + one.parts().size() + " parts, must have " + gang.parts());
        for (var part : one.parts()) {
            var server = servers.get(part.server());
            if (server == null) refusals.add(one.name() + ": is on " + part.server() + ", which is no server");
            else if (part.gpus().size() != gang.gpusPerPart()
                    || !part.gpus().equals(List.copyOf(new TreeSet<>(part.gpus())))
                    || part.gpus().stream()
                            .anyMatch(gpu -> gpu < 0 || gpu >= server.gpus().size()))
                refusals.add(one.name() + ": has GPUs " + part.gpus() + " of " + part.server() + ", must be "
                        + gang.gpusPerPart() + " of its " + server.gpus().size() + " in rising order");
        }
    }

    private void checkCase(Plan plan, Case one) {
        String when = one.lostSite().isEmpty() ? "" : "without " + one.lostSite() + ": ";
        int before = refusals.size();
        var seats = new ArrayList<Assignment>();
        var displaced = new LinkedHashMap<String, Assignment>();
        for (var seat : plan.assignments()) {
            if (!isAt(seat, one.lostSite())) seats.add(seat);
            else if (workload(seat).tier() == 1) displaced.put(seat.name(), seat);
        }
        same(when + "replacements", names(one.replacements()), List.copyOf(displaced.keySet()));
        if (refusals.size() > before) return;
        one.replacements().forEach(this::checkParts);
        seats.addAll(one.replacements());
        for (var seat : seats)
            if (isAt(seat, one.lostSite())) refusals.add(when + seat.name() + ": is where nothing is left");
        if (refusals.size() > before) return;
        checkResidences(when, one, seats);
        checkClaims(when, one, seats, displaced);
    }

    private void checkResidences(String when, Case one, List<Assignment> seats) {
        var homes = new TreeMap<String, List<Residence>>();
        for (var seat : seats)
            for (var part : seat.parts())
                homes.computeIfAbsent(
                        seat.workload() + " " + part.site(), unseen -> residences(workload(seat), part.site()));
        var decided = homes.values().stream().flatMap(List::stream).toList();
        same(when + "residences", one.residences(), decided);
        for (var home : decided)
            if (!home.allowed())
                refusals.add(when + "residency: " + home.workload() + " may not be at " + home.site()
                        + " by the law of " + home.origin() + " " + home.rules());
    }

    private List<Residence> residences(Workload workload, String site) {
        var residences = new ArrayList<Residence>();
        for (var origin : workload.data().origins()) {
            var decision = known(decide(workload, site), origin.code());
            var rules = new ArrayList<String>();
            for (var rule : decision.rules()) rules.add(rule.id() + ": " + rule.law() + ", " + rule.article());
            var obligations = new TreeSet<String>();
            if (decision instanceof Decision.Allow allow)
                for (var obligation : allow.obligations()) obligations.add(obligation.label());
            residences.add(new Residence(
                    workload.name(),
                    site,
                    origin.code(),
                    decision instanceof Decision.Allow,
                    rules,
                    List.copyOf(obligations)));
        }
        return residences;
    }

    /// The law's answer for each origin.
    private Map<String, Decision> decide(Workload workload, String site) {
        var place = known(sites, site).jurisdiction();
        return workload.data().origins().stream()
                .collect(Collectors.toMap(
                        origin -> origin.code(),
                        origin -> policy.decide(workload.data().request(origin, place))));
    }

    private void checkClaims(String when, Case one, List<Assignment> seats, Map<String, Assignment> displaced) {
        var counted = new HashSet<>(new Recount(inventory, workloads, seats, one.lostSite()).claims());
        var abroad = new TreeMap<String, Integer>();
        for (var seat : one.replacements())
            abroad.merge(seat.workload(), isAbroad(known(displaced, seat.name()), seat) ? 1 : 0, Integer::sum);
        abroad.forEach((workload, count) -> counted.add(new Claim(Constraint.IN_COUNTRY, workload, "", count, 0)));
        if (!List.copyOf(new TreeSet<>(one.claims())).equals(one.claims()))
            refusals.add(when + "claims: come twice or out of order");
        var claimed = new HashSet<>(one.claims());
        for (var claim : one.claims()) if (!counted.contains(claim)) refusals.add(when + claim + ", which is not so");
        for (var claim : new TreeSet<>(counted)) {
            if (!claim.holds()) refusals.add(when + claim + ", which is too much");
            if (!claimed.contains(claim)) refusals.add(when + claim + ", which is not claimed");
        }
    }

    /// Whether the law keeps it in a country (see [Obligation#IN_COUNTRY]) that it leaves: another country,
    /// and not one where the same rules keep it.
    private boolean isAbroad(Assignment from, Assignment to) {
        String fromSite = from.parts().getFirst().site();
        String toSite = to.parts().getFirst().site();
        if (known(sites, fromSite).jurisdiction().equals(known(sites, toSite).jurisdiction())) return false;
        var after = decide(workload(to), toSite);
        return decide(workload(from), fromSite).entrySet().stream()
                .anyMatch(one -> !keepers(known(after, one.getKey())).containsAll(keepers(one.getValue())));
    }

    private static List<Rule> keepers(Decision decision) {
        return decision.rules().stream()
                .filter(rule -> rule.obligations().contains(Obligation.IN_COUNTRY))
                .toList();
    }

    private static boolean isAt(Assignment one, String site) {
        return one.parts().stream().anyMatch(part -> part.site().equals(site));
    }

    private Workload workload(Assignment one) {
        return known(workloads, one.workload());
    }

    private static List<String> names(List<Assignment> assignments) {
        return assignments.stream().map(Assignment::name).toList();
    }

    private void same(String what, Object claimed, Object found) {
        if (!claimed.equals(found)) refusals.add(what + ": the certificate says " + claimed + ", found " + found);
    }
}
