package org.diwan.cloud.report;

import java.time.Duration;
import java.time.Instant;
import org.diwan.sovereignty.policy.BreachDuty;
import org.jspecify.annotations.Nullable;

/// A breach as the ledger tells it.
///
/// @param origin jurisdiction whose law it is under
/// @param personal whether data about people is concerned
/// @param says what the operator says in public, or null
/// @param notified when the authority was told, or null
/// @param closed when it was over, or null
public record Breach(
        String id,
        String origin,
        boolean personal,
        @Nullable String says,
        Moment opened,
        @Nullable Moment notified,
        @Nullable Moment closed) {
    /// An entry of the ledger and its time.
    public record Moment(long index, Instant time) {}

    /// How a breach stands against the time that a law gives.
    public enum State {
        /// No data about people: no law asks for anything.
        NO_DUTY("no duty", false, false),
        /// Nobody was told yet, and there is time.
        RUNNING("running", true, false),
        /// Nobody was told in time.
        OVERDUE("overdue", true, true),
        /// The authority was told in time.
        NOTIFIED("notified in time", false, false),
        /// The authority was told, too late.
        LATE("notified too late", false, true),
        /// Over before the time was, and nobody was told. The reason (no risk, no breach) is the operator's to show.
        CLOSED("closed without notice", false, false);

        private final String label;
        private final boolean ticking;
        private final boolean missed;

        State(String label, boolean ticking, boolean missed) {
            this.label = label;
            this.ticking = ticking;
            this.missed = missed;
        }

        /// As reports spell it.
        public String label() {
            return label;
        }

        /// Whether somebody still has to be told.
        public boolean isTicking() {
            return ticking;
        }

        /// Whether the law's time was not kept.
        public boolean isMissed() {
            return missed;
        }
    }

    /// Until when `duty` wants the authority told.
    public Instant due(BreachDuty duty) {
        return opened.time().plus(duty.time());
    }

    /// How it stands at `now`. Told at the very end of the time is told in time.
    public State state(BreachDuty duty, Instant now) {
        if (!personal) return State.NO_DUTY;
        var due = due(duty);
        if (notified != null) return notified.time().isAfter(due) ? State.LATE : State.NOTIFIED;
        if (closed != null && !closed.time().isAfter(due)) return State.CLOSED;
        return now.isAfter(due) || closed != null ? State.OVERDUE : State.RUNNING;
    }

    /// Hours until [#due], negative afterwards, with one decimal rounded down.
    public double hoursLeft(BreachDuty duty, Instant now) {
        return Math.floorDiv(Duration.between(now, due(duty)).toMinutes(), 6) / 10.0;
    }
}
