package org.diwan.robots.mission;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.mission.Mission.Load;
import org.diwan.robots.mission.Mission.Step;
import org.diwan.robots.mission.Places.Target;
import org.diwan.robots.mission.Proposal.Said;
import org.diwan.robots.mission.Proposal.Verb;
import org.diwan.robots.mission.Understanding.About;
import org.diwan.robots.mission.Understanding.Choice;
import org.diwan.robots.mission.Understanding.Question;
import org.diwan.robots.mission.Understanding.Refused;
import org.diwan.robots.mission.Understanding.Rule;
import org.diwan.robots.mission.Understanding.Why;

/// Settles a proposal against the premises: the only maker of missions, whoever proposed.
///
/// In this order: what is refused, what does not exist, what is missing or ambiguous, what cannot be done. So nobody is
/// asked about a mission that would be refused whatever the answer.
final class Resolver {
    private final Ground ground;
    private final Premises premises;
    private final Routes routes;

    Resolver(Ground ground) {
        this.ground = ground;
        premises = ground.premises();
        routes = new Routes(premises.map());
    }

    /// What comes of a proposal.
    ///
    /// @param slot what the question asks for, if the understanding is one
    record Outcome(Understanding understanding, Optional<Slot> slot) {}

    /// A part of a proposal that an answer fills: the item, source or goal of one step.
    record Slot(int step, About about, int index) {}

    /// Ends a resolution early.
    private static final class Settled extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Outcome outcome;

