package org.diwan.sovereignty.policy;

import java.time.Duration;

/// What the law asks of whoever finds that personal data was lost, stolen or disclosed: to tell an
/// authority, in time.
///
/// @param law title of the act or instrument
/// @param article where in it, as lawyers cite it
/// @param hours from the moment in which the breach became known
/// @param authority that must be told
/// @param source where the text was read
/// @param confidence as [Rule#confidence]
public record BreachDuty(String law, String article, int hours, String authority, String source, String confidence) {
    /// Longest time to tell, in hours: a year.
    static final int MAX_HOURS = 8_760;

    public BreachDuty {
        Rule.confidence(confidence);
        if (hours < 1 || hours > MAX_HOURS)
            throw new IllegalArgumentException(hours + " hours: must be 1 to " + MAX_HOURS);
    }

    /// [#hours] as a duration.
    public Duration time() {
        return Duration.ofHours(hours);
    }
}
