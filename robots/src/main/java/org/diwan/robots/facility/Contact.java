package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Wire.Mode;
import org.diwan.robots.facility.Wire.Request;
import org.jspecify.annotations.Nullable;

/// What the desk wants of one lift or door, and how that answers: the request that stands, said until it is obeyed,
/// and the faults that any device can have.
final class Contact {
    /// Milliseconds that a device's clock, from which it counts, may be before ours.
    private static final long CLOCKS_APART = 1000;

    private final String topic;
    private final Bus bus;
    private final Timeline timeline;
    private final Times times;

    private Request wanted = new Request(0, "", "");
    private long newest = -1;
    private long obeyed = -1;
    private @Nullable Mode mode;
    private Instant heard;
    private Instant changed;
    private Instant asked;
    private @Nullable String contradiction;

    Contact(String topic, Bus bus, Timeline timeline, Times times) {
        this.topic = topic;
        this.bus = bus;
        this.timeline = timeline;
        this.times = times;
        heard = timeline.instant();
        changed = heard;
        asked = heard;
    }

    /// From now on serves that session, or nobody.
    void want(String session, String floor) {
        if (session.equals(wanted.session()) && floor.equals(wanted.floor())) return;
        wanted = new Request(Math.max(wanted.number() + 1, timeline.millis()), session, floor);
        asked = timeline.instant();
        repeat();
    }

    Request wanted() {
        return wanted;
    }

    void repeat() {
        if (wanted.number() == 0 || (wanted.session().isEmpty() && isObeyed())) return;
        bus.publish(Message.once(topic, Wire.write(wanted)));
    }

    boolean isObeyed() {
        return obeyed == wanted.number();
    }

    /// Takes the state of that number, false if it is older than what is known.
    boolean take(long number, long request, Mode next) {
        if (number <= newest) return false;
        newest = number;
        heard = timeline.instant();
        if (request != obeyed || next != mode) changed = heard;
        obeyed = request;
        mode = next;
        return true;
    }

    /// Something about it is not as it was.
    void change() {
        changed = timeline.instant();
    }

    Instant changed() {
        return changed;
    }

    /// It says what cannot be; the first such word is kept.
    void contradict(String what) {
        if (contradiction == null) contradiction = what;
    }

    /// By the device's own clock, which may say anything.
    static double seconds(Instant from, Instant to) {
        var between = Duration.between(from, to);
        return between.getSeconds() + between.getNano() / 1e9;
    }

    /// Why it cannot be used now, if so.
    ///
    /// @param doorTime seconds
    /// @param stall what to say of one that obeyed and then stands still
    Optional<String> fault(boolean ready, double doorTime, Supplier<String> stall) {
        var now = timeline.instant();
        if (contradiction != null) return Optional.of(contradiction + "; it needs a person's look");
        if (now.isAfter(heard.plus(times.silent()))) return Optional.of("has been silent since " + heard);
        if (mode == null) return Optional.empty();
        if (mode != Mode.ROBOT) return Optional.of("is in mode " + mode);
        if (wanted.session().isEmpty() || ready) return Optional.empty();
        if (!isObeyed())
            return now.isAfter(asked.plus(times.silent()))
                    ? Optional.of("has not obeyed since " + asked)
                    : Optional.empty();
        var patience = times.stall().plusMillis(Math.round(1000 * doorTime));
        return now.isAfter(changed.plus(patience)) ? Optional.of(stall.get()) : Optional.empty();
    }

    /// A person says that it works again: what it said before does not count. The number of it does, for what is late
    /// may still come, but no number from the future, which would make it dumb for ever.
    void repaired() {
        contradiction = null;
        newest = Math.min(newest, timeline.millis() + CLOCKS_APART);
        obeyed = -1;
        mode = null;
        heard = timeline.instant();
    }
}
