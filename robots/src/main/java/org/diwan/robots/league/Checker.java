package org.diwan.robots.league;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.league.Instance.Rules;
import org.diwan.robots.league.World.Event;
import org.diwan.robots.traffic.Poses;

/// Replays a recording by the rules and believes nothing it says of itself.
public final class Checker {
    /// What a replay found.
    public sealed interface Verdict {
        /// Every move and assignment was legal. `finished` tasks were counted in the replay; absent where the
        /// record holds no schedule, so that only motion could be judged.
        record Accepted(Optional<Integer> finished) implements Verdict {}

        /// A rule was broken in the step that ends at `step`, or the record contradicts its own game.
        record Refused(int step, String reason) implements Verdict {}
    }

    private Checker() {}

    /// Judges `recording` of a game on `instance`.
    static Verdict check(Instance instance, Recording recording) {
        if (!Arrays.equals(instance.starts(), recording.starts())) {
            return new Verdict.Refused(0, "the agents start elsewhere than the instance says");
        }
        boolean tasked =
                instance.rules() == Rules.ROUND_ROBIN || recording.schedule().isPresent();
        return tasked ? game(instance, recording) : motion(instance, recording);
    }

    private static Verdict motion(Instance instance, Recording recording) {
        var poses = new Poses(instance.grid(), instance.starts());
        for (int step = 0; step < recording.steps(); step++) {
            var violation = poses.step(recording.moves(step));
            if (violation.isPresent())
                return new Verdict.Refused(step + 1, violation.get().toString());
        }
        return new Verdict.Accepted(Optional.empty());
    }

    private static Verdict game(Instance instance, Recording recording) {
        var world = new World(instance);
        var schedule = recording.schedule().orElse(List.of());
        int next = 0;
        var tasks = new int[instance.agents()];
        for (int step = 0; step < recording.steps(); step++) {
            for (int agent = 0; agent < tasks.length; agent++) tasks[agent] = world.taskOf(agent);
            for (; next < schedule.size() && schedule.get(next).step() <= step + 1; next++) {
                tasks[schedule.get(next).agent()] = schedule.get(next).task();
            }
            var refused = world.step(tasks, recording.moves(step));
            if (refused.isPresent()) return new Verdict.Refused(step + 1, refused.get());
        }
        return counted(world, recording);
    }

    private static Verdict counted(World world, Recording recording) {
        if (world.finished() != recording.finished()) {
            return new Verdict.Refused(
                    world.step(),
                    "the record counts " + recording.finished() + " finished tasks, the replay " + world.finished());
        }
        List<Event> played = world.events();
        List<Event> recorded = recording.events().orElse(played);
        for (int i = 0; i < Math.max(played.size(), recorded.size()); i++) {
            var real = i < played.size() ? played.get(i).toString() : "nothing";
            var said = i < recorded.size() ? recorded.get(i).toString() : "nothing";
            if (real.equals(said)) continue;
            int step = i < recorded.size() ? recorded.get(i).step() : world.step();
            return new Verdict.Refused(step, "the record says " + said + ", the replay " + real);
        }
        return new Verdict.Accepted(Optional.of(world.finished()));
    }
}
