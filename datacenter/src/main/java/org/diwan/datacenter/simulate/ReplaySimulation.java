package org.diwan.datacenter.simulate;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.diwan.base.Digest;

/// Plays a trace through replicas, event by event: an arrival, the end of a step, a tick of the power
/// controller. Of events at one instant arrivals come first, then replicas by number.
///
/// One instance is one run, on one thread.
public final class ReplaySimulation implements Engine.Ledger {
    /// What a run is made of.
    ///
    /// @param cacheBlocks prompt blocks each replica holds; 0 for none
    /// @param limit the breaker all replicas share, if any
    public record Setup(
            EngineProfile profile,
            int replicas,
            Routing routing,
            int cacheBlocks,
            Optional<PowerLimit> limit,
            long seed) {
        /// Most replicas of one run.
        public static final int MAX_REPLICAS = 10_000;

        public Setup {
            if (replicas < 1 || replicas > MAX_REPLICAS)
                throw new IllegalArgumentException(replicas + " replicas must be 1 to " + MAX_REPLICAS);
            if (cacheBlocks < 0)
                throw new IllegalArgumentException("cacheBlocks " + cacheBlocks + " must be 0 or more");
        }
    }

    /// What came of a run. Times in seconds from arrival.
    ///
    /// @param reuse share of all prompt blocks that were in a cache
    /// @param peakWatts most that all replicas drew at once
    /// @param trips how often the breaker would have opened
    /// @param hash SHA-256 over every request's times: equal runs have equal hashes
    public record Result(
            int requests,
            double firstTokenP50,
            double firstTokenP99,
            double wholeP50,
            double wholeP99,
            double reuse,
            double kilowattHours,
            double peakWatts,
            int trips,
            double slowedShare,
            String hash) {}

    private final List<TracedRequest> trace;
    private final Setup setup;
    private final Draws draws;
    private final Engine[] engines;
    private final PrefixCache[] caches;
    private final double[] first;
    private final double[] last;
    private long blocksSeen;
    private long blocksHeld;

    private double now;

    /// When the next request arrives, and when the controller looks next.
    private double next;

    private double tick;
    private double joules;
    private double draw;
    private double peak;
    private double over;
    private int trips;
    private double slowed;
    private int done;

    private ReplaySimulation(List<TracedRequest> trace, Setup setup) {
        this.trace = trace;
        this.setup = setup;
        this.draws = new Draws(setup.seed());
        this.engines = new Engine[setup.replicas()];
        this.caches = new PrefixCache[setup.replicas()];
        Arrays.setAll(engines, _ -> new Engine(setup.profile()));
        Arrays.setAll(caches, _ -> new PrefixCache(setup.cacheBlocks()));
        this.first = new double[trace.size()];
        this.last = new double[trace.size()];
        this.draw = setup.profile().idleWatts() * setup.replicas();
    }

    /// Plays `trace` to the end of its last answer.
    public static Result run(List<TracedRequest> trace, Setup setup) {
        var run = new ReplaySimulation(trace, setup);
        run.play();
        return run.result();
    }

    private void play() {
        tick = setup.limit().isPresent() ? PowerLimit.TICK_SECONDS : Double.POSITIVE_INFINITY;
        for (int arrived = 0; done < trace.size(); ) {
            double arrival = arrived < trace.size() ? trace.get(arrived).arrivalSeconds() : Double.POSITIVE_INFINITY;
            int earliest = earliest();
            double step = engines[earliest].until;
            if (arrival <= Math.min(step, tick)) {
                pass(arrival);
                next = arrived + 1 < trace.size() ? trace.get(arrived + 1).arrivalSeconds() : Double.POSITIVE_INFINITY;
                arrive(arrived++);
            } else if (step <= tick) {
                pass(step);
                engines[earliest].end(now, this);
                begin(earliest);
            } else {
                pass(tick);
                control(setup.limit().orElseThrow());
                tick += PowerLimit.TICK_SECONDS;
            }
        }
    }

