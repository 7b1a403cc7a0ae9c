package org.diwan.datacenter.simulate;

/// A breaker that several servers share, and the controller that keeps them below it: from `slow` of the
/// limit on clocks fall to `slowClock`, from `brake` on to `brakeClock`; they rise again below `relax`.
/// Telemetry and control take [#TICK_SECONDS]. As POLCA (Patel et al., ASPLOS 2024) with one class of work.
///
/// @param watts what the breaker holds for ever
/// @param trips seconds of overload after which it opens (UL 489's slowest curve holds 10 % for minutes;
///     this is the cautious end)
public record PowerLimit(
        double watts, double slow, double slowClock, double brake, double brakeClock, double relax, double trips) {
    /// How often power is read and clocks are set.
    static final double TICK_SECONDS = 1;

    public PowerLimit {
        if (!(watts > 0
                && relax < slow
                && slow < brake
                && brake <= 1
                && 0 < brakeClock
                && brakeClock <= slowClock
                && slowClock <= 1
                && trips > 0))
            throw new IllegalArgumentException(
                    "a power limit needs 0 < relax < slow < brake ≤ 1 and 0 < brakeClock ≤ slowClock ≤ 1");
    }

    /// POLCA's thresholds.
    public static PowerLimit polca(double watts) {
        return new PowerLimit(watts, 0.80, 0.90, 0.89, 0.78, 0.75, 10);
    }

    double clock(double draw, double now) {
        if (draw > brake * watts) return brakeClock;
        if (draw > slow * watts) return Math.min(now, slowClock);
        return draw < relax * watts ? 1 : now;
    }
}
