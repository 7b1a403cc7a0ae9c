package org.diwan.robots.league;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.diwan.robots.league.Instance.Rules;
import org.diwan.robots.traffic.Poses;

/// The state of a game and its rules. One step: the schedule of tasks takes effect, all agents move, an
/// agent on the next cell of its task has done that errand (one a step), finished tasks leave, and new
/// ones are shown. Owned by one thread.
///
/// A schedule may give any shown task to any agent, none to two, and must leave a task whose first
/// errand is done with the agent that did it. In round robin it is dealt and the schedule is not asked.
public final class World {
    /// Errand `errand` (from 1) of `task` done by `agent` in the step that ended at `step`.
    public record Event(int step, int agent, int task, int errand) {}

    /// A task on show: `release` is the step it came.
    record Shown(int task, int release) {}

    private final Instance instance;
    private final Poses poses;
    private final int[] taskOf;
    /// Errands done of each task on show, by number.
    private final TreeMap<Integer, Integer> open = new TreeMap<>();
    /// Tasks dealt to each agent in round robin.
    private final int[] dealt;
    /// In round robin a task's number is the order in which it was dealt, its place in the file another.
    private final List<Integer> place = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Shown> shown = new ArrayList<>();
    private int step;
    private int finished;

    /// A game that has not begun: agents on their starts, facing east, the first tasks on show.
    public World(Instance instance) {
        this.instance = instance;
        poses = new Poses(instance.grid(), instance.starts());
        taskOf = new int[instance.agents()];
        dealt = new int[instance.agents()];
        Arrays.fill(taskOf, -1);
        reveal();
    }

    /// One step of the game; or nothing at all if `schedule` or `moves` break a rule, which is returned in words.
    /// `schedule` has the task of each agent or -1, `moves` are those of [Poses].
    public Optional<String> step(int[] schedule, byte[] moves) {
        if (instance.rules() == Rules.POOL) {
            var refused = refusal(schedule);
            if (refused.isPresent()) return refused;
        }
        var violation = poses.step(moves);
        if (violation.isPresent()) return violation.map(Object::toString);
        if (instance.rules() == Rules.POOL) System.arraycopy(schedule, 0, taskOf, 0, taskOf.length);
        step++;
        for (int agent = 0; agent < taskOf.length; agent++) visit(agent);
        reveal();
        return Optional.empty();
    }

    private Optional<String> refusal(int[] schedule) {
        if (schedule.length != taskOf.length) {
            return Optional.of("a schedule of " + schedule.length + " for " + taskOf.length + " agents");
        }
        var holders = new HashMap<Integer, Integer>();
        for (int agent = 0; agent < schedule.length; agent++) {
            int task = schedule[agent];
            int before = taskOf[agent];
            if (before >= 0 && task != before && started(before)) {
                return Optional.of("agent " + agent + " drops task " + before + ", which it has started");
            }
            if (task == -1) continue;
            if (!open.containsKey(task)) {
                return Optional.of("agent " + agent + " is given task " + task + ", which is not on show");
            }
            Integer other = holders.put(task, agent);
            if (other != null) return Optional.of("agents " + other + " and " + agent + " are both given task " + task);
        }
        return Optional.empty();
    }

    private void visit(int agent) {
        int task = taskOf[agent];
        if (task < 0) return;
        int done = open.getOrDefault(task, 0);
        if (poses.cell(agent) != errands(task)[done]) return;
        events.add(new Event(step, agent, task, done + 1));
        if (done + 1 < errands(task).length) {
            open.put(task, done + 1);
        } else {
            open.remove(task);
            taskOf[agent] = -1;
            finished++;
        }
    }

    private void reveal() {
        if (instance.rules() == Rules.POOL) {
            while (open.size() < instance.reveal() * taskOf.length) show();
            return;
        }
        for (int agent = 0; agent < taskOf.length; agent++) {
            if (taskOf[agent] >= 0) continue;
            taskOf[agent] = shown.size();
            place.add(dealt[agent] * taskOf.length + agent);
            dealt[agent]++;
            show();
        }
    }

    private void show() {
        open.put(shown.size(), 0);
        shown.add(new Shown(shown.size(), step));
    }

    /// What is played on.
    public Instance instance() {
        return instance;
    }

    /// Where agents are; move them by [#step] only.
    Poses poses() {
        return poses;
    }

    /// Steps done.
    public int step() {
        return step;
    }

    /// Tasks finished.
    public int finished() {
        return finished;
    }

    /// The task of `agent`, or -1.
    public int taskOf(int agent) {
        return taskOf[agent];
    }

    /// The cells that `task` visits in order, a view: leave them as they are.
    public int[] errands(int task) {
        return instance.errands(instance.rules() == Rules.POOL ? task : place.get(task));
    }

    /// Errands done of a task on show.
    public int done(int task) {
        return open.getOrDefault(task, 0);
    }

    /// Whether `task` can no longer change hands.
    public boolean started(int task) {
        return done(task) > 0;
    }

    /// The unfinished tasks on show, ascending.
    public Collection<Integer> open() {
        return Collections.unmodifiableSet(open.keySet());
    }

    /// All errands done so far, in order of step, then agent.
    public List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    /// All tasks ever shown, by number.
    List<Shown> shown() {
        return Collections.unmodifiableList(shown);
    }
}
