package org.diwan.robots.mission;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.mission.Proposal.Act;
import org.diwan.robots.mission.Proposal.Item;
import org.diwan.robots.mission.Proposal.Said;
import org.diwan.robots.mission.Proposal.Verb;
import org.diwan.robots.mission.Sense.Kind;

/// Reads utterances by rules: one grammar for all languages, words from the [Lexicon].
///
/// Pieces are gathered into clauses, one for each verb; within a clause things and places belong together in groups
/// (`coffee to 305 and tea to 306` are two). What a place does is said by the word before it (`to`, `إلى`), the letter
/// on it (`للغرفة`) or the particle behind it (`305호로`); where nothing says it, the verb does.
final class RuleParser implements Parser {
    private final Ground ground;

    RuleParser(Ground ground) {
        this.ground = ground;
    }

    @Override
    public String name() {
        return "rules";
    }

    /// Total: whatever the text, in time bounded by its length.
    @Override
    public Parsed parse(String utterance, String person, LocalTime now) {
        return new Parsed(proposal(utterance, now), Optional.empty());
    }

    private Proposal proposal(String utterance, LocalTime now) {
        return proposal(utterance, Lexicon.of(utterance), now);
    }

    /// What it proposes to who reads it in that language, whichever it is in.
    Proposal proposal(String utterance, Lexicon lexicon, LocalTime now) {
        var tagger = ground.tagger(lexicon);
        var tokens = tagger.tokens(utterance);
        var times = Times.of(tagger.pieces(tokens), now);
        var reading = new Reading(lexicon, tokens);
        var pieces = times.rest();
        for (int i = 0; i < pieces.size(); i++)
            reading.take(pieces.get(i), pieces.stream().skip(i + 1).findFirst());
        return reading.proposal(times);
    }

    /// Things and places that belong together.
    private static final class Group {
        final List<Item> items = new ArrayList<>();
        final List<String> from = new ArrayList<>();
        final List<String> to = new ArrayList<>();
        /// Places that no word says anything of.
        final List<String> plain = new ArrayList<>();
        /// Places in, at, on.
        final List<String> at = new ArrayList<>();
        /// How many of those stand before the last thing.
        int before;
        /// Whether a thing stands between those.
        boolean apart;
        /// What came last.
        Last last = Last.NOTHING;

        List<String> places() {
            var all = new ArrayList<>(plain);
            all.addAll(from);
            all.addAll(at);
            all.addAll(to);
            return all;
        }
    }

    /// Verbs that another follows: go and get, أريد أن تأخذ.
    private static final Set<String> OPENING = Set.of("bring", "fetch", "deliver", "go", "come");

    private static final Set<String> CARRYING = Set.of("deliver", "give", "drop", "fetch", "bring", "collect");

    private enum Last {
        NOTHING,
        ITEM,
        PLAIN,
        FROM,
        TO
    }

    /// What one verb governs.
    private static final class Clause {
        String verb = "";
        final List<Group> groups = new ArrayList<>(List.of(new Group()));
        boolean it;
        boolean me;
        boolean person;
        /// Whether that person stands before the verb: the one it is about.
        boolean topic;
        /// Somebody who was named before, or never.
        boolean him;
        boolean either;
        /// Whether the verb is that of the clause before.
        boolean inherited;
        int number;

        Group group() {
            return groups.getLast();
        }

        boolean isEmpty() {
            return groups.size() == 1
                    && group().items.isEmpty()
                    && group().places().isEmpty()
                    && !it
                    && !me
                    && !person;
        }
    }

    private static final class Reading {
        private final Lexicon lexicon;
        private final List<Token> tokens;
        private final List<Clause> clauses = new ArrayList<>(List.of(new Clause()));
        private final List<Strange> strange = new ArrayList<>();
        private String pending = "";
        private boolean previousAnd;
        private boolean and;
        private int endOfPlace = -1;
        private int count;
        private final List<String> unknown = new ArrayList<>();
        private String place = "";
        private Optional<String> priority = Optional.empty();
        private Act act = Act.WORK;
        private int unread;

