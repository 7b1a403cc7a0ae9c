package org.diwan.robots.mission;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.diwan.robots.Cause;
import org.diwan.robots.mission.Mission.Load;
import org.diwan.robots.mission.Mission.Step;
import org.diwan.robots.mission.Places.Target;
import org.diwan.robots.mission.Understanding.Choice;
import org.diwan.robots.mission.Understanding.Infeasible;
import org.diwan.robots.mission.Understanding.Rule;
import org.diwan.robots.mission.Understanding.Why;

/// What the speaker is told, in their language.
final class Speech {
    private final Ground ground;
    private final Lexicon lexicon;
    private final ZoneId zone;

    Speech(Ground ground, Lexicon lexicon, ZoneId zone) {
        this.ground = ground;
        this.lexicon = lexicon;
        this.zone = zone;
    }

    /// What a place or an item is called; anything else as it is.
    String name(String id) {
        if (ground.isPlace(id)) return ground.label(id, lexicon);
        return lexicon.itemName(id);
    }

    /// A place as a choice: a person's name stays beside the room.
    String label(Target target) {
        String name = ground.label(target.place(), lexicon);
        var place = ground.premises().place(target.place());
        boolean person = place.names().values().stream().noneMatch(target.label()::equals);
        String floor = lexicon.say("on-floor", "floor", place.floor());
        return (person && !target.label().equals(target.place()) ? target.label() + ", " : "") + name + ", " + floor;
    }

    /// A question with its choices numbered.
    String with(String text, List<Choice> choices) {
        var out = new StringBuilder(text);
        for (int i = 0; i < choices.size(); i++)
            out.append(i == 0 ? " " : "; ")
                    .append(i + 1)
                    .append(") ")
                    .append(choices.get(i).label());
        return out.toString();
    }

    String refusal(Rule rule, String subject) {
        return lexicon.say("refused-" + key(rule), "what", subject);
    }

    /// What no vehicle could do.
    Infeasible infeasible(Feasibility.Fault fault) {
        String subject = fault.subject();
        return infeasible(fault.why(), fault.why() == Why.TOO_LATE ? clock(Instant.parse(subject)) : name(subject));
    }

    Infeasible infeasible(Why why, String subject) {
        return new Infeasible(why, subject, lexicon.say("infeasible-" + key(why), "what", subject));
    }

    /// Why something is not done.
    String cause(Cause why) {
        var names = new ArrayList<Object>();
        why.names().forEach((name, id) -> {
            names.add(name);
            names.add(name.equals("place") ? name(id) : id);
        });
        return lexicon.say("cause-" + key(why.kind()), names.toArray());
    }

    private static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The mission as it was understood.
    String readBack(Mission mission) {
        return switch (mission) {
            case Mission.Status() -> lexicon.say("status");
            case Mission.Cancel() -> lexicon.say("cancel");
            case Mission.Stop() -> lexicon.say("stop");
            case Mission.Work work -> {
                var parts = new ArrayList<String>();
                for (var step : work.steps()) parts.add(readBack(step));
                work.notBefore().ifPresent(time -> parts.add(lexicon.say("not-before", "time", clock(time))));
                work.due().ifPresent(time -> parts.add(lexicon.say("due", "time", clock(time))));
                yield String.join("; ", parts);
            }
        };
    }

    /// When it will be done, to the minute after; or that it will not for long.
    Optional<String> expected(Rehearsal.Verdict verdict) {
        return verdict.until().map(until -> lexicon.say(verdict.done() ? "expected" : "queue", "time", minute(until)));
    }

    /// That it will be done too late, and whether for other missions; empty if it will not.
    Optional<String> late(Mission.Work work, Rehearsal.Verdict verdict) {
        var due = work.due().orElse(null);
        var until = verdict.until().orElse(null);
        if (due == null || until == null || !until.isAfter(due)) return Optional.empty();
        if (!verdict.done()) return Optional.of(lexicon.say("queue", "time", minute(until)));
        var alone = verdict.alone().filter(time -> !time.isAfter(due));
        return Optional.of(alone.map(time ->
                        lexicon.say("late-for-others", "time", minute(until), "due", clock(due), "alone", minute(time)))
                .orElseGet(() -> lexicon.say("late", "time", minute(until), "due", clock(due))));
    }

    private String minute(Instant time) {
        return clock(time.plusSeconds(59).truncatedTo(ChronoUnit.MINUTES));
    }

    private String readBack(Step step) {
        return switch (step) {
            case Step.Deliver(var loads, var from, var to) ->
                lexicon.say("deliver", "items", names(loads), "from", name(from), "to", name(to));
            case Step.Collect(var loads, var from) -> lexicon.say("collect", "items", names(loads), "from", name(from));
            case Step.HandOver(var loads, var to) -> lexicon.say("drop", "items", names(loads), "to", name(to));
            case Step.Go(var to) -> lexicon.say("go", "to", name(to));
            case Step.Patrol(var places, var rounds) ->
                lexicon.say(
                        "patrol",
                        "places",
                        String.join(", ", places.stream().map(this::name).toList()),
                        "rounds",
                        rounds);
            case Step.Guide(var from, var to) -> lexicon.say("guide", "to", name(to));
            case Step.Wait(var minutes) -> lexicon.say("wait", "minutes", minutes);
            case Step.Return(var to) -> lexicon.say("return", "to", name(to));
            case Step.Charge(var at) -> lexicon.say("charge", "at", name(at));
        };
    }

    private String clock(Instant time) {
        return time.atZone(zone).toLocalTime().toString();
    }

    private String names(List<Load> loads) {
        return String.join(
                ", ",
                loads.stream()
                        .map(load -> (load.count() == 1 ? "" : load.count() + " × ") + name(load.item()))
                        .toList());
    }
}
