package org.diwan.robots.bus;

import java.time.Duration;
import org.diwan.robots.bus.Timeline.Scheduled;

/// Work that schedules itself again, also after it failed.
final class Repeated implements Scheduled {
    private final Timeline timeline;
    private final Duration period;
    private final Runnable work;
    private Scheduled coming = () -> {};
    private boolean cancelled;

    Repeated(Timeline timeline, Duration period, Runnable work) {
        this.timeline = timeline;
        this.period = period;
        this.work = work;
    }

    void next() {
        coming = timeline.after(period, () -> {
            try {
                work.run();
            } finally {
                if (!cancelled) next();
            }
        });
    }

    @Override
    public void cancel() {
        cancelled = true;
        coming.cancel();
    }
}
