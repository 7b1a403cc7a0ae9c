package org.diwan.robots.mission;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.CanonicalJson;

/// What was understood and may be done: every name in it is an id of the building or of the catalogue.
public sealed interface Mission {
    /// Things to do, one after the other.
    ///
    /// @param priority as of a job, 0 to 9
    /// @param notBefore it does not begin earlier
    /// @param due it should be done by then
    record Work(List<Step> steps, int priority, Optional<Instant> notBefore, Optional<Instant> due) implements Mission {
        /// Most steps of one mission.
        public static final int MAX_STEPS = 32;

        public Work {
            if (steps.isEmpty() || steps.size() > MAX_STEPS)
                throw new IllegalArgumentException(
                        "a mission of " + steps.size() + " steps, must be 1 to " + MAX_STEPS);
            if (priority < 0 || priority > 9)
                throw new IllegalArgumentException("priority " + priority + ", must be 0 to 9");
            steps = List.copyOf(steps);
        }

        /// All places that it names.
        public List<String> places() {
            return steps.stream()
                    .flatMap(step -> Feasibility.places(step).stream())
                    .toList();
        }
    }

    /// A question about work; nothing moves.
    record Status() implements Mission {}

    /// Give up the speaker's last work.
    record Cancel() implements Mission {}

    /// Everybody stands still, at once.
    record Stop() implements Mission {}

    /// One thing to do.
    sealed interface Step {
        /// Take loads from one place to another.
        record Deliver(List<Load> loads, String from, String to) implements Step {
            public Deliver {
                loads = checked(loads);
            }
        }

        /// Take loads up, to be handed over later.
        record Collect(List<Load> loads, String from) implements Step {
            public Collect {
                loads = checked(loads);
            }
        }

        /// Set carried loads down.
        record HandOver(List<Load> loads, String to) implements Step {
            public HandOver {
                loads = checked(loads);
            }
        }

        record Go(String to) implements Step {}

        /// Pass all places in this order.
        ///
        /// @param rounds 1 to 100
        record Patrol(List<String> places, int rounds) implements Step {
            /// Most rounds.
            public static final int MAX_ROUNDS = 100;

            public Patrol {
                if (places.isEmpty()) throw new IllegalArgumentException("a patrol of no place");
                if (rounds < 1 || rounds > MAX_ROUNDS)
                    throw new IllegalArgumentException(rounds + " rounds, must be 1 to " + MAX_ROUNDS);
                places = List.copyOf(places);
            }
        }

        /// Lead somebody.
        record Guide(Optional<String> from, String to) implements Step {}

        /// Stand where the step before ended.
        ///
        /// @param minutes 1 to 240
        record Wait(int minutes) implements Step {
            /// Longest wait, minutes.
            public static final int MAX_MINUTES = 240;

            public Wait {
                if (minutes < 1 || minutes > MAX_MINUTES)
                    throw new IllegalArgumentException(minutes + " minutes, must be 1 to " + MAX_MINUTES);
            }
        }

        /// Back to where robots stay.
        record Return(String to) implements Step {}

        record Charge(String at) implements Step {}

        private static List<Load> checked(List<Load> loads) {
            if (loads.isEmpty()) throw new IllegalArgumentException("a step with no load");
            return List.copyOf(loads);
        }
    }

    /// So many of one item of the catalogue.
    ///
    /// @param count 1 to 1000
    record Load(String item, int count) {
        /// Most of one item.
        public static final int MAX_COUNT = 1000;

        public Load {
            if (count < 1 || count > MAX_COUNT)
                throw new IllegalArgumentException(count + " of " + item + ", must be 1 to " + MAX_COUNT);
        }

        /// So many of each item, in as many loads as that takes.
        static List<Load> all(Map<String, Integer> counts) {
            var loads = new ArrayList<Load>();
            counts.forEach((item, count) -> {
                for (int left = count; left > 0; left -= MAX_COUNT)
                    loads.add(new Load(item, Math.min(left, MAX_COUNT)));
            });
            return loads;
        }
    }

    /// The one writing of this mission (RFC 8785): equal missions, equal texts.
    ///
    /// ```
    /// {"mission":"work","priority":4,"steps":[{"do":"deliver","from":"cafe","loads":[{"count":1,"item":"coffee"}],
    ///  "to":"305"}]}
    /// ```
    default String canonical() {
        var json = new LinkedHashMap<String, Object>();
        switch (this) {
            case Status() -> json.put("mission", "status");
            case Cancel() -> json.put("mission", "cancel");
            case Stop() -> json.put("mission", "stop");
            case Work work -> {
                json.put("mission", "work");
                json.put("priority", work.priority());
                work.notBefore().ifPresent(time -> json.put("notBefore", time.toString()));
                work.due().ifPresent(time -> json.put("due", time.toString()));
                json.put("steps", work.steps().stream().map(Mission::json).toList());
            }
        }
        return CanonicalJson.text(json);
    }

    private static Map<String, Object> json(Step step) {
        return switch (step) {
            case Step.Deliver(var loads, var from, var to) ->
                Map.of("do", "deliver", "loads", json(loads), "from", from, "to", to);
            case Step.Collect(var loads, var from) -> Map.of("do", "collect", "loads", json(loads), "from", from);
            case Step.HandOver(var loads, var to) -> Map.of("do", "drop", "loads", json(loads), "to", to);
            case Step.Go(var to) -> Map.of("do", "go", "to", to);
            case Step.Patrol(var places, var rounds) -> Map.of("do", "patrol", "places", places, "rounds", rounds);
            case Step.Guide(var from, var to) -> {
                var json = new LinkedHashMap<String, Object>(Map.of("do", "guide", "to", to));
                from.ifPresent(place -> json.put("from", place));
                yield json;
            }
            case Step.Wait(var minutes) -> Map.of("do", "wait", "minutes", minutes);
            case Step.Return(var to) -> Map.of("do", "return", "to", to);
            case Step.Charge(var at) -> Map.of("do", "charge", "at", at);
        };
    }

    private static List<Object> json(List<Load> loads) {
        var list = new ArrayList<Object>();
        for (var load : loads) list.add(Map.of("item", load.item(), "count", load.count()));
        return list;
    }
}
