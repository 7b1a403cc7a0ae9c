package org.diwan.datacenter.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.diwan.datacenter.inventory.Cursor;
import org.diwan.sovereignty.Jurisdiction;

/// What is played: how long, who asks how much, what goes wrong.
///
/// ```yaml
/// scenario: riyadh burns
/// seed: 7
/// days: 7
/// growth: 1.2                 # the load at the end, as a multiple of that at the start
/// promptTokens: 1154
/// answerTokens: 211
/// mtbfHours: 8000             # of one server
/// repairHours: 24
/// origins:
///   - {jurisdiction: sa, peakRequestsPerSecond: 4000, utcOffset: 3, allowed: [sa]}
/// incidents:
///   - {kind: site-lost, site: riyadh-1, hour: 30, hours: 6, amount: 0}
///   - {kind: heat-wave, site: riyadh-1, hour: 60, hours: 48, amount: 12}   # °C warmer
///   - {kind: power-cap, site: riyadh-1, hour: 90, hours: 4, amount: 0.7}   # of all feeds
///   - {kind: feed-lost, site: riyadh-1, hour: 100, hours: 2, amount: 0, feed: h1/a}
/// ```
public record Scenario(
        String name,
        long seed,
        int days,
        double growth,
        int promptTokens,
        int answerTokens,
        double mtbfHours,
        double repairHours,
        List<Origin> origins,
        List<Incident> incidents) {
    /// Longest time that is played.
    public static final int MAX_DAYS = 366;

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    public Scenario {
        within(days, 1, MAX_DAYS, "days");
        within(growth, 0.01, 100, "growth");
        within(promptTokens, 1, 1_000_000, "promptTokens");
        within(answerTokens, 1, 1_000_000, "answerTokens");
        within(mtbfHours, 1, 1e9, "mtbfHours");
        within(repairHours, 0, 1e6, "repairHours");
        origins = List.copyOf(origins);
        incidents = List.copyOf(incidents);
    }

    /// People who ask, and the law they are under.
    ///
    /// @param peakRequestsPerSecond at the busiest hour of their day, 15:00; the least is 30 % of it, at 3:00
    /// @param utcOffset of their clocks, hours
    /// @param allowed where their requests may be answered, the first the best
    public record Origin(
            Jurisdiction jurisdiction, double peakRequestsPerSecond, double utcOffset, List<Jurisdiction> allowed) {
        public Origin {
            within(peakRequestsPerSecond, 0, 1e7, "peakRequestsPerSecond");
            within(utcOffset, -12, 14, "utcOffset");
            allowed = List.copyOf(allowed);
            if (allowed.isEmpty())
                throw new IllegalArgumentException(
                        "requests of " + jurisdiction + " are allowed nowhere; name one place");
        }

        /// Requests per second at `hour` (UTC) since the start.
        double rate(double hour, double growth) {
            double local = hour + utcOffset;
            return growth * peakRequestsPerSecond * (0.65 + 0.35 * StrictMath.cos(2 * Math.PI * (local - 15) / 24));
        }
    }

    /// Something that goes wrong, from an hour on, for some hours.
    ///
    /// @param amount degrees for a heat wave, the share that is left for a power cap
    /// @param feed `panel/feed` for a lost feed, else empty
    public record Incident(Kind kind, String site, double hour, double hours, double amount, String feed) {
        /// What goes wrong.
        public enum Kind {
            SITE_LOST,
            FEED_LOST,
            HEAT_WAVE,
            POWER_CAP;

            static Kind of(String label) {
                for (var kind : values()) if (kind.label().equals(label)) return kind;
                throw new IllegalArgumentException(
                        "incident '" + label + "' must be site-lost, feed-lost, heat-wave or power-cap");
            }

            String label() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }

        public Incident {
            within(hour, 0, 24 * MAX_DAYS, "hour");
            within(hours, 0, 24 * MAX_DAYS, "hours");
            if (kind == Kind.POWER_CAP) within(amount, 0, 1, "amount");
            if (kind == Kind.HEAT_WAVE) within(amount, -50, 50, "amount");
        }

        boolean at(double now) {
            return now >= hour && now < hour + hours;
        }
    }

    /// A scenario from YAML or JSON.
    ///
    /// @throws IllegalArgumentException naming the place and what is wrong
    public static Scenario parse(String text) {
        try {
            return new Cursor("", YAML.readTree(text))
                    .with(
                            "scenario",
                            "seed",
                            "days",
                            "growth",
                            "promptTokens",
                            "answerTokens",
                            "mtbfHours",
                            "repairHours",
                            "origins",
                            "incidents")
                    .as(at -> new Scenario(
                            at.at("scenario").text(),
                            at.at("seed").whole(),
                            at.at("days").whole(),
                            at.find("growth").map(Cursor::number).orElse(1.0),
                            at.find("promptTokens").map(Cursor::whole).orElse(1_154),
                            at.find("answerTokens").map(Cursor::whole).orElse(211),
                            at.find("mtbfHours").map(Cursor::number).orElse(8_000.0),
                            at.find("repairHours").map(Cursor::number).orElse(24.0),
                            at.all("origins", Scenario::origin),
                            at.all("incidents", Scenario::incident)));
        } catch (IOException e) {
            throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
        }
    }

    private static Origin origin(Cursor in) {
        in.with("jurisdiction", "peakRequestsPerSecond", "utcOffset", "allowed");
        return in.as(at -> new Origin(
                new Jurisdiction(at.at("jurisdiction").text()),
                at.at("peakRequestsPerSecond").number(),
                at.at("utcOffset").number(),
                at.all("allowed", place -> new Jurisdiction(place.text()))));
    }

    private static Incident incident(Cursor in) {
        in.with("kind", "site", "hour", "hours", "amount", "feed");
        return in.as(at -> new Incident(
                Incident.Kind.of(at.at("kind").text()),
                at.at("site").text(),
                at.at("hour").number(),
                at.at("hours").number(),
                at.find("amount").map(Cursor::number).orElse(0.0),
                at.find("feed").map(Cursor::text).orElse("")));
    }

    private static void within(double value, double low, double high, String what) {
        if (!(value >= low && value <= high))
            throw new IllegalArgumentException(what + " is " + value + ", must be " + low + " to " + high);
    }
}
