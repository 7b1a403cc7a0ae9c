package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Region;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.sovereignty.policy.Policy;

/// What would happen if a site were lost now, played on the plan that there is.
///
/// The [Fleet] does what it would do; then what is left, the inventory without the site and the demand as far
/// as it runs, is certified as a plan of its own, and the [CertificateChecker], which shares no code with the
/// fleet, has the last word. Replicas of tier 1 must be where the plan's certificate has said that they would
/// go.
///
/// That the law lets a replica of tier 2 to 4 leave its country is the fleet's word alone; that it may run
/// where it then is, is checked.
///
/// @param file digest of the plan that was played
/// @param moves in the order of the demand: every replica that was at the site, and whatever else moved
/// @param refusals why the answer is none, by name; empty if it holds
public record SiteLoss(String file, String site, List<Move> moves, List<String> refusals) {
    /// Reasons that are written into a ledger; the first says enough.
    private static final int MAX_RECORDED = 8;

    public SiteLoss {
        moves = List.copyOf(moves);
        refusals = List.copyOf(refusals);
    }

    /// A replica that is no longer where it was.
    ///
    /// @param to empty if it waits for a place
    public record Move(String replica, int tier, Assignment from, Optional<Assignment> to) {}

    /// Loses `site` of the plan in `file`; nothing that is handed in changes.
    ///
    /// @throws IllegalArgumentException when there is no such site
    public static SiteLoss of(Inventory inventory, Demand demand, Policy policy, PlanFile file, String site) {
        if (inventory.sites().stream().noneMatch(one -> one.name().equals(site)))
            throw new IllegalArgumentException("there is no site '" + site + "'; there are "
                    + inventory.sites().stream().map(Inventory.Site::name).toList());
        String digest = file.plan().digest();
        var refusals = new ArrayList<>(CertificateChecker.refusals(inventory, demand, policy, file));
        if (!refusals.isEmpty()) return new SiteLoss(digest, site, List.of(), refusals);

        var fleet = new Fleet(inventory, demand, policy, file);
        var before = places(fleet);
        fleet.site(site, false);
        var after = places(fleet);
        var moves = new ArrayList<Move>();
        var tiers = new HashMap<String, Integer>();
        for (var workload : demand.workloads()) tiers.put(workload.name(), workload.tier());
        before.forEach((replica, from) -> {
            var to = Optional.ofNullable(after.get(replica));
            int tier = tiers.getOrDefault(from.workload(), 0);
            if (!to.equals(Optional.of(from))) moves.add(new Move(replica, tier, from, to));
        });
        for (var oneCase : file.certificate().cases())
            if (oneCase.lostSite().equals(site))
                for (var promised : oneCase.replacements())
                    if (!promised.equals(after.get(promised.name())))
                        refusals.add(promised.name() + " is not where the certificate says that it would go");
        refusals.addAll(aftermath(inventory, demand, policy, List.copyOf(after.values()), site));
        return new SiteLoss(digest, site, moves, refusals);
    }

    /// Whether everything of tier 1 found its place and the checker agrees with all that is left.
    public boolean holds() {
        return refusals.isEmpty()
                && moves.stream()
                        .noneMatch(move -> move.tier() == 1 && move.to().isEmpty());
    }

    /// Replicas that have no place.
    public int waiting() {
        return (int) moves.stream().filter(move -> move.to().isEmpty()).count();
    }

    /// What goes into the ledger, canonical JSON:
    ///
    /// ```
    /// {"holds":true,"lost":"riyadh-1","moved":12,"plan":"1d…","refusals":[],"time":"2026-11-28T02:00:00Z",
    ///  "type":"rehearsed","waiting":3}
    /// ```
    ///
    /// @param time when, ISO 8601 in UTC
    public byte[] entry(String time) {
        return CanonicalJson.bytes(Map.of(
                "type",
                "rehearsed",
                "time",
                time,
                "plan",
                file,
                "lost",
                site,
                "holds",
                holds(),
                "moved",
                moves.size() - waiting(),
                "waiting",
                waiting(),
                "refusals",
                refusals.subList(0, Math.min(MAX_RECORDED, refusals.size()))));
    }

    private static Map<String, Assignment> places(Fleet fleet) {
        var places = new LinkedHashMap<String, Assignment>();
        for (int replica = 0; replica < fleet.replicas(); replica++)
            fleet.place(replica).ifPresent(place -> places.put(place.name(), place));
        return places;
    }

    // --- what is left, as a plan of its own ------------------------------------------------------------

    private static List<String> aftermath(
            Inventory inventory, Demand demand, Policy policy, List<Assignment> running, String lost) {
        var left = without(inventory, lost);
        var runs = running(demand, running, lost);
        // A replica's number is its place in its workload; the fifth of which three run is the third.
        var next = new HashMap<String, Integer>();
        var renumbered = running.stream()
                .map(one ->
                        new Assignment(one.workload(), next.merge(one.workload(), 1, Integer::sum) - 1, one.parts()))
                .toList();
        try {
            var file = Planner.certify(left, runs, policy, renumbered);
            return CertificateChecker.refusals(left, runs, policy, file).stream()
                    .map(refusal -> "without " + lost + ": " + refusal)
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of("without " + lost + ": " + e.getMessage());
        }
    }

    private static Inventory without(Inventory inventory, String lost) {
        return new Inventory(
                inventory.name(),
                inventory.regions().stream()
                        .map(region -> new Region(
                                region.name(),
                                region.sites().stream()
                                        .filter(site -> !site.name().equals(lost))
                                        .toList()))
                        .toList());
    }

    /// What runs, of tier 2 at best: no second site need be spared. Replicas that shared no site may share
    /// one now ([Demand.Spread#SITE]).
    private static Demand running(Demand demand, List<Assignment> running, String lost) {
        var workloads = new ArrayList<Workload>();
        for (var workload : demand.workloads()) {
            int count = (int) running.stream()
                    .filter(one -> one.workload().equals(workload.name()))
                    .count();
            if (count == 0) continue;
            var spread = new HashSet<>(workload.spread());
            spread.remove(Spread.SITE);
            workloads.add(new Workload(
                    workload.name(),
                    workload.kind(),
                    workload.model(),
                    Math.max(2, workload.tier()),
                    workload.data(),
                    workload.tenant(),
                    workload.isolation(),
                    count,
                    workload.gang(),
                    workload.need(),
                    spread,
                    workload.gravity().stream()
                            .filter(pull -> !pull.site().equals(lost))
                            .toList()));
        }
        return new Demand(demand.name(), workloads);
    }
}
