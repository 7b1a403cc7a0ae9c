package org.diwan.datacenter.simulate;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.diwan.base.Digest;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.simulate.Scenario.Incident;
import org.diwan.datacenter.simulate.Scenario.Origin;

/// A fleet, minute by minute and server by server: requests come by Poisson's law at a rate that follows the
/// day, go to the best place that they may go to, wait their turn, are answered or, after a minute of
/// waiting, refused; every server's draw is carried to its rack, PDUs, feeds and cooling zone, and a rack over
/// any limit is slowed until it is not. Servers break and are repaired, sites and feeds are lost and come back.
///
/// A server's minute is a fluid: work comes in seconds of the engine, which does 60 of them a minute at full
/// clock. [ReplaySimulation] is the finer model it is held against in tests.
///
/// One instance is one run, on one thread; 100,000 GPUs for a week are 126 million server-minutes.
public final class FleetSimulation {
    /// Longest wait in seconds; what would wait longer is refused at the door (503).
    private static final double LONGEST_WAIT = 60;

    /// A site that others' requests may use is filled to this share of its speed before the next is tried.
    private static final double FULL = 0.85;

    /// Cooling works to its rating up to this outdoor temperature, and loses [#COOLING_LOSS] per degree above.
    private static final double DESIGN_CELSIUS = 38;

    private static final double COOLING_LOSS = 0.02;

    /// PUE's overhead grows by so much per degree above 20.
    private static final double PUE_PER_DEGREE = 0.01;

    /// One hour of one site.
    ///
    /// @param waitP99 seconds before a prompt is read, 99th percentile over answered requests
    /// @param kilowatts mean draw of its servers; facility power is that times `pue`
    /// @param feedShare the fullest feed's draw over its limit, the hour's peak
    /// @param overMinutes rack-minutes above some limit, before slowing took hold
    public record Hour(
            int hour,
            String site,
            long answered,
            long refused,
            double waitP99,
            double kilowatts,
            double pue,
            double kilogramsCo2,
            int serversUp,
            double feedShare,
            int overMinutes,
            double slowedShare) {}

    /// What came of a run.
    ///
    /// @param hash SHA-256 over every hour: equal runs have equal hashes
    public record Result(List<Hour> hours, String hash) {
        public long answered() {
            return hours.stream().mapToLong(Hour::answered).sum();
        }

        public long refused() {
            return hours.stream().mapToLong(Hour::refused).sum();
        }
    }

    private final Scenario scenario;
    private final EngineProfile profile;
    private final Draws draws;
    private final Fleet[] fleets;
    private final double workSeconds;
    private final List<Hour> hours = new ArrayList<>();

