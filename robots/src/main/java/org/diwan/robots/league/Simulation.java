package org.diwan.robots.league;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.diwan.robots.league.Recording.Assigned;
import org.diwan.robots.traffic.Poses;

/// A game played from start to end, and its record. What [Planner] is asked comes from the instance alone,
/// so that a planner that is a function of its seed plays the same game again.
public final class Simulation {
    private final World world;
    private final Recording recording;
    /// What the planner took for each step.
    private final long[] nanos;

    private Simulation(World world, Recording recording, long[] nanos) {
        this.world = world;
        this.recording = recording;
        this.nanos = nanos;
    }

    /// Plays `steps` steps of `instance` with the planner that `player` makes for the game.
    ///
    /// @throws IllegalArgumentException unless `steps` is 1 to 25,000
    /// @throws IllegalStateException naming step and rule if the planner breaks one; nothing was moved in that step
    public static Simulation play(Instance instance, Function<World, Planner> player, int steps) {
        if (steps < 1 || steps > Recording.MAX_STEPS) {
            throw new IllegalArgumentException(steps + " steps, must be 1 to " + Recording.MAX_STEPS);
        }
        var world = new World(instance);
        Planner planner = player.apply(world);
        var moves = new byte[steps][instance.agents()];
        var schedule = new ArrayList<Assigned>();
        var tasks = new int[instance.agents()];
        var nanos = new long[steps];
        for (int step = 0; step < steps; step++) {
            for (int agent = 0; agent < tasks.length; agent++) tasks[agent] = world.taskOf(agent);
            int[] before = tasks.clone();
            Arrays.fill(moves[step], Poses.WAIT);
            long start = System.nanoTime();
            planner.plan(world, tasks, moves[step]);
            nanos[step] = System.nanoTime() - start;
            for (int agent = 0; agent < tasks.length; agent++) {
                if (tasks[agent] != before[agent]) schedule.add(new Assigned(step + 1, agent, tasks[agent]));
            }
            Optional<String> refused = world.step(tasks, moves[step]);
            if (refused.isPresent()) throw new IllegalStateException("step " + (step + 1) + ": " + refused.get());
        }
        var recording = new Recording(
                instance.starts(), moves, world.finished(), Optional.of(schedule), Optional.of(world.events()));
        return new Simulation(world, recording, nanos);
    }

    /// Tasks finished.
    public int finished() {
        return world.finished();
    }

    /// Errands done, in order of steps, then agents.
    public List<World.Event> events() {
        return world.events();
    }

    /// The longest that the planner took for a step.
    public Duration slowest() {
        return Duration.ofNanos(Arrays.stream(nanos).max().orElse(0));
    }

    /// Steps for which the planner took longer than `limit`. The League would have let all agents wait meanwhile;
    /// here they are played all the same.
    public int late(Duration limit) {
        return (int)
                Arrays.stream(nanos).filter(taken -> taken > limit.toNanos()).count();
    }

    /// What [Checker] says of the record; it believes nothing that the game says of itself.
    public Checker.Verdict verdict() {
        return Checker.check(world.instance(), recording);
    }

    /// What was done, for [Checker].
    Recording recording() {
        return recording;
    }

    /// Writes the game in the League's own format, see [Recording]; a file that is there is replaced.
    public void write(Path file) throws IOException {
        recording.write(file, world);
    }
}