        Reading(Lexicon lexicon, List<Token> tokens) {
            this.lexicon = lexicon;
            this.tokens = tokens;
        }

        /// Unknown words, which are the thing if their clause turns out to have none.
        private record Strange(Clause clause, String words) {}

        private Clause clause() {
            return clauses.getLast();
        }

        private String words(Piece piece) {
            return String.join(
                    " ",
                    tokens.subList(piece.from(), piece.end()).stream()
                            .map(Token::text)
                            .toList());
        }

        /// @param next the piece behind, if there is one
        void take(Piece piece, Optional<Piece> next) {
            if (piece.roles().contains("or")) clause().either = true;
            if (piece.is(Kind.PLACE)) {
                and = previousAnd || piece.roles().contains("and") || piece.from() == endOfPlace;
                endOfPlace = piece.end();
            }
            previousAnd = piece.roles().contains("and") || piece.is(Kind.AND);

            if (piece.is(Kind.NOT, "instead") && instead()) return;
            if (!piece.is(Kind.UNKNOWN) && !piece.is(Kind.FILLER)) settleUnknown();
            boolean joins = piece.is(Kind.AND)
                    && next.filter(other -> other.is(Kind.PLACE) || other.is(Kind.ITEM))
                            .isPresent(); // A와 B
            if (joins) return;
            switch (piece.senses().getFirst().kind()) {
                case VERB -> {
                    verb(piece.value(Kind.VERB));
                    clause().me |= piece.roles().contains("me");
                    clause().it |= piece.roles().contains("it");
                    boolean receiver =
                            piece.is(Kind.VERB, "give") && piece.roles().contains("it"); // عطه
                    if (receiver) clause().him = true;
                }
                case PLACE -> place(words(piece), role(piece));
                case HERE -> place(Proposal.HERE, role(piece));
                case ME -> me(role(piece));
                case THERE -> there();
                case ROLE -> role(piece.value(Kind.ROLE));
                case ITEM -> {
                    boolean points = piece.is(Kind.ITEM, "thing")
                            && next.filter(other -> other.is(Kind.ITEM) || other.is(Kind.PERSON))
                                    .isPresent(); // this patient
                    if (!points) item(piece);
                }
                case NUMBER -> number(piece.number());
                case TIMES -> {
                    String twice = piece.value(Kind.TIMES);
                    clause().number = twice.isEmpty() ? Math.max(1, count) : Integer.parseInt(twice);
                    count = 0;
                }
                case PERSON -> {
                    clause().person = true;
                    clause().topic |= clause().verb.isEmpty() && !lexicon.verbLast();
                }
                case IT -> clause().it = true;
                case HIM -> clause().him = true;
                case PRIORITY -> priority = Optional.of(piece.value(Kind.PRIORITY));
                case OR -> clause().either = true;
                case NOT -> act = Act.NEGATED;
                case IF -> act = act == Act.WORK ? Act.CONDITIONAL : act;
                case THEN -> then();
                case UNKNOWN -> unknown(piece);
                case ROOM, FLOOR, TIME, ORDINAL -> unread++;
                case FILLER -> filler(piece);
                case COUNTER -> {
                    if (!piece.value(Kind.COUNTER).isEmpty()) count = Integer.parseInt(piece.value(Kind.COUNTER));
                    boolean alone = next.filter(other -> other.is(Kind.ITEM) || other.is(Kind.FILLER))
                            .isEmpty();
                    if (alone && count > 0) countLast();
                }
                case AND, YES, NO -> {}
            }
        }

        /// 택배 말고 우편물: takes back what was named last; false if it was a verb.
        private boolean instead() {
            var group = clause().group();
            if (!unknown.isEmpty()) unknown.clear();
            else if (group.last == Last.ITEM) group.items.removeLast();
            else if (group.last == Last.PLAIN) group.plain.removeLast();
            else return false;
            group.last = Last.NOTHING;
            return true;
        }