    /// A server that breaks or is repaired, at a minute.
    private record Turn(double minute, int fleet, int server, boolean breaks, int count) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int order = Double.compare(minute, other.minute);
            if (order == 0) order = Integer.compare(fleet, other.fleet);
            return order == 0 ? Integer.compare(server, other.server) : order;
        }
    }

    private final PriorityQueue<Turn> turns = new PriorityQueue<>();

    private FleetSimulation(Inventory inventory, Scenario scenario, EngineProfile profile) {
        this.scenario = scenario;
        this.profile = profile;
        this.draws = new Draws(scenario.seed());
        var sites = inventory.sites();
        this.fleets = new Fleet[sites.size()];
        for (int f = 0; f < fleets.length; f++) fleets[f] = new Fleet(new Plant(sites.get(f)), f);
        for (var incident : scenario.incidents())
            if (sites.stream().noneMatch(site -> site.name().equals(incident.site())))
                throw new IllegalArgumentException(
                        "an incident names the site '" + incident.site() + "', and the inventory has "
                                + sites.stream().map(Inventory.Site::name).toList());
        this.workSeconds = profile.prefillSeconds(scenario.promptTokens(), 1)
                + scenario.answerTokens() * profile.stepSeconds(profile.batch(), 1) / profile.batch();
    }

    /// Plays `scenario` on `inventory`, every server with GPUs a replica of `profile`.
    ///
    /// @throws IllegalArgumentException when the scenario names what the inventory has not
    public static Result run(Inventory inventory, Scenario scenario, EngineProfile profile) {
        var run = new FleetSimulation(inventory, scenario, profile);
        run.play();
        return new Result(List.copyOf(run.hours), run.hash());
    }

    private void play() {
        for (int f = 0; f < fleets.length; f++)
            for (int s = 0; s < fleets[f].plant.servers; s++) schedule(0, f, s, true, 0);
        int minutes = scenario.days() * 24 * 60;
        for (int minute = 0; minute < minutes; minute++) {
            for (var turn = turns.peek(); turn != null && turn.minute() <= minute; turn = turns.peek())
                take(turns.remove());
            double hour = minute / 60.0;
            for (var fleet : fleets) fleet.open(hour);
            spread(hour, (double) minute / minutes);
            for (var fleet : fleets) fleet.minute(minute);
            if (minute % 60 == 59) for (var fleet : fleets) hours.add(fleet.close(minute / 60));
        }
    }

    private void take(Turn turn) {
        fleets[turn.fleet()].broken[turn.server()] = turn.breaks();
        schedule(turn.minute(), turn.fleet(), turn.server(), !turn.breaks(), turn.count() + 1);
    }

    private void schedule(double after, int fleet, int server, boolean breaks, int count) {
        double mean = 60 * (breaks ? scenario.mtbfHours() : scenario.repairHours());
        long stream = 1_000_000L * (fleet + 1) + server;
        turns.add(new Turn(after + draws.exponential(stream, count, mean), fleet, server, breaks, count));
    }

    /// Each origin's requests to the places that may take them, in order; what finds no room anywhere goes to
    /// the first that has servers, and waits there.
    private void spread(double hour, double progress) {
        double growth = 1 + (scenario.growth() - 1) * progress;
        for (Origin origin : scenario.origins()) {
            double rate = origin.rate(hour, growth);
            for (var place : origin.allowed()) {
                double room = 0;
                for (var fleet : fleets) if (fleet.plant.site.jurisdiction().equals(place)) room += fleet.room();
                if (room <= 0) continue;
                double taken = Math.min(rate, room);
                for (var fleet : fleets)
                    if (fleet.plant.site.jurisdiction().equals(place)) fleet.rate += taken * fleet.room(taken, room);
                rate -= taken;
            }
            if (rate > 0) overflow(origin, rate);
        }
    }

    private void overflow(Origin origin, double rate) {
        for (var place : origin.allowed()) {
            int up = 0;
            for (var fleet : fleets) if (fleet.plant.site.jurisdiction().equals(place)) up += fleet.up;
            if (up == 0) continue;
            for (var fleet : fleets)
                if (fleet.plant.site.jurisdiction().equals(place)) fleet.rate += rate * fleet.up / up;
            return;
        }
        // Nowhere that is allowed is anything left: refused at the first place's door, whoever's it was.
        for (var fleet : fleets)
            if (fleet.plant.site.jurisdiction().equals(origin.allowed().getFirst())) {
                fleet.turnedAway += rate * 60;
                return;
            }
    }

    private String hash() {
        MessageDigest digest = Digest.sha256();
        var bytes = ByteBuffer.allocate(64);
        for (var hour : hours)
            digest.update(bytes.clear()
                    .putLong(hour.answered())
                    .putLong(hour.refused())
                    .putDouble(hour.waitP99())
                    .putDouble(hour.kilowatts())
                    .putDouble(hour.kilogramsCo2())
                    .putInt(hour.serversUp())
                    .putInt(hour.overMinutes())
                    .putDouble(hour.feedShare())
                    .flip());
        return Digest.hex(digest.digest());
    }

    /// One site's servers and what is counted of them this hour.
    private final class Fleet {
        private final Plant plant;
        private final int number;
        private final boolean[] broken;
        private final double[] queueSeconds;
        private final double[] clock;

        /// Requests per second that were sent here this minute, and what of it has a place already.
        private double rate;

        private double turnedAway;
        private int up;
        private boolean lost;
        private double cap;
        private double celsius;

        private long answered;
        private long refused;
        private double wattMinutes;
        private double facilityWattMinutes;
        private double feedShare;
        private int overMinutes;
        private long slowedMinutes;
        private long upMinutes;
        private final WaitHistogram waits = new WaitHistogram();

        Fleet(Plant plant, int number) {
            this.plant = plant;
            this.number = number;
            this.broken = new boolean[plant.servers];
            this.queueSeconds = new double[plant.servers];
            this.clock = new double[plant.servers];
            Arrays.fill(clock, 1);
        }

        /// The state of things at `hour`: what is lost, how warm it is, who is up.
        void open(double hour) {
            rate = 0;
            turnedAway = 0;
            lost = false;
            cap = 1;
            // Warmest at three in the afternoon, local solar time.
            celsius = 28 + 8 * StrictMath.cos(2 * Math.PI * (hour + plant.site.longitude() / 15 - 15) / 24);
            Arrays.fill(plant.feedDead, false);
            for (Incident incident : scenario.incidents())
                if (incident.site().equals(plant.site.name()) && incident.at(hour)) suffer(incident);
            up = 0;
            for (int s = 0; s < plant.servers; s++) if (works(s)) up++;
        }

        private void suffer(Incident incident) {
            switch (incident.kind()) {
                case SITE_LOST -> lost = true;
                case HEAT_WAVE -> celsius += incident.amount();
                case POWER_CAP -> cap = Math.min(cap, incident.amount());
                case FEED_LOST -> {
                    int feed = Arrays.asList(plant.feedNames).indexOf(incident.feed());
                    if (feed < 0)
                        throw new IllegalArgumentException("an incident names the feed '" + incident.feed() + "', and "
                                + plant.site.name() + " has " + Arrays.toString(plant.feedNames));
                    plant.feedDead[feed] = true;
                }
            }
        }

        private boolean works(int server) {
            return !lost && !broken[server] && plant.rackAlive(plant.rackOf[server]);
        }

        /// Requests per second that still find a server not yet full.
        double room() {
            return Math.max(0, up * FULL / workSeconds - rate);
        }

        /// This site's share of what a jurisdiction with `room` takes; its own room shrinks as it takes.
        double room(double taken, double room) {
            return taken <= 0 ? 0 : room() / room;
        }

        void minute(int minute) {
            refused += Math.round(turnedAway);
            Arrays.fill(plant.rackWatts, 0);
            double mean = up == 0 ? 0 : rate * 60 / up;
            if (up == 0) refused += Math.round(rate * 60);
            for (int s = 0; s < plant.servers; s++) {
                if (!works(s)) {
                    // What waited there is lost with it.
                    refused += Math.round(queueSeconds[s] / workSeconds);
                    queueSeconds[s] = 0;
                    continue;
                }
                plant.rackWatts[plant.rackOf[s]] += serve(s, minute, mean);
            }
            limit();
        }

        /// One server's minute; its mean draw in watts.
        private double serve(int s, int minute, double mean) {
            int arrivals = draws.poisson((1L << 40) + ((long) number << 24) + s, minute, mean);
            double speed = clock[s];
            double space = Math.max(0, (LONGEST_WAIT + 60) * speed - queueSeconds[s]);
            int taken = (int) Math.min(arrivals, Math.floor(space / workSeconds));
            refused += arrivals - taken;
            answered += taken;
            double wait = queueSeconds[s] / speed;
            double work = queueSeconds[s] + taken * workSeconds;
            double done = Math.min(work, 60 * speed);
            queueSeconds[s] = work - done;
            // The queue goes from one length to the other; in the middle of the minute it is half way.
            waits.add((wait + queueSeconds[s] / speed) / 2, taken);
            upMinutes++;
            if (speed < 1) slowedMinutes++;
            double watts = watts(done / workSeconds / 60, speed);
            wattMinutes += watts;
            return watts;
        }

        /// Mean draw at `rate` requests per second. By Little's law as many sequences run at once as arrive while
        /// one is served, n = rate · (prefill + answer · step(n)); none run e^(−n) of the time (M/G/∞).
        private double watts(double rate, double speed) {
            double prefill = profile.prefillSeconds(scenario.promptTokens(), speed);
            double alone = prefill + scenario.answerTokens() * profile.stepSeconds(1, speed);
            double more = scenario.answerTokens() * (profile.stepSeconds(2, speed) - profile.stepSeconds(1, speed));
            double free = 1 - rate * more;
            double sequences = free <= 0 ? profile.batch() : Math.min(profile.batch(), rate * (alone - more) / free);
            double busy = 1 - StrictMath.exp(-sequences);
            double reading = Math.min(busy, rate * prefill);
            int together = busy == 0 ? 0 : (int) Math.ceil(sequences / busy);
            return profile.idleWatts() * (1 - busy)
                    + reading * profile.prefillWatts(speed)
                    + (busy - reading) * profile.decodeWatts(together, speed);
        }

        /// Slows racks that are over a limit, in proportion; lets them recover a tenth a minute.
        private void limit() {
            double cooling = Math.max(0.1, 1 - COOLING_LOSS * Math.max(0, celsius - DESIGN_CELSIUS));
            plant.settle(cap, cooling);
            for (double pressure : plant.rackPressure) if (pressure > 1) overMinutes++;
            for (int s = 0; s < plant.servers; s++) {
                double pressure = plant.rackPressure[plant.rackOf[s]];
                if (pressure > 1) clock[s] = Math.max(0.1, clock[s] * Math.min(0.97, 1 / pressure));
                else if (pressure < 0.97) clock[s] = Math.min(1, clock[s] + 0.1 * (1 - pressure));
            }
            double watts = 0;
            for (double rack : plant.rackWatts) watts += rack;
            facilityWattMinutes += watts * pue();
            for (int f = 0; f < plant.feedWatts.length; f++)
                feedShare = Math.max(feedShare, plant.feedWatts[f] / plant.feedLimit[f]);
        }

        private double pue() {
            return 1 + (plant.site.pue() - 1) * (1 + PUE_PER_DEGREE * (celsius - 20));
        }

        Hour close(int hour) {
            double facilityKilowattHours = facilityWattMinutes / 60_000;
            var closed = new Hour(
                    hour,
                    plant.site.name(),
                    answered,
                    refused,
                    waits.quantile(0.99),
                    wattMinutes / 60_000,
                    wattMinutes == 0 ? plant.site.pue() : facilityWattMinutes / wattMinutes,
                    facilityKilowattHours * plant.site.gramsPerKwh() / 1000,
                    up,
                    feedShare,
                    overMinutes,
                    upMinutes == 0 ? 0 : (double) slowedMinutes / upMinutes);
            answered = 0;
            refused = 0;
            wattMinutes = 0;
            facilityWattMinutes = 0;
            feedShare = 0;
            overMinutes = 0;
            slowedMinutes = 0;
            upMinutes = 0;
            waits.clear();
            return closed;
        }
    }
}
