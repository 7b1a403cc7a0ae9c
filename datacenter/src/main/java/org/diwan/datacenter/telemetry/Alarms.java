package org.diwan.datacenter.telemetry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What is wrong now. A value raises its alarm when it has stood above the limit for as long as the rule
/// says, and ends it below a second, lower limit, so that a value that trembles around one raises one
/// alarm and not a hundred. Silence is an alarm of its own, and ends none: what was too hot when its
/// sensor fell silent still is, as far as anybody knows.
///
/// Not thread-safe: one thread looks, on its own schedule.
public final class Alarms {
    /// When a metric is too high.
    ///
    /// @param above raises, when it has been exceeded for `seconds`
    /// @param below ends; at most `above`
    public record Rule(Metric metric, double above, double below, long seconds) {
        public Rule {
            if (!(below <= above) || seconds < 0)
                throw new IllegalArgumentException(
                        metric + ": an alarm above " + above + " must end at or below that, not at " + below
                                + ", and wait 0 seconds or more, not " + seconds);
        }
    }

    /// Something that is wrong.
    ///
    /// @param what `POWER_WATTS` … or `SILENT`
    /// @param since Unix time
    /// @param value the worst reading since, or seconds of silence
    public record Alarm(String thing, String what, long since, double value) {}

    private record Key(String thing, String what) {}

    private final Readings readings;
    private final List<Rule> rules;
    private final InstantSource clock;
    private final Map<Key, Long> exceededSince = new HashMap<>();
    private final Map<Key, Alarm> raised = new HashMap<>();

    public Alarms(Readings readings, List<Rule> rules, InstantSource clock) {
        this.readings = readings;
        this.rules = List.copyOf(rules);
        this.clock = clock;
    }

    /// Looks at `things`; what is wrong with them now, the longest-standing first.
    public List<Alarm> look(List<String> things) {
        long now = clock.instant().getEpochSecond();
        for (String thing : things) {
            silence(thing, now);
            for (var rule : rules) apply(rule, thing, now);
        }
        var standing = new ArrayList<>(raised.values());
        standing.sort(Comparator.comparingLong(Alarm::since).thenComparing(Alarm::thing));
        return standing;
    }

    private void silence(String thing, long now) {
        var key = new Key(thing, "SILENT");
        OptionalLong age = readings.ageSeconds(thing);
        if (age.isPresent() && age.getAsLong() <= Readings.FRESH.toSeconds()) raised.remove(key);
        else {
            // A thing that never spoke is silent since it was first looked at.
            long since = age.isPresent() ? now - age.getAsLong() : exceededSince.getOrDefault(key, now);
            exceededSince.putIfAbsent(key, since);
            raised.put(key, new Alarm(thing, "SILENT", since, now - since));
        }
    }

    private void apply(Rule rule, String thing, long now) {
        var key = new Key(thing, rule.metric().name());
        var value = readings.fresh(thing, rule.metric());
        if (value.isEmpty()) return;
        double reading = value.getAsDouble();
        var standing = raised.get(key);
        if (standing != null) {
            if (reading <= rule.below()) {
                raised.remove(key);
                exceededSince.remove(key);
            } else if (reading > standing.value())
                raised.put(key, new Alarm(thing, key.what(), standing.since(), reading));
        } else if (reading > rule.above()) {
            long since = exceededSince.computeIfAbsent(key, _ -> now);
            if (now - since >= rule.seconds()) raised.put(key, new Alarm(thing, key.what(), since, reading));
        } else exceededSince.remove(key);
    }
}