        /// A title may bear the particle of the name before it: 김 씨한테.
        private void filler(Piece piece) {
            if (!lexicon.verbLast() || piece.roles().isEmpty()) return;
            if (unknown.isEmpty()) role(piece.roles().getFirst());
            else {
                place(String.join(" ", unknown), piece.roles().getFirst());
                unknown.clear();
            }
        }

        private String role(Piece piece) {
            for (String role : piece.roles())
                if (role.equals("of")) return "from";
                else if (!role.equals("and") && !role.equals("me")) return role;
            String role = pending;
            pending = "";
            return role;
        }

        private void verb(String verb) {
            if (lexicon.verbLast()) {
                boolean after = clause().isEmpty() && clauses.size() > 1;
                boolean helps = verb.equals("come") || verb.equals("go"); // 모셔 와, 순찰 돌아
                if (after && (helps || clauses.get(clauses.size() - 2).verb.equals(verb))) return;
                clause().verb = verb;
                clauses.add(new Clause());
            } else {
                boolean bare = clause().isEmpty() && (clause().inherited || OPENING.contains(clause().verb));
                if (!clause().verb.isEmpty() && !bare) clauses.add(new Clause());
                clause().verb = verb;
                clause().inherited = false;
            }
            pending = "";
        }

        /// A new clause; without a verb of its own it goes on with the one before.
        private void then() {
            if (lexicon.verbLast() || clause().verb.isEmpty()) return;
            String verb = clause().verb;
            clauses.add(new Clause());
            clause().verb = verb;
            clause().inherited = true;
        }

        /// Before its place, or behind it where verbs come last.
        private void role(String role) {
            if (!lexicon.verbLast()) {
                pending = role;
                return;
            }
            var group = clause().group();
            boolean being = role.equals("being"); // 101호에 있는 휠체어: that is whence
            var places = group.last == Last.PLAIN ? group.plain : group.to;
            if (group.last != Last.PLAIN && !(being && group.last == Last.TO)) return;
            String last = places.removeLast();
            group.last = Last.NOTHING;
            place(last, being ? "from" : role);
        }

        private void place(String words, String role) {
            if (!words.equals(Proposal.HERE)) place = words;
            boolean joined = and;
            and = false;
            var group = clause().group();
            switch (role) {
                case "to", "until" -> to(group, words);
                case "from" -> {
                    if (!group.from.isEmpty()) group = fresh();
                    if (group.last == Last.PLAIN && joined && lexicon.verbLast()) { // 301호랑 302호에서: both
                        group.from.addAll(group.plain);
                        group.plain.clear();
                    }
                    group.from.add(words);
                    group.last = Last.FROM;
                }
                case "at" -> {
                    // To Ahmed in room 305: the room says where he is.
                    if (group.last == Last.TO && !lexicon.verbLast()) group.to.set(group.to.size() - 1, words);
                    else if (group.last == Last.FROM && !group.from.isEmpty()) group.from.set(0, words);
                    else group.at.add(words);
                }
                default -> {
                    if (group.last == Last.TO && !lexicon.verbLast()) group.to.add(words);
                    else if (joined && group.last == Last.FROM && !group.from.isEmpty() && !lexicon.verbLast())
                        group.from.add(words);
                    else {
                        group.apart |= group.last == Last.ITEM && !group.plain.isEmpty();
                        group.plain.add(words);
                        group.last = Last.PLAIN;
                    }
                }
            }
        }

        private void to(Group group, String words) {
            boolean another = !group.items.isEmpty() && !group.to.isEmpty() && group.last == Last.ITEM;
            if (another) group = fresh();
            if (group.last == Last.PLAIN && lexicon.verbLast()) { // 301호, 302호로: both
                var near = group.plain.subList(Math.min(group.before, group.plain.size()), group.plain.size());
                group.to.addAll(near);
                near.clear();
            }
            group.to.add(words);
            group.last = Last.TO;
        }

        private Group fresh() {
            clause().groups.add(new Group());
            return clause().group();
        }

