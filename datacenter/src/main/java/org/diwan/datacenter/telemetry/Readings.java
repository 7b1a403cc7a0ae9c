package org.diwan.datacenter.telemetry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.datacenter.telemetry.Series.Step;

/// Every reading that was taken, by thing and metric; a thing is a path of the inventory.
///
/// What cannot be is refused, by kind, and counted: no number, out of the metric's range, from the future,
/// not after the last one of its thing (a clock that went back, or the same reading twice). A thing whose
/// last reading is older than [#FRESH] is silent. Safe to share between threads.
public final class Readings {
    /// Most things that are watched; more is a mistake in somebody's labels.
    public static final int MAX_THINGS = 1_000_000;

    /// How long a reading speaks for its thing: three polls.
    public static final Duration FRESH = Duration.ofSeconds(90);

    /// How far clocks may differ.
    private static final Duration AHEAD = Duration.ofMinutes(2);

    /// Why a reading was not taken.
    public enum Refusal {
        NOT_A_NUMBER,
        IMPOSSIBLE,
        FROM_THE_FUTURE,
        NOT_LATER,
        TOO_MANY_THINGS
    }

    /// A stretch of time and the least, mean and greatest value read in it.
    ///
    /// @param second when it begins, Unix time
    public record Point(long second, double min, double mean, double max, int count) {}

    private final InstantSource clock;
    private final Map<String, Map<Metric, Series>> things = new ConcurrentHashMap<>();
    private final Map<Refusal, AtomicLong> refusals = new EnumMap<>(Refusal.class);

    public Readings(InstantSource clock) {
        this.clock = clock;
        for (var refusal : Refusal.values()) refusals.put(refusal, new AtomicLong());
    }

    /// Takes a reading of `thing` made at `second` (Unix time); false when it was refused.
    public boolean add(String thing, Metric metric, long second, double value) {
        if (Double.isNaN(value)) return refuse(Refusal.NOT_A_NUMBER);
        if (value < metric.low || value > metric.high) return refuse(Refusal.IMPOSSIBLE);
        if (second > now() + AHEAD.toSeconds()) return refuse(Refusal.FROM_THE_FUTURE);
        if (things.size() >= MAX_THINGS && !things.containsKey(thing)) return refuse(Refusal.TOO_MANY_THINGS);
        var metrics = things.computeIfAbsent(thing, _ -> new EnumMap<>(Metric.class));
        synchronized (metrics) {
            return metrics.computeIfAbsent(metric, _ -> new Series()).add(second, value) || refuse(Refusal.NOT_LATER);
        }
    }

    private boolean refuse(Refusal refusal) {
        count(refusal).incrementAndGet();
        return false;
    }

    /// How many readings were refused for this reason.
    public long refused(Refusal refusal) {
        return count(refusal).get();
    }

    private AtomicLong count(Refusal refusal) {
        return Objects.requireNonNull(refusals.get(refusal), "every refusal is counted");
    }

    /// The last reading, if it still speaks for its thing.
    public OptionalDouble fresh(String thing, Metric metric) {
        var metrics = things.get(thing);
        if (metrics == null) return OptionalDouble.empty();
        synchronized (metrics) {
            var series = metrics.get(metric);
            if (series == null || series.lastSecond() < now() - FRESH.toSeconds()) return OptionalDouble.empty();
            return series.last().map(OptionalDouble::of).orElse(OptionalDouble.empty());
        }
    }

    /// What `thing` draws, in watts: what it says, or `most` when it is silent. A silent machine is never
    /// taken to be idle.
    public double powerWatts(String thing, double most) {
        return fresh(thing, Metric.POWER_WATTS).orElse(most);
    }

    /// Seconds since the last reading of any metric; empty for a thing that never spoke.
    public OptionalLong ageSeconds(String thing) {
        var metrics = things.get(thing);
        if (metrics == null) return OptionalLong.empty();
        synchronized (metrics) {
            return OptionalLong.of(now()
                    - metrics.values().stream()
                            .mapToLong(Series::lastSecond)
                            .max()
                            .orElse(Long.MIN_VALUE));
        }
    }

    /// What was read from `from` to before `to`, in the finest grain still kept of that time: readings for
    /// an hour, five minutes for two days, hours for a month.
    public List<Point> between(String thing, Metric metric, long from, long to) {
        var metrics = things.get(thing);
        if (metrics == null) return List.of();
        synchronized (metrics) {
            var series = metrics.get(metric);
            return series == null
                    ? List.of()
                    : series.between(from, to).stream().map(Readings::point).toList();
        }
    }

    private static Point point(Step step) {
        return new Point(step.second(), step.min(), step.mean(), step.max(), step.count());
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
