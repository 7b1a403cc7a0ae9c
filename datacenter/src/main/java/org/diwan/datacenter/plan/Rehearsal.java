package org.diwan.datacenter.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.sovereignty.policy.Policy;

/// Plays random events on a fleet: arrivals, departures, servers, feeds and sites down and up, another law.
/// After each a watch of its own counts the touched sites; now and then all that stands is certified
/// anew and checked in full, and so is every world with a site lost. The same seed plays the same events.
public final class Rehearsal {
    /// What can happen.
    public enum Event {
        ARRIVE,
        LEAVE,
        SERVER_DOWN,
        SERVER_UP,
        FEED_DOWN,
        FEED_UP,
        SITE_LOST,
        SITE_BACK,
        LAW_CHANGED
    }

    /// What happened.
    ///
    /// @param events how many of each kind
    /// @param placed replicas in place, summed over the samples
    /// @param exposed of them those of tier 1 without a replacement
    /// @param violation the first limit found broken, after which nothing more was played; empty if none
    public record Report(Map<Event, Long> events, long samples, long placed, long exposed, Optional<String> violation) {
        public Report {
            events = Map.copyOf(events);
        }
    }

    private final Inventory inventory;
    private final Demand demand;
    private final List<Policy> laws;
    private final SplittableRandom random;
    private final Fleet fleet;
    private final Watch watch;
    private final List<String> serverPaths = new ArrayList<>();
    private final Map<String, List<String>> feeds = new HashMap<>();
    private final List<String> siteNames;
    private final List<String> serversDown = new ArrayList<>();
    private final List<String[]> feedsDown = new ArrayList<>();
    private final List<String> sitesDown = new ArrayList<>();
    private final List<Workload> workloadOf = new ArrayList<>();
    private int law;

    /// @param laws that change from one to the next and back to the first
    public Rehearsal(Inventory inventory, Demand demand, List<Policy> laws, long seed) {
        this.inventory = inventory;
        this.demand = demand;
        this.laws = List.copyOf(laws);
        random = new SplittableRandom(seed);
        fleet = new Fleet(inventory, demand, laws.getFirst());
        watch = new Watch(inventory, demand, laws.getFirst());
        siteNames = inventory.sites().stream().map(Inventory.Site::name).toList();
        for (var site : inventory.sites()) {
            for (var server : site.servers()) serverPaths.add(server.path());
            feeds.put(site.name(), List.copyOf(site.feeds().keySet()));
        }
        for (var workload : demand.workloads()) for (int i = 0; i < workload.replicas(); i++) workloadOf.add(workload);
    }

    /// Plays `count` events, sampling after each `sampleEvery` of them.
    public Report play(long count, long sampleEvery) {
        var events = new EnumMap<Event, Long>(Event.class);
        long samples = 0;
        long placed = 0;
        long exposed = 0;
        Optional<String> violation = Optional.empty();
        for (long i = 1; i <= count && violation.isEmpty(); i++) {
            events.merge(event(), 1L, Long::sum);
            var changed = fleet.changed();
            for (int replica = changed.nextSetBit(0); replica >= 0; replica = changed.nextSetBit(replica + 1))
                watch.place(name(replica), fleet.place(replica));
            violation = watch.violation();
            if (violation.isEmpty() && i % sampleEvery == 0) {
                samples++;
                placed += watch.places().size();
                exposed += fleet.exposed();
                violation = sample();
            }
        }
        return new Report(events, samples, placed, exposed, violation);
    }

    private String name(int replica) {
        var workload = workloadOf.get(replica);
        return workload.name() + "#" + (replica - workloadOf.indexOf(workload));
    }

    private Event event() {
        int draw = random.nextInt(1000);
        int replica = random.nextInt(fleet.replicas());
        if (draw < 500) {
            fleet.arrive(replica);
            return Event.ARRIVE;
        }
        if (draw < 850) {
            fleet.leave(replica);
            return Event.LEAVE;
        }
        if (draw < 920) return server();
        if (draw < 970) return feed();
        if (draw < 990) return site();
        law = (law + 1) % laws.size();
        fleet.law(laws.get(law));
        watch.law(laws.get(law));
        return Event.LAW_CHANGED;
    }