        private void me(String role) {
            if (role.equals("from")) place(Proposal.HERE, role);
            else clause().me = true;
        }

        private void there() {
            pending = "";
            if (!clause().group().to.isEmpty()) return; // it has to be there by noon
            if (!place.isEmpty()) to(clause().group(), place);
            else clause().him = true;
        }

        private void item(Piece piece) {
            var group = clause().group();
            boolean purpose = piece.roles().contains("to") || pending.equals("to"); // ink for the printer
            if (purpose && !group.items.isEmpty() && !lexicon.verbLast()) {
                pending = "";
                return;
            }
            boolean settled = !group.to.isEmpty() || !group.from.isEmpty();
            if (!group.items.isEmpty() && settled && group.last != Last.ITEM) group = fresh();
            group.before = group.plain.size();
            group.items.add(new Item(words(piece), Math.clamp(count, 1, Mission.Load.MAX_COUNT)));
            group.last = Last.ITEM;
            count = 0;
            pending = "";
        }

        /// Before a thing it counts it; behind it likewise where verbs come last (커피 두 잔).
        private void number(int number) {
            var group = clause().group();
            if (lexicon.verbLast() && group.last == Last.ITEM && count == 0) {
                var item = group.items.removeLast();
                group.items.add(new Item(item.words(), Math.clamp(number, 1, Mission.Load.MAX_COUNT)));
            } else count = number;
        }

        /// Three packs, of what was named before.
        private void countLast() {
            var items = clause().group().items;
            if (items.isEmpty() && clauses.size() > 1)
                items = clauses.get(clauses.size() - 2).group().items;
            if (items.isEmpty()) return;
            items.add(new Item(items.removeLast().words(), Math.clamp(count, 1, Mission.Load.MAX_COUNT)));
            count = 0;
        }

        private void unknown(Piece piece) {
            String words = words(piece);
            boolean goal = piece.roles().contains("to") || piece.roles().contains("from");
            if (goal) {
                unknown.add(words);
                String all = String.join(" ", unknown);
                unknown.clear();
                place(all, role(piece));
            } else {
                unknown.add(words);
                if (piece.roles().contains("object")) settleUnknown();
            }
        }

        /// Words that nobody knows are a place behind `to` and `from`, else a thing where one is missing.
        private void settleUnknown() {
            if (unknown.isEmpty()) return;
            String all = String.join(" ", unknown);
            boolean goal = pending.equals("to") || pending.equals("from");
            unread += unknown.size();
            unknown.clear();
            if (goal) {
                String role = pending;
                pending = "";
                place(all, role);
            } else if (!clause().verb.isEmpty() || lexicon.verbLast()) strange.add(new Strange(clause(), all));
        }

        Proposal proposal(Times times) {
            settleUnknown();
            if (lexicon.verbLast() && clauses.size() > 1) afterthought(clauses.removeLast());
            clauses.removeIf(clause -> clause.verb.isEmpty() && clause.isEmpty());
            if (clauses.stream().anyMatch(clause -> clause.verb.equals("cancel"))) return only(Act.CANCEL, times);
            if (act == Act.WORK && clauses.stream().anyMatch(clause -> clause.verb.equals("status")))
                return only(Act.STATUS, times);
            if (act != Act.WORK) return only(act, times);
            var steps = new ArrayList<Said>();
            for (int i = 0; i < clauses.size() && steps.size() <= Mission.Work.MAX_STEPS; i++)
                steps(clauses.get(i), times.minutes(), steps);
            for (int i = 0; i < steps.size(); i++) steps.set(i, withGoal(steps, i));
            if (steps.isEmpty()) return only(Act.NONE, times);
            return new Proposal(Act.WORK, steps, priority, times.notBefore(), times.due(), unread);
        }