        Settled(Understanding understanding, Optional<Slot> slot) {
            super(null, null, false, false);
            outcome = new Outcome(understanding, slot);
        }
    }

    /// What `proposal` comes to for `asker` at `now`, told in the language of `lexicon`.
    Outcome resolve(Proposal proposal, Asker asker, ZonedDateTime now, Lexicon lexicon) {
        try {
            var mission = new Run(proposal, asker, now, lexicon).mission();
            return new Outcome(mission, Optional.empty());
        } catch (Settled e) {
            return e.outcome;
        }
    }

    /// Refuses whatever names dangerous goods or, whichever place of the name is meant, a restricted room: before
    /// anybody is asked what the utterance proposes.
    Optional<Understanding> forbidden(List<Piece> pieces, Asker asker, ZonedDateTime now, Lexicon lexicon) {
        var speech = new Speech(ground, lexicon, now.getZone());
        for (var piece : pieces) {
            var item = Optional.ofNullable(premises.catalogue().get(piece.value(Sense.Kind.ITEM)));
            if (item.filter(Premises.Item::dangerous).isPresent())
                return Optional.of(
                        refused(speech, Rule.DANGEROUS_GOODS, item.get().id()));
            var places = places(piece);
            if (!places.isEmpty() && places.stream().allMatch(place -> routes.isForbidden(place, asker)))
                return Optional.of(refused(speech, Rule.RESTRICTED_ZONE, places.getFirst()));
        }
        return Optional.empty();
    }

    /// What is refused about `proposal`, whatever else it says.
    Optional<Understanding> refusal(Proposal proposal, Asker asker, ZonedDateTime now, Lexicon lexicon) {
        try {
            proposal.steps().forEach(new Run(proposal, asker, now, lexicon)::refuse);
            return Optional.empty();
        } catch (Settled e) {
            return Optional.of(e.outcome.understanding());
        }
    }

    /// Refuses to speak about a place that belongs to another tenant.
    Optional<Understanding> ofOthers(List<Piece> pieces, Asker asker, ZonedDateTime now, Lexicon lexicon) {
        var speech = new Speech(ground, lexicon, now.getZone());
        return pieces.stream()
                .map(Resolver::places)
                .filter(places -> !places.isEmpty() && places.stream().allMatch(place -> isOthers(place, asker)))
                .findFirst()
                .map(places -> refused(speech, Rule.OTHER_TENANT, places.getFirst()));
    }

    private static List<String> places(Piece piece) {
        return piece.targets().stream().map(Target::place).toList();
    }

    private boolean isOthers(String place, Asker asker) {
        String tenant = premises.tenants().get(place);
        return tenant != null && !tenant.equals(asker.tenant());
    }

    private static Refused refused(Speech speech, Rule rule, String subject) {
        return new Refused(rule, speech.refusal(rule, speech.name(subject)));
    }

    /// One resolution.
    private final class Run {
        private final Proposal proposal;
        private final Asker asker;
        private final ZonedDateTime now;
        private final Lexicon lexicon;
        private final Speech speech;
        private final List<Step> steps = new ArrayList<>();
        private final Map<String, Integer> carried = new LinkedHashMap<>();
        private Optional<String> at = Optional.empty();

        Run(Proposal proposal, Asker asker, ZonedDateTime now, Lexicon lexicon) {
            this.proposal = proposal;
            this.asker = asker;
            this.now = now;
            this.lexicon = lexicon;
            speech = new Speech(ground, lexicon, now.getZone());
        }

        Understanding mission() {
            return switch (proposal.act()) {
                case STATUS -> understood(new Mission.Status());
                case CANCEL -> understood(new Mission.Cancel());
                case NEGATED -> new Understanding.NotUnderstood(lexicon.say("negated"));
                case CONDITIONAL -> new Understanding.NotUnderstood(lexicon.say("conditional"));
                case NONE -> new Understanding.NotUnderstood(lexicon.say("not-understood"));
                case WORK -> work();
            };
        }

        private Understanding understood(Mission mission) {
            return new Understanding.Understood(mission, speech.readBack(mission));
        }

        private Understanding work() {
            for (var said : proposal.steps()) refuse(said);
            for (var said : proposal.steps()) exists(said);
            for (int i = 0; i < proposal.steps().size(); i++)
                step(i, proposal.steps().get(i));
            if (!carried.isEmpty()) handOverRest();
            if (steps.isEmpty()) return new Understanding.NotUnderstood(lexicon.say("not-understood"));
            if (steps.size() > Mission.Work.MAX_STEPS || Jobs.stops(steps) > Job.MAX_STOPS)
                return new Understanding.NotUnderstood(lexicon.say("too-long", "limit", Mission.Work.MAX_STEPS));
            var feasibility = new Feasibility(premises, routes);
            var work = work(steps);
            var together = work(inOneGo(steps));
            if (feasibility.fault(together, asker, now.toInstant()).isEmpty()) return understood(together);
            feasibility.fault(work, asker, now.toInstant()).ifPresent(fault -> {
                throw new Settled(speech.infeasible(fault), Optional.empty());
            });
            return understood(work);
        }

        private Mission.Work work(List<Step> all) {
            var notBefore = proposal.notBefore().map(this::instant);
            return new Mission.Work(all, priority(), notBefore, proposal.due().map(this::instant));
        }

        /// Deliveries in a row from one place to several: everything is taken up at once.
        private static List<Step> inOneGo(List<Step> steps) {
            var all = new ArrayList<Step>();
            for (int i = 0; i < steps.size(); ) {
                var row = new ArrayList<Step.Deliver>();
                while (i < steps.size()
                        && steps.get(i) instanceof Step.Deliver next
                        && (row.isEmpty() || row.getFirst().from().equals(next.from()))) {
                    row.add(next);
                    i++;
                }
                if (row.isEmpty()) all.add(steps.get(i++));
                else if (row.size() == 1) all.add(row.getFirst());
                else {
                    var loads = new LinkedHashMap<String, Integer>();
                    for (var delivery : row)
                        for (var load : delivery.loads()) loads.merge(load.item(), load.count(), Integer::sum);
                    all.add(new Step.Collect(Load.all(loads), row.getFirst().from()));
                    for (var delivery : row) all.add(new Step.HandOver(delivery.loads(), delivery.to()));
                }
            }
            return all.size() > Mission.Work.MAX_STEPS ? steps : all;
        }

        private Instant instant(LocalTime time) {
            return now.with(time).toInstant();
        }

        private int priority() {
            return switch (proposal.priority().orElse("")) {
                case "urgent" -> 8;
                case "low" -> 2;
                default -> 4;
            };
        }

        // --- refused whatever else is said ---

        private void refuse(Said said) {
            for (var item : said.items())
                if (item(item.words()).map(id -> catalogued(id).dangerous()).orElse(false))
                    throw refused(Rule.DANGEROUS_GOODS, item.words());
            for (String words : said.to()) refuse(words, false);
            said.from().ifPresent(words -> refuse(words, true));
        }

        /// Refuses a place whatever it may mean, if that is forbidden in every reading.
        private void refuse(String words, boolean source) {
            var targets = targets(words);
            if (targets.isEmpty()) return;
            if (targets.stream().allMatch(target -> routes.isForbidden(target.place(), asker)))
                throw refused(
                        Rule.RESTRICTED_ZONE, speech.name(targets.getFirst().place()));
            if (source && targets.stream().allMatch(target -> isOthers(target.place(), asker)))
                throw refused(Rule.OTHER_TENANT, speech.name(targets.getFirst().place()));
        }

        private Settled refused(Rule rule, String subject) {
            return new Settled(new Refused(rule, speech.refusal(rule, subject)), Optional.empty());
        }

        // --- named, but not there ---

        private void exists(Said said) {
            for (String words : said.to()) exists(words);
            said.from().ifPresent(this::exists);
        }

        private void exists(String words) {
            if (!words.startsWith(Proposal.EXACT) && targets(words).isEmpty())
                throw new Settled(speech.infeasible(Why.NO_SUCH_PLACE, words), Optional.empty());
        }

        // --- steps ---

        private void step(int i, Said said) {
            switch (said.verb()) {
                case DELIVER, FETCH -> deliver(i, said);
                case COLLECT -> collect(i, said);
                case DROP -> drop(i, said);
                case GO -> {
                    String to = goal(i, said, 0);
                    steps.add(new Step.Go(to));
                    at = Optional.of(to);
                }
                case PATROL -> patrol(i, said);
                case GUIDE -> {
                    Optional<String> from = said.from().map(words -> place(words, i, About.SOURCE, 0));
                    if (from.isEmpty()) from = asker.here();
                    String to = goal(i, said, 0);
                    steps.add(new Step.Guide(from.filter(place -> !place.equals(to)), to));
                    at = Optional.of(to);
                }
                case WAIT -> {
                    if (steps.isEmpty()) steps.add(new Step.Go(place(Proposal.HERE, i, About.PLACE, 0)));
                    steps.add(new Step.Wait(Math.clamp(said.count(), 1, Step.Wait.MAX_MINUTES)));
                }
                case RETURN -> steps.add(new Step.Return(use(premises.home(), "ability-return")));
                case CHARGE -> steps.add(new Step.Charge(use(premises.charger(), "ability-charge")));
            }
        }

        private String use(Optional<String> place, String ability) {
            return place.orElseThrow(
                    () -> new Settled(speech.infeasible(Why.NO_ABILITY, lexicon.say(ability)), Optional.empty()));
        }

        private void patrol(int i, Said said) {
            var places = new ArrayList<String>();
            for (int k = 0; k < said.to().size(); k++) {
                var floor = floor(said.to().get(k));
                if (floor.isEmpty()) places.add(goal(i, said, k));
                else floor.forEach(target -> places.add(target.place()));
            }
            if (places.isEmpty()) throw ask(About.PLACE, i, 0, List.of(), lexicon.say("which-patrol"));
            int rounds = Math.clamp(said.count(), 1, Step.Patrol.MAX_ROUNDS);
            steps.add(new Step.Patrol(places, rounds));
            at = Optional.of(places.getLast());
        }

        /// The permitted rooms of a floor, if `words` are a floor.
        private List<Target> floor(String words) {
            if (words.startsWith(Proposal.EXACT)) return List.of();
            return tagger(words)
                    .place(words)
                    .filter(piece -> !piece.value(Sense.Kind.PLACE).isEmpty())
                    .map(piece -> piece.targets().stream()
                            .filter(target -> !routes.isForbidden(target.place(), asker))
                            .toList())
                    .orElse(List.of());
        }

        private void deliver(int i, Said said) {
            if (said.items().isEmpty()) {
                if (carried.isEmpty()) throw ask(About.ITEM, i, 0, List.of(), lexicon.say("which-item"));
                drop(i, said);
                return;
            }
            boolean several = said.to().size() > 1 && !said.either();
            var loads = loads(i, said);
            var sources = sources(i, said, loads);
            if (said.to().isEmpty()) throw ask(About.PLACE, i, 0, List.of(), lexicon.say("where-to"));
            var goals = new ArrayList<String>();
            for (int k = 0; k < (several ? said.to().size() : 1); k++) {
                String goal = goal(i, said, k);
                if (!goals.contains(goal)) goals.add(goal); // 김민지 씨, 306호: one place by two names
            }
            boolean one = sources.stream().distinct().count() == 1 && goals.size() == 1 && carried.isEmpty();
            if (one) {
                steps.add(new Step.Deliver(loads, sources.getFirst(), goals.getFirst()));
                at = Optional.of(goals.getFirst());
                return;
            }
            for (int k = 0; k < loads.size(); k++) {
                var load = loads.get(k);
                collect(Load.all(Map.of(load.item(), load.count() * goals.size())), sources.get(k));
            }
            for (String goal : goals) handOver(loads, goal);
        }

        private void collect(int i, Said said) {
            if (said.items().isEmpty()) throw ask(About.ITEM, i, 0, List.of(), lexicon.say("which-item"));
            var loads = loads(i, said);
            var sources = sources(i, said, loads);
            for (int k = 0; k < loads.size(); k++) collect(List.of(loads.get(k)), sources.get(k));
        }

        private void collect(List<Load> loads, String from) {
            steps.add(new Step.Collect(loads, from));
            for (var load : loads) carried.merge(load.item(), load.count(), Integer::sum);
            at = Optional.of(from);
        }

        private void drop(int i, Said said) {
            if (!said.items().isEmpty() && carried.isEmpty()) {
                deliver(i, new Said(Verb.DELIVER, said.items(), said.from(), said.to(), said.either(), 0));
                return;
            }
            var loads = said.items().isEmpty() ? Load.all(carried) : loads(i, said);
            if (loads.isEmpty()) throw ask(About.ITEM, i, 0, List.of(), lexicon.say("which-item"));
            if (said.to().isEmpty()) throw ask(About.PLACE, i, 0, List.of(), lexicon.say("where-to"));
            handOver(loads, goal(i, said, 0));
        }

        private void handOver(List<Load> loads, String to) {
            steps.add(new Step.HandOver(loads, to));
            for (var load : loads)
                carried.computeIfPresent(
                        load.item(), (item, count) -> count > load.count() ? count - load.count() : null);
            at = Optional.of(to);
        }

        /// What was taken up and then driven somewhere is meant for there; else it has no goal.
        private void handOverRest() {
            int last = proposal.steps().size() - 1;
            if (steps.getLast() instanceof Step.Go go) {
                steps.removeLast();
                handOver(Load.all(carried), go.to());
            } else throw ask(About.PLACE, last, 0, List.of(), lexicon.say("where-to"));
        }

        // --- names ---

        private List<Load> loads(int i, Said said) {
            var loads = new ArrayList<Load>();
            for (int k = 0; k < said.items().size(); k++) {
                var item = said.items().get(k);
                int index = k;
                String id = item(item.words())
                        .orElseThrow(() -> ask(
                                About.ITEM, i, index, List.of(), lexicon.say("unknown-item", "item", item.words())));
                loads.add(new Load(id, item.count()));
            }
            return loads;
        }

        private Optional<String> item(String words) {
            if (words.startsWith(Proposal.EXACT))
                return Optional.of(words.substring(1)).filter(premises.catalogue()::containsKey);
            return tagger(words).item(words).filter(premises.catalogue()::containsKey);
        }

        private Premises.Item catalogued(String id) {
            return Objects.requireNonNull(premises.catalogue().get(id));
        }

        /// Where each load is taken from: as told, else where it is kept, else where the speaker is.
        private List<String> sources(int i, Said said, List<Load> loads) {
            boolean there = (said.verb() == Verb.COLLECT || said.verb() == Verb.FETCH)
                    && !steps.isEmpty()
                    && steps.getLast() instanceof Step.Go;
            var goals = said.to().stream()
                    .map(words -> targets(words).stream()
                            .map(Target::place)
                            .distinct()
                            .toList())
                    .filter(places -> places.size() == 1)
                    .map(List::getFirst)
                    .toList();
            if (said.from().isPresent()) {
                String from = place(said.from().get(), i, About.SOURCE, 0);
                boolean elsewhere = !goals.equals(List.of(from)); // who is at 203 and wants tea there
                if (elsewhere) return loads.stream().map(load -> from).toList();
            }
            return loads.stream()
                    .map(load -> there ? at.orElseThrow() : source(i, load, goals))
                    .toList();
        }

        private String source(int i, Load load, List<String> goals) {
            var kept = premises.stock().getOrDefault(load.item(), List.of()).stream()
                    .filter(place -> !routes.isForbidden(place, asker) && !isOthers(place, asker))
                    .toList();
            boolean there = kept.stream().anyMatch(goals::contains); // what is to be brought there is elsewhere
            if (kept.size() == 1 && !there) return kept.getFirst();
            if (kept.isEmpty() && asker.here().isPresent()) return asker.here().get();
            String item = speech.name(load.item());
            var others = kept.stream().filter(place -> !goals.contains(place)).toList();
            throw ask(About.SOURCE, i, 0, choices(others), lexicon.say("where-from", "item", item));
        }

        private String goal(int i, Said said, int index) {
            if (said.to().isEmpty()) throw ask(About.PLACE, i, 0, List.of(), lexicon.say("where-to"));
            if (!said.either() || said.to().size() == 1) return place(said.to().get(index), i, About.PLACE, index);
            var all =
                    said.to().stream().flatMap(words -> targets(words).stream()).toList();
            throw which(all, i, About.PLACE, index);
        }

        /// The one place that `words` name.
        private String place(String words, int i, About about, int index) {
            var targets = targets(words);
            if (targets.isEmpty()) throw ask(about, i, index, List.of(), lexicon.say("where-are-you"));
            var places = targets.stream().map(Target::place).distinct().toList();
            if (places.size() == 1) return places.getFirst();
            throw which(targets, i, about, index);
        }

        private List<Target> targets(String words) {
            if (words.equals(Proposal.HERE))
                return asker.here().map(place -> new Target(place, place, false)).stream()
                        .toList();
            if (words.startsWith(Proposal.EXACT))
                return List.of(new Target(words.substring(1), words.substring(1), false));
            return tagger(words).place(words).map(Piece::targets).orElse(List.of());
        }

        private Tagger tagger(String words) {
            boolean letters = words.codePoints().anyMatch(Character::isLetter);
            return ground.tagger(letters ? Lexicon.of(words) : lexicon);
        }

        // --- questions ---

        private Settled which(List<Target> targets, int i, About about, int index) {
            var permitted = targets.stream()
                    .filter(target -> !routes.isForbidden(target.place(), asker))
                    .map(target -> new Choice(target.place(), speech.label(target)))
                    .distinct()
                    .toList();
            return ask(about, i, index, permitted, lexicon.say("which-place"));
        }

        private List<Choice> choices(List<String> places) {
            return places.stream()
                    .map(place -> new Choice(place, speech.name(place)))
                    .toList();
        }

        private Settled ask(About about, int step, int index, List<Choice> choices, String text) {
            var told = choices.subList(0, Math.min(choices.size(), Question.MAX_CHOICES));
            return new Settled(
                    new Question(about, speech.with(text, told), told), Optional.of(new Slot(step, about, index)));
        }
    }
}
