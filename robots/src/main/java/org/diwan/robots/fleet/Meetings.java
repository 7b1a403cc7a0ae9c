package org.diwan.robots.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.FleetView.Status;
import org.diwan.robots.roads.RoadTraffic;
import org.jspecify.annotations.Nullable;

/// Handovers that are not over: who waits for whom.
final class Meetings {
    /// Handovers at once.
    static final int MAX = 1_000;

    /// So long one waits at the meeting place for the other; then both jobs fail, and a person sees to the
    /// load.
    static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final class Meeting {
        private final Handover handover;
        private final Map<String, Robot> there = new HashMap<>();
        private @Nullable Instant since;

        Meeting(Handover handover) {
            this.handover = handover;
        }
    }

    private final RoadMap map;
    private final RoadTraffic traffic;
    private final Map<String, Meeting> byJob = new HashMap<>();

    Meetings(RoadMap map, RoadTraffic traffic) {
        this.map = map;
        this.traffic = traffic;
    }

    /// Takes one in.
    ///
    /// @throws IllegalArgumentException if the places are not side by side
    void add(Handover handover) {
        if (byJob.size() >= 2 * MAX) throw new IllegalStateException(MAX + " handovers are open, no more are taken");
        int a = map.vertex(handover.giving().stops().get(handover.givingStop()).place());
        int b = map.vertex(handover.taking().stops().get(handover.takingStop()).place());
        boolean beside = map.out(a).stream().anyMatch(arc -> arc.to() == b)
                || map.out(b).stream().anyMatch(arc -> arc.to() == a);
        if (!beside)
            throw new IllegalArgumentException("no lane joins " + map.place(a).id() + " and "
                    + map.place(b).id() + ": two vehicles cannot meet there");
        var meeting = new Meeting(handover);
        byJob.put(handover.giving().id(), meeting);
        byJob.put(handover.taking().id(), meeting);
    }

    /// Whether an errand may act at its stop: it needs nobody there, or the other is there too.
    boolean isComplete(Errand errand) {
        var meeting = at(errand);
        return meeting.isEmpty() || meeting.get().there.size() == 2;
    }

    private Optional<Meeting> at(Errand errand) {
        var meeting = byJob.get(errand.job().id());
        if (meeting == null || errand.isDone()) return Optional.empty();
        boolean gives = meeting.handover.giving().id().equals(errand.job().id());
        int stop = gives ? meeting.handover.givingStop() : meeting.handover.takingStop();
        return stop == errand.stop() ? Optional.of(meeting) : Optional.empty();
    }

    /// Sees whether a vehicle has come to its meeting, or waits there in vain.
    void look(Robot robot, Instant now) {
        var errand = robot.errand().orElse(null);
        if (errand == null || errand.isDone()) return;
        var meeting = at(errand).orElse(null);
        if (meeting == null || errand.phase() == Errand.Phase.ACTING) return;
        boolean there = errand.phase() == Errand.Phase.PLANNED
                && robot.at() == errand.goal()
                && traffic.committed(robot.number()).isEmpty();
        if (!there) {
            meeting.there.remove(errand.job().id());
            return;
        }
        meeting.there.put(errand.job().id(), robot);
        var since = meeting.since;
        if (since == null) meeting.since = now;
        else if (meeting.there.size() < 2 && now.isAfter(since.plus(PATIENCE)))
            errand.fail(Cause.of(Cause.Kind.NO_HANDOVER, "nobody came to the handover"));
    }

    /// Whether a job should wait before it is given to a vehicle: who takes sets out when who gives has begun.
    boolean isEarly(Job job, Jobs jobs) {
        var meeting = byJob.get(job.id());
        if (meeting == null || !meeting.handover.taking().id().equals(job.id())) return false;
        return jobs.open(meeting.handover.giving().id())
                .filter(entry -> entry.status() == Status.WAITING)
                .isPresent();
    }

    /// A job is over; the other one, if it can no longer be met.
    Optional<String> over(String job, boolean done) {
        var meeting = byJob.remove(job);
        if (meeting == null) return Optional.empty();
        boolean gave = meeting.handover.giving().id().equals(job);
        String other = gave
                ? meeting.handover.taking().id()
                : meeting.handover.giving().id();
        return done || !byJob.containsKey(other) ? Optional.empty() : Optional.of(other);
    }

    /// A vehicle that was there has lost its errand.
    void left(String job) {
        var meeting = byJob.get(job);
        if (meeting != null) meeting.there.remove(job);
    }
}