        /// What stands behind the last verb where verbs come last: 커피 갖다줘, 305호로.
        private void afterthought(Clause rest) {
            boolean things = rest.groups.stream().anyMatch(group -> !group.items.isEmpty());
            if (things) {
                rest.verb = clause().verb;
                clauses.add(rest);
                return;
            }
            var group = clause().group();
            for (var other : rest.groups) {
                group.from.addAll(other.from);
                group.to.addAll(other.to);
                group.plain.addAll(other.plain);
            }
            clause().me |= rest.me;
        }

        /// What is fetched comes here, unless a later step says what to do with it.
        private static Said withGoal(List<Said> steps, int i) {
            var step = steps.get(i);
            if (!step.to().isEmpty() || (step.verb() != Verb.FETCH && step.verb() != Verb.DELIVER)) return step;
            boolean later = steps.subList(i + 1, steps.size()).stream()
                    .anyMatch(next -> next.items().isEmpty()
                            && (next.verb() == Verb.DELIVER || next.verb() == Verb.DROP || next.verb() == Verb.FETCH));
            if (later && !step.items().isEmpty())
                return new Said(Verb.COLLECT, step.items(), step.from(), List.of(), step.either(), 0);
            return step.verb() == Verb.DELIVER
                    ? step
                    : new Said(Verb.FETCH, step.items(), step.from(), List.of(Proposal.HERE), step.either(), 0);
        }

        private Proposal only(Act act, Times times) {
            return new Proposal(act, List.of(), priority, times.notBefore(), times.due(), unread);
        }

        private void steps(Clause clause, int minutes, List<Said> steps) {
            boolean things = clause.groups.stream().anyMatch(group -> !group.items.isEmpty());
            var places =
                    clause.groups.stream().flatMap(g -> g.places().stream()).toList();
            boolean says = !clause.isEmpty() || hasStrange(clause) || clause.him || clauses.size() == 1;
            if (!says && CARRYING.contains(clause.verb)) return; // in that order
            switch (clause.verb) {
                case "" -> {
                    if (!things && clause.number > 0 && !places.isEmpty()) // two rounds of the second floor
                    steps.add(said(Verb.PATROL, List.of(), places, clause.either, clause.number));
                    boolean goal = clause.groups.stream().anyMatch(group -> !group.to.isEmpty());
                    boolean all = unread == 0 && strange.isEmpty();
                    if (!things && goal && all) go(clause, places, steps); // to room 305, please
                    if (!things) return;
                    carry(clause, places.isEmpty() ? Verb.FETCH : Verb.DELIVER, steps);
                }
                case "deliver", "give", "drop" -> {
                    if (clause.inherited && !things && !clause.it) go(clause, places, steps);
                    else if (clause.person
                            && !things
                            && (!clause.it || clause.topic)
                            && !places.isEmpty()
                            && !hasStrange(clause)) guide(clause, steps);
                    else carry(clause, clause.verb.equals("drop") ? Verb.DROP : Verb.DELIVER, steps);
                }
                case "fetch", "bring" -> carry(clause, clause.him ? Verb.DELIVER : Verb.FETCH, steps);
                case "collect" -> carry(clause, Verb.COLLECT, steps);
                case "go", "come", "return" -> {
                    if (things) carry(clause, Verb.DELIVER, steps);
                    else if (clause.person && !places.isEmpty()) guide(clause, steps);
                    else if (clause.it && !places.isEmpty()) carry(clause, Verb.DELIVER, steps);
                    else go(clause, places, steps);
                }
                case "patrol" -> steps.add(said(Verb.PATROL, List.of(), places, clause.either, clause.number));
                case "guide" -> guide(clause, steps);
                case "wait" -> {
                    go(clause, places, steps);
                    steps.add(said(Verb.WAIT, List.of(), List.of(), false, Math.max(1, minutes)));
                }
                case "charge" -> steps.add(said(Verb.CHARGE, List.of(), List.of(), false, 0));
                default -> throw new AssertionError("no rule for the verb " + clause.verb);
            }
        }

        private boolean hasStrange(Clause clause) {
            return strange.stream().anyMatch(words -> words.clause() == clause);
        }