    /// A tenth of the servers may be down at once; with fewer, it is one or the other.
    private Event server() {
        boolean up = serversDown.size() > serverPaths.size() / 10 || (!serversDown.isEmpty() && random.nextBoolean());
        String path = one(up ? serversDown : serverPaths);
        if (up) serversDown.remove(path);
        else if (!serversDown.contains(path)) serversDown.add(path);
        fleet.server(path, up);
        watch.server(path, up);
        return up ? Event.SERVER_UP : Event.SERVER_DOWN;
    }

    /// Up to three feeds may be down at once, also two of one rack.
    private Event feed() {
        boolean up = feedsDown.size() > 2 || (!feedsDown.isEmpty() && random.nextBoolean());
        String[] feed;
        if (up) {
            feed = feedsDown.remove(random.nextInt(feedsDown.size()));
        } else {
            String site = one(siteNames);
            feed = new String[] {site, one(Recount.known(feeds, site))};
            for (var down : feedsDown) if (down[0].equals(feed[0]) && down[1].equals(feed[1])) return Event.FEED_DOWN;
            feedsDown.add(feed);
        }
        fleet.feed(feed[0], feed[1], up);
        watch.feed(feed[0], feed[1], up);
        return up ? Event.FEED_UP : Event.FEED_DOWN;
    }

    private Event site() {
        boolean up = !sitesDown.isEmpty();
        String site = up ? sitesDown.removeFirst() : one(siteNames);
        if (!up) sitesDown.add(site);
        fleet.site(site, up);
        watch.site(site, up);
        return up ? Event.SITE_BACK : Event.SITE_LOST;
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    // --- samples ---------------------------------------------------------------------------------------

    private Optional<String> sample() {
        var places = new ArrayList<Assignment>();
        var watched = watch.places();
        for (int replica = 0; replica < fleet.replicas(); replica++) {
            var place = fleet.place(replica);
            if (!place.equals(Optional.ofNullable(watched.get(name(replica)))))
                return Optional.of(name(replica) + " moved without a word");
            place.ifPresent(places::add);
        }
        var standing = watch.standing(inventory);
        var workloads = new ArrayList<Workload>();
        var assignments = new ArrayList<Assignment>();
        var byWorkload = places.stream().collect(Collectors.groupingBy(Assignment::workload));
        for (var workload : demand.workloads()) {
            var own = byWorkload.getOrDefault(workload.name(), List.of());
            if (own.isEmpty()) continue;
            workloads.add(reduced(workload, own.size()));
            for (int i = 0; i < own.size(); i++)
                assignments.add(new Assignment(workload.name(), i, own.get(i).parts()));
        }
        var now = new Demand(demand.name(), workloads);
        var file = Planner.certify(standing, now, laws.get(law), assignments);
        var refusals = CertificateChecker.refusals(standing, now, laws.get(law), file);
        return refusals.isEmpty() ? losses(standing, places) : Optional.of(refusals.getFirst());
    }

    /// Without tiers and gravity, which speak of sites that may not be there, and spread over racks only:
    /// what depends on which feed, and which sites count, changes with what is down.
    private static Workload reduced(Workload one, int replicas) {
        return new Workload(
                one.name(),
                one.kind(),
                one.model(),
                2,
                one.data(),
                one.tenant(),
                one.isolation(),
                replicas,
                one.gang(),
                one.need(),
                one.spread().contains(Spread.RACK) ? Set.of(Spread.RACK) : Set.of(),
                List.of());
    }

    /// The world without each site, replacements in place: every limit holds there as well.
    private Optional<String> losses(Inventory standing, List<Assignment> places) {
        var workloads = demand.workloads().stream()
                .collect(Collectors.toMap(Workload::name, one -> reduced(one, one.replicas())));
        for (var site : standing.sites()) {
            var seats = new ArrayList<Assignment>();
            for (var place : places) if (!place.parts().getFirst().site().equals(site.name())) seats.add(place);
            for (int replica = 0; replica < fleet.replicas(); replica++)
                fleet.replacement(replica, site.name()).ifPresent(seats::add);
            for (var claim : new Recount(standing, workloads, seats, site.name()).claims())
                if (!claim.holds()) return Optional.of("without " + site.name() + ": " + claim);
        }
        return Optional.empty();
    }
}
