package org.diwan.robots.bus;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// What happens, one thing after another on one thread: what is scheduled on it never runs side by side.
public interface Timeline extends InstantSource {
    /// Runs `work` when `delay` is over; what is due at the same instant runs in the order it was scheduled.
    Scheduled after(Duration delay, Runnable work);

    /// Runs `work` as soon as what runs now is over. Any thread may call it.
    void post(Runnable work);

    /// Runs `work` every `period` from now, first after one.
    default Scheduled every(Duration period, Runnable work) {
        var repeated = new Repeated(this, period, work);
        repeated.next();
        return repeated;
    }

    @Override
    Instant instant();

    /// What can still be called off.
    @FunctionalInterface
    interface Scheduled {
        void cancel();
    }
}