        private static Said said(Verb verb, List<Item> items, List<String> to, boolean either, int count) {
            return new Said(verb, items, Optional.empty(), to, either, count);
        }

        private void go(Clause clause, List<String> named, List<Said> steps) {
            var places = new ArrayList<>(named);
            if (places.isEmpty() && !lexicon.verbLast())
                for (var words : strange) if (words.clause() == clause) places.add(words.words());
            if (clause.either) steps.add(said(Verb.GO, List.of(), places, true, 0));
            else for (String place : places) steps.add(said(Verb.GO, List.of(), List.of(place), false, 0));
            if (!places.isEmpty()) return;
            if (clause.verb.equals("return")) steps.add(said(Verb.RETURN, List.of(), List.of(), false, 0));
            else if (clause.me || clause.verb.equals("come"))
                steps.add(said(Verb.GO, List.of(), List.of(Proposal.HERE), false, 0));
        }

        private static void guide(Clause clause, List<Said> steps) {
            var group = clause.group();
            var to = new ArrayList<>(group.to.isEmpty() ? group.at : group.to);
            if (to.isEmpty()) to.addAll(group.plain);
            var from = group.from.stream().findFirst();
            if (from.isEmpty() && !group.to.isEmpty()) from = group.at.stream().findFirst();
            steps.add(new Said(Verb.GUIDE, List.of(), from, to, clause.either, 0));
        }

        /// Steps of things, group by group; groups that lack a goal share that of the last.
        private void carry(Clause clause, Verb verb, List<Said> steps) {
            var groups = clause.groups;
            for (var words : strange)
                if (words.clause() == clause && clause.group().items.isEmpty() && !clause.it)
                    clause.group().items.add(new Item(words.words(), 1));
            for (var group : groups) assign(group, clause, verb);
            for (int i = 1; i < groups.size(); i++)
                if (groups.get(i).to.isEmpty()) groups.get(i).to.addAll(groups.get(i - 1).to);
            boolean shared = groups.size() > 1
                    && groups.subList(0, groups.size() - 1).stream().allMatch(group -> group.to.isEmpty())
                    && !groups.getLast().to.isEmpty();
            for (var group : groups) {
                if (group.from.size() > 1) {
                    for (String from : group.from)
                        steps.add(new Said(Verb.COLLECT, group.items, Optional.of(from), List.of(), false, 0));
                    if (!group.to.isEmpty()) steps.add(said(Verb.DROP, List.of(), group.to, clause.either, 0));
                    continue;
                }
                boolean taken = verb == Verb.COLLECT && !group.to.isEmpty(); // pick up and bring
                var kind = shared ? Verb.COLLECT : taken ? Verb.DELIVER : verb;
                steps.add(new Said(kind, group.items, from(group), shared ? List.of() : group.to, clause.either, 0));
            }
            if (shared) steps.add(said(Verb.DROP, List.of(), groups.getLast().to, clause.either, 0));
        }

        /// Says of every place of a group what it does.
        private void assign(Group group, Clause clause, Verb verb) {
            boolean source = clause.verb.equals("fetch")
                    || verb == Verb.COLLECT
                    || (clause.him && (lexicon.verbLast() || group.plain.isEmpty()));
            if (clause.me && group.to.isEmpty()) group.to.add(Proposal.HERE);
            var rest = new ArrayList<>(group.plain);
            if (group.apart && rest.size() > 1 && group.to.isEmpty() && group.from.isEmpty())
                group.from.add(rest.removeFirst()); // 약국 약 305호 배달: whence, then whither
            boolean told = source || !group.to.isEmpty();
            for (String words : rest) goalOrSource(group, words, told && verb != Verb.DROP);
            for (String words : group.at)
                goalOrSource(group, words, (source || !group.to.isEmpty()) && verb != Verb.DROP);
        }

        private static void goalOrSource(Group group, String words, boolean source) {
            (source && group.from.isEmpty() ? group.from : group.to).add(words);
        }

        private static Optional<String> from(Group group) {
            return group.from.stream().findFirst();
        }
    }
}
