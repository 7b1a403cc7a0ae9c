package org.diwan.robots.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.control.Play.Course;
import org.diwan.robots.control.Play.End;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Snapshot;

/// Plays a job in a copy of the building before anything moves: the vehicles where they are, with their charge and
/// load, what is left of the fleet's other jobs, lifts where they stand; what is out of order, or in a person's hands,
/// stays so ([Play]).
///
/// Where the job is late that way, or not over in time, it is played once more without the others, to see whether it
/// is they who keep it.
///
/// Each vehicle is played as what its factsheet says that it is ([Sheet]), and says the same of itself in the copy, so
/// that who can do a job there is who can do it in the world; one that has sent none is a porter that can act and
/// carries nothing, which is what the fleet believes of it. An action under way is thought to begin anew, and a
/// vehicle between two places to stand on the nearer one. There are limits to how much is played ([Cast], [Play#LIMIT],
/// [#WALL]); what was left out for them is said. A play is a function of scene, job and seed, unless it is cut short by
/// [#WALL]. Nothing that is alive hears of it.
public final class DryRun {
    /// The longest time that one play may take to compute.
    public static final Duration WALL = Duration.ofSeconds(20);

    /// A job that may not begin for longer than that is played at its hour, when what is open now will be over.
    public static final Duration SOON = Duration.ofHours(1);

    /// Jobs for later than that are refused.
    public static final Duration FARTHEST = Duration.ofDays(366);

    /// So long before its hour.
    private static final Duration LEAD = Duration.ofMinutes(15);

    /// What came of it.
    ///
    /// @param fault by name; empty if it would go well: it is done, nobody touches anybody, and no closed zone is
    ///     entered
    /// @param until up to when it was played
    /// @param done when its last action is over; empty if it is not by then
    /// @param alone when it would be without other jobs, where it is late among them, or not done
    /// @param vehicle that does it
    /// @param through lifts, doors and zones on its way, in order
    /// @param late other jobs that are not done when they are due, up to then
    /// @param leftOut what was not played, in words
    /// @param metres that all vehicles drove meanwhile
    public record Result(
            Optional<Cause> fault,
            Optional<Instant> due,
            Instant until,
            Optional<Instant> done,
            Optional<Instant> alone,
            Optional<String> vehicle,
            List<String> through,
            List<String> late,
            List<String> leftOut,
            double metres) {
        public Result {
            through = List.copyOf(through);
            late = List.copyOf(late);
            leftOut = List.copyOf(leftOut);
        }

        /// Whether it is not done when it is due.
        public boolean isLate() {
            return fault.isEmpty() && due.filter(until::isAfter).isPresent();
        }

        /// Whether it is late only because other jobs come before it, or are in its way.
        public boolean isLateForOthers() {
            return isLate() && alone.isPresent() && !alone.get().isAfter(due.orElseThrow());
        }
    }

    private final RoadMap map;
    private final long seed;
    private final LongSupplier nanoTime;

    public DryRun(RoadMap map, long seed) {
        this(map, seed, System::nanoTime);
    }

    /// @param nanoTime of the wall
    DryRun(RoadMap map, long seed, LongSupplier nanoTime) {
        this.map = map;
        this.seed = seed;
        this.nanoTime = nanoTime;
    }

    /// What comes of `job` from the `scene` on.
    Result play(Job job, Scene scene) {
        var now = scene.fleet().at();
        var farthest = now.plus(FARTHEST);
        if (job.notBefore().filter(from -> from.isAfter(farthest)).isPresent())
            return refused(job, tooFar(job.notBefore().get(), farthest), scene);
        var begin = job.notBefore()
                .filter(from -> from.isAfter(now.plus(SOON)))
                .map(from -> from.minus(LEAD))
                .orElse(now);
        var cast = Cast.of(job, scene.fleet(), begin, map);
        if (cast.isUnable()) return refused(job, nobody(scene.fleet()), scene);

        var course = course(job, scene, cast, begin);
        boolean late = course.fault().isEmpty()
                && job.due().filter(course.at()::isAfter).isPresent();
        if (cast.others().isEmpty() || (course.end() == End.OVER && !late))
            return result(job, course, fault(course), Optional.empty(), cast.leftOut());

        var alone = course(job, scene, cast.alone(), begin);
        var amiss = fault(alone);
        var inTime = amiss.isEmpty() ? Optional.of(alone.at()) : Optional.<Instant>empty();
        int others = cast.others().size();
        return switch (course.end()) {
            case OVER -> result(job, course, Optional.empty(), inTime, cast.leftOut());
            case WAITING ->
                result(job, course, amiss, inTime, cast.leftOut("what comes after " + course.at() + ": it waits then"));
            case STUCK -> {
                yield result(job, course, amiss.or(() -> Optional.of(behind(others))), inTime, cast.leftOut());
            }
            case TIRED -> {
                String slow = others + " other jobs, which took longer than " + WALL.toSeconds() + " s to play";
                yield result(job, alone, amiss, Optional.empty(), cast.leftOut(slow));
            }
        };
    }

    private static Result result(
            Job job, Course course, Optional<Cause> fault, Optional<Instant> alone, List<String> leftOut) {
        return new Result(
                fault,
                job.due(),
                course.at(),
                fault.isEmpty() && course.end() == End.OVER ? Optional.of(course.at()) : Optional.empty(),
                alone,
                course.vehicle(),
                course.through(),
                course.late(),
                leftOut,
                course.metres());
    }

    private static Result refused(Job job, Cause why, Scene scene) {
        return new Result(
                Optional.of(why),
                job.due(),
                scene.fleet().at(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    private static Cause nobody(Snapshot fleet) {
        var told = fleet.vehicles().stream()
                .limit(5)
                .map(vehicle -> vehicle.address().serialNumber() + " is " + vehicle.condition())
                .toList();
        return Cause.of(
                Cause.Kind.NO_VEHICLE_READY,
                "no vehicle can be ordered about" + (told.isEmpty() ? "" : ": " + String.join(", ", told)));
    }

    private static Cause tooFar(Instant from, Instant farthest) {
        return new Cause(
                Cause.Kind.TOO_FAR_AHEAD,
                Map.of("days", Long.toString(FARTHEST.toDays())),
                "not before " + from + ", the limit is " + farthest);
    }

    private static Cause behind(int others) {
        String hours = Long.toString(Play.LIMIT.toHours());
        return new Cause(
                Cause.Kind.BEHIND_OTHERS,
                Map.of("hours", hours, "others", Integer.toString(others)),
                "not done within " + hours + " hours behind " + others + " other jobs");
    }

    private Course course(Job job, Scene scene, Cast cast, Instant begin) {
        long from = nanoTime.getAsLong();
        var play = new Play(map, scene, cast, job, begin, seed);
        return play.run(() -> nanoTime.getAsLong() - from > WALL.toNanos());
    }

    /// What is wrong with a course in which nothing else may have kept the job.
    private static Optional<Cause> fault(Course course) {
        String hours = Long.toString(Play.LIMIT.toHours());
        String seconds = Long.toString(WALL.toSeconds());
        return switch (course.end()) {
            case OVER -> course.fault();
            case WAITING, STUCK ->
                Optional.of(
                        new Cause(Cause.Kind.NOT_DONE, Map.of("hours", hours), "not done within " + hours + " hours"));
            case TIRED ->
                Optional.of(new Cause(
                        Cause.Kind.TOO_LONG_TO_PLAY,
                        Map.of("seconds", seconds),
                        "it took longer than " + seconds + " s to play it up to " + course.at()));
        };
    }
}