    private int earliest() {
        int earliest = 0;
        for (int i = 1; i < engines.length; i++) if (engines[i].until < engines[earliest].until) earliest = i;
        return earliest;
    }

    /// Nothing changes between two events, so energy is a product.
    private void pass(double to) {
        double seconds = to - now;
        joules += draw * seconds;
        setup.limit().ifPresent(limit -> {
            boolean above = draw > limit.watts();
            if (above && over < limit.trips() && over + seconds >= limit.trips()) trips++;
            over = above ? over + seconds : 0;
            if (engines[0].clock < 1) slowed += seconds;
        });
        now = to;
    }

    private void arrive(int id) {
        var request = trace.get(id);
        int at = route(id, request);
        int prefix = caches[at].prefix(request.blocks());
        if (setup.cacheBlocks() > 0) caches[at].use(request.blocks());
        blocksSeen += request.blocks().size();
        blocksHeld += prefix;
        engines[at].add(id, request.promptTokens(), unread(request, prefix), request.answerTokens());
        if (engines[at].idle()) begin(at);
    }

    /// At least one token is read: the last one's numbers are what the first answer token comes from.
    private static int unread(TracedRequest request, int prefix) {
        if (request.blocks().isEmpty()) return Math.max(1, request.promptTokens());
        long held = (long) request.promptTokens() * prefix / request.blocks().size();
        return (int) Math.max(1, request.promptTokens() - held);
    }

    private int route(int id, TracedRequest request) {
        if (setup.routing() == Routing.RANDOM) return (int) Long.remainderUnsigned(draws.bits(0, id), engines.length);
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < engines.length; i++) {
            double cost = setup.routing() == Routing.LEAST_LOADED ? engines[i].load() : prefixCost(request, i);
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        return best;
    }

    /// Seconds to the first token; of equal ones the emptier replica.
    private double prefixCost(TracedRequest request, int replica) {
        int unread = unread(request, caches[replica].prefix(request.blocks()));
        var engine = engines[replica];
        return engine.backlogSeconds()
                + setup.profile().prefillSeconds(unread, engine.clock)
                + 1e-3
                        * setup.profile().stepMillis()
                        * engine.load()
                        / setup.profile().batch();
    }

    private void begin(int replica) {
        var engine = engines[replica];
        draw -= engine.watts;
        // Steps are taken together only as long as nothing can come in between.
        engine.begin(now, Math.min(next, tick));
        draw += engine.watts;
        peak = Math.max(peak, draw);
    }

    private void control(PowerLimit limit) {
        double clock = limit.clock(draw, engines[0].clock);
        for (var engine : engines) engine.clock = clock;
    }

    @Override
    public void first(int request, double at) {
        first[request] = at - trace.get(request).arrivalSeconds();
    }

    @Override
    public void last(int request, double at) {
        last[request] = at - trace.get(request).arrivalSeconds();
        done++;
    }

    @Override
    public int answerTokens(int request) {
        return Math.max(1, trace.get(request).answerTokens());
    }

    private Result result() {
        MessageDigest digest = Digest.sha256();
        var bytes = ByteBuffer.allocate(16);
        for (int i = 0; i < first.length; i++) {
            digest.update(bytes.clear().putDouble(first[i]).putDouble(last[i]).flip());
        }
        double[] firsts = first.clone();
        double[] lasts = last.clone();
        Arrays.sort(firsts);
        Arrays.sort(lasts);
        return new Result(
                first.length,
                quantile(firsts, 0.5),
                quantile(firsts, 0.99),
                quantile(lasts, 0.5),
                quantile(lasts, 0.99),
                blocksSeen == 0 ? 0 : (double) blocksHeld / blocksSeen,
                joules / 3.6e6,
                peak,
                trips,
                now == 0 ? 0 : slowed / now,
                Digest.hex(digest.digest()));
    }

    /// The nearest rank.
    static double quantile(double[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
