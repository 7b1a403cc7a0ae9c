package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.mission.Clause.Group;
import org.diwan.robots.mission.Clause.Last;
import org.diwan.robots.mission.Proposal.Act;
import org.diwan.robots.mission.Proposal.Item;
import org.diwan.robots.mission.Sense.Kind;

/// The pieces of one utterance, gathered into clauses one after another; [Composition] makes steps of them.
///
/// What a place does is said by the word before it (`to`, `إلى`), the letter on it (`للغرفة`) or the particle behind it
/// (`305호로`); the verb ends its clause where verbs come last, else it begins one.
final class Reading {
    /// Verbs that another follows: go and get, أريد أن تأخذ.
    private static final Set<String> OPENING = Set.of("need", "bring", "fetch", "deliver", "go", "come");

    private static final Set<String> PLACING = Set.of("to", "until", "from", "at", "mine", "is");

    private final Ground ground;
    private final Lexicon lexicon;
    private final Tagger tagger;
    private final List<Token> tokens;
    private final List<Clause> clauses = new ArrayList<>(List.of(new Clause()));
    private String pending = "";
    /// Whether a reason is being told.
    private boolean reason;
    /// Whether a statement holds a `not`, and no comma came yet.
    private boolean doubt;
    private boolean previousAnd;
    /// Whether a word joins this piece to the one before.
    private boolean written;
    private boolean and;
    private int endOfPlace = -1;
    /// Of the piece before.
    private List<Places.Target> targets = List.of();
    private int count;
    /// Whether a counter came with it: three packs.
    private boolean counted;
    private final List<String> unknown = new ArrayList<>();
    /// Last named as a goal, for `there`.
    private String place = "";
    /// Where the speaker is.
    private String mine = Proposal.HERE;
    /// Whether `here` came just before.
    private boolean pointing;
    private int sentence;
    /// That of the last thing.
    private int sentenceOfItem;
    private int endOfThing = -1;
    /// That ends there.
    private String thing = "";
    private Optional<String> priority = Optional.empty();
    private Act act = Act.WORK;
    private int unread;

    Reading(Ground ground, Lexicon lexicon, List<Token> tokens) {
        this.ground = ground;
        this.lexicon = lexicon;
        tagger = ground.tagger(lexicon);
        this.tokens = tokens;
    }

    private Clause clause() {
        return clauses.getLast();
    }

    private String words(Piece piece) {
        if (piece.value(Kind.PLACE).startsWith(Proposal.EXACT)) return piece.value(Kind.PLACE);
        return String.join(
                " ",
                tokens.subList(piece.from(), piece.end()).stream()
                        .map(Token::text)
                        .toList());
    }

    /// Its words without articles, so that a thing is the same whenever it is named.
    private String bare(Piece piece) {
        return String.join(
                " ",
                tokens.subList(piece.from(), piece.end()).stream()
                        .map(token -> lexicon.morphology().bare(token.text()))
                        .toList());
    }

    /// @param next the piece behind, if there is one
    void take(Piece piece, Optional<Piece> next) {
        if (tokens.get(piece.from()).afterSentence()) {
            sentence++;
            pending = pending.equals("mine") ? "" : pending;
        }
        if (piece.roles().contains("or")) clause().either = true;
        if (begins(piece, Kind.BECAUSE)) reason = true;
        else if (tokens.get(piece.from()).afterBreak()) reason = false;
        if (tokens.get(piece.from()).afterBreak()) doubt = false;
        if (reason) return; // because she is thirsty
        boolean same = piece.is(Kind.PLACE) && piece.targets().equals(targets) && !targets.isEmpty();
        if (same && piece.roles().isEmpty() && pending.isEmpty()) return; // the lab, the laboratory
        if (!piece.is(Kind.FILLER)) targets = piece.targets();
        if (piece.is(Kind.PLACE)) {
            and = previousAnd || piece.roles().contains("and") || piece.from() == endOfPlace;
            endOfPlace = piece.end();
        }
        written = previousAnd;
        previousAnd = piece.roles().contains("and") || piece.is(Kind.AND);

        if (piece.is(Kind.NOT, "instead") && instead()) return;
        if (!piece.is(Kind.UNKNOWN) && !piece.is(Kind.FILLER)) settleUnknown();
        boolean joins = piece.is(Kind.AND)
                && next.filter(other -> other.is(Kind.PLACE) || other.is(Kind.ITEM))
                        .isPresent(); // A와 B
        if (joins) return;
        if (!piece.is(Kind.ROLE) && !piece.is(Kind.PLACE)) pointing = false;
        switch (piece.senses().getFirst().kind()) {
            case VERB -> {
                verb(piece.value(Kind.VERB), piece.from());
                clause().me |= piece.roles().contains("me");
                clause().it |= piece.roles().contains("it");
                if (piece.roles().contains("two")) clause().number = 2; // جولتين
                boolean receiver = piece.is(Kind.VERB, "give") && piece.roles().contains("it"); // عطه
                if (receiver) clause().him = true;
            }
            case PLACE -> {
                if (pointing) mine = words(piece); // here at the main entrance
                pointing = false;
                place(words(piece), role(piece));
            }
            case HERE -> {
                pointing = next.filter(other -> other.is(Kind.PLACE) || other.is(Kind.ROLE, "at"))
                        .isPresent();
                boolean patient = lexicon.verbLast()
                        && next.filter(other -> other.is(Kind.PERSON)).isPresent(); // 여기 환자분
                if (!pointing) place(Proposal.HERE, patient ? "from" : role(piece));
            }
            case ME -> me(role(piece));
            case THERE -> there(piece.value(Kind.THERE).isEmpty() ? role(piece) : piece.value(Kind.THERE));
            case ROLE -> role(piece.value(Kind.ROLE));
            case ITEM -> {
                if (!pointsAt(piece, next) && !repeats(piece)) item(piece);
                thing = piece.value(Kind.ITEM);
            }
            case NUMBER -> number(piece.number(), next);
            case TIMES -> {
                String twice = piece.value(Kind.TIMES);
                clause().number = twice.isEmpty() ? Math.max(1, count) : Integer.parseInt(twice);
                count = 0;
            }
            case PERSON -> person(role(piece));
            case IT -> clause().it |= !determines(piece, next) && !clause().person;
            case HIM -> clause().him = true;
            case PRIORITY -> priority = Optional.of(piece.value(Kind.PRIORITY));
            case OR -> clause().either = true;
            case NOT -> not(next);
            case IF -> act = act == Act.WORK ? Act.CONDITIONAL : act;
            case THEN -> then();
            case UNKNOWN -> unknown(piece);
            case ROOM, FLOOR, TIME -> unread++;
            case ORDINAL -> {} // first, second: in that order
            case FILLER -> filler(piece);
            case COUNTER -> {
                if (piece.roles().contains("two")) count = 2;
                if (!piece.value(Kind.COUNTER).isEmpty()) count = Integer.parseInt(piece.value(Kind.COUNTER));
                boolean alone = next.filter(other -> other.is(Kind.ITEM) || other.is(Kind.FILLER))
                        .isEmpty();
                counted = true;
                if (alone && count > 0) countLast();
            }
            case AND, YES, NO, BECAUSE -> {}
        }
        if (piece.is(Kind.ITEM) || piece.is(Kind.PERSON)) endOfThing = piece.end();
        boolean says = !piece.is(Kind.VERB) && !piece.is(Kind.FILLER) && !piece.is(Kind.ROLE);
        clause().said |= says && !clause().isEmpty();
    }

    private static boolean begins(Piece piece, Kind kind) {
        return piece.senses().getFirst().kind() == kind;
    }

    /// Whether it is another word for the thing before it: وجبة الغداء.
    private boolean repeats(Piece piece) {
        return endOfThing == piece.from()
                && thing.equals(piece.value(Kind.ITEM))
                && piece.roles().isEmpty()
                && !tokens.get(piece.from()).afterBreak();
    }

    /// Whether it goes with the words beside it: some coffee, the wheelchair that is there.
    private boolean determines(Piece piece, Optional<Piece> next) {
        return endOfThing == piece.from()
                || next.filter(other -> other.is(Kind.ITEM) || other.is(Kind.PERSON) || other.is(Kind.PLACE))
                        .isPresent();
    }

    /// Whether it only points at a thing or somebody beside it: this patient, الطرد هذا.
    private boolean pointsAt(Piece piece, Optional<Piece> next) {
        boolean before = next.filter(other -> other.is(Kind.ITEM) || other.is(Kind.PERSON))
                .isPresent();
        return piece.is(Kind.ITEM, "thing") && (before || (endOfThing == piece.from() && !lexicon.verbLast()));
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
        if (piece.roles().isEmpty() || piece.roles().contains("is")) return;
        if (!lexicon.verbLast()) {
            if (piece.roles().contains("to")) pending = "to"; // للسيد
            return;
        }
        if (unknown.isEmpty()) role(piece.roles().getFirst());
        else {
            place(String.join(" ", unknown), piece.roles().getFirst());
            unknown.clear();
        }
    }

    private String role(Piece piece) {
        String role = pending.equals("for") ? "to" : pending;
        pending = "";
        for (String own : piece.roles())
            if (own.equals("of")) return "from";
            else if (own.equals("at") && role.equals("mine")) return role; // أنا بغرفة ٢٠٣
            else if (PLACING.contains(own)) return own;
        return role;
    }

    private void verb(String verb, int at) {
        if (counted && count > 0) countLast();
        if (lexicon.verbLast()) {
            boolean after = clause().isEmpty() && clauses.size() > 1;
            boolean helps = verb.equals("come") || verb.equals("go"); // 모셔 와, 순찰 돌아
            if (after && (helps || clauses.get(clauses.size() - 2).verb.equals(verb))) return;
            clause().verb = verb;
            clauses.add(new Clause());
        } else {
            boolean bare = !clause().said && (clause().inherited || OPENING.contains(clause().verb));
            if (!clause().verb.isEmpty() && !bare) fresh(verb, at);
            var group = clause().group();
            if (clause().verb.isEmpty() && verb.equals("fetch")) { // can 305 get a coffee?
                group.to.addAll(group.plain);
                group.plain.clear();
            }
            if (clause().verb.isEmpty() && sentenceOfItem < sentence) clause().context = group.items.size();
            if (clause().verb.isEmpty()) group.topics = group.at.size();
            else clause().topics.clear();
            clause().verb = verb;
            clause().inherited = false;
            clause().said = false;
        }
        pending = "";
    }

    /// A new clause; a place just before `needs` is who needs.
    private void fresh(String verb, int at) {
        var before = clause().group();
        boolean subject = verb.equals("need") && before.last == Last.PLAIN && endOfPlace == at;
        clauses.add(new Clause());
        if (!subject) return;
        before.last = Last.NOTHING;
        before.apart = false;
        place(before.plain.removeLast(), "");
    }

    /// A new clause; without a verb of its own it goes on with the one before.
    private void then() {
        if (lexicon.verbLast()) return;
        clause().ordered = true;
        boolean whole = clause().hasItems() && !clause().group().to.isEmpty(); // the file to the archive, then
        if (clause().verb.isEmpty() && !whole) return;
        String verb = clause().verb;
        clauses.add(new Clause());
        clause().verb = verb;
        clause().inherited = true;
    }

    /// Before its place, or behind it where verbs come last.
    private void role(String role) {
        if (!lexicon.verbLast()) {
            pending = role.equals("at") && pending.equals("mine") ? pending : role; // I'm in
            return;
        }
        if (role.equals("being") || role.equals("is")) {
            being(role.equals("is"));
            return;
        }
        var group = clause().group();
        if (group.last != Last.PLAIN) return;
        String last = group.plain.removeLast();
        group.last = Last.NOTHING;
        place(last, role);
    }

    /// 101호에 있는 휠체어, 안내 데스크에 손님 오셨어요: that is whence; 203호에 있어요, of nobody else: the speaker.
    ///
    /// @param ends whether it ends a sentence, and does not go with what follows
    private void being(boolean ends) {
        var group = clause().group();
        var places = group.to.isEmpty() ? group.plain : group.to;
        if (places.isEmpty()) return;
        int row = Math.min(group.row, places.size());
        var last = new ArrayList<>(places.subList(places.size() - row, places.size()));
        places.subList(places.size() - row, places.size()).clear();
        group.last = Last.NOTHING;
        boolean earlier = clause().hasItems() && sentenceOfItem < sentence;
        boolean alone = earlier || !clause().hasItems();
        boolean nobody = alone && !clause().person && (clause().me || ends);
        var before = earlier || clauses.size() < 2 ? clause() : clauses.get(clauses.size() - 2);
        if (nobody && before.hasItems() && isThere(before, last.getFirst()))
            before.group().from.addAll(last);
        else if (nobody) place(last.getFirst(), "mine");
        else {
            place(last.removeFirst(), "from");
            clause().group().from.addAll(last);
        }
    }

    /// Whether what was just asked for is there, and not who asked: 갖다줘. 203호에 있어.
    private boolean isThere(Clause asked, String place) {
        var items = asked.group().items;
        boolean elsewhere = items.stream().noneMatch(item -> isKept(place, item))
                && items.stream().noneMatch(item -> stock(item).isEmpty());
        return !elsewhere || !asked.group().to.isEmpty();
    }

    private void place(String words, String role) {
        if (!words.equals(Proposal.HERE) && !role.equals("from")) place = words;
        boolean joined = and;
        and = false;
        var group = clause().group();
        group.row = joined ? group.row + 1 : 1;
        switch (role) {
            case "mine" -> mine = words;
            case "is" -> { // 203호인데: where the speaker is, or the thing
                boolean thing = !group.items.isEmpty();
                boolean named = clauses.stream().anyMatch(Clause::hasItems);
                place(words, thing ? "from" : named ? "" : "mine");
            }
            case "to", "until" -> to(group, words);
            case "from" -> {
                if (!group.from.isEmpty() && !joined) group = clause().fresh();
                if (group.last == Last.PLAIN && joined && lexicon.verbLast()) { // 301호랑 302호에서: both
                    group.from.addAll(group.plain);
                    group.plain.clear();
                }
                group.from.add(words);
                group.last = Last.FROM;
            }
            case "at" -> {
                group.at.add(words);
                group.last = group.last == Last.ITEM ? Last.AT : group.last;
            }
            default -> {
                if (group.last == Last.TO && !lexicon.verbLast()) group.to.add(words);
                else if (joined && group.last == Last.FROM && !group.from.isEmpty() && !lexicon.verbLast())
                    group.from.add(words);
                else if (joined && written && group.last == Last.AT) group.at.add(words);
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
        if (another) group = clause().fresh();
        if (group.last == Last.PLAIN && lexicon.verbLast()) { // 301호, 302호로: both
            var near = group.plain.subList(Math.min(group.before, group.plain.size()), group.plain.size());
            group.to.addAll(near);
            near.clear();
        }
        group.to.add(words);
        group.last = Last.TO;
    }

    private void me(String role) {
        if (role.equals("from")) place(Proposal.HERE, role);
        else clause().me = true;
    }

    /// 402 has not eaten: of a statement, if a verb comes behind a comma; else it is about what to do.
    private void not(Optional<Piece> next) {
        boolean statement = !lexicon.verbLast()
                && clause().verb.isEmpty()
                && next.filter(other -> other.is(Kind.UNKNOWN)).isPresent();
        if (statement) doubt = true;
        else act = Act.NEGATED;
    }

    /// Somebody to be taken along, or to whom something is taken.
    private void person(String role) {
        if (role.equals("to")) {
            clause().him = true;
            return;
        }
        clause().person = true;
        clause().topic |= clause().verb.isEmpty() && !lexicon.verbLast();
    }

    /// Where somebody goes to get something, that is whence; else whither.
    private void there(String role) {
        boolean gets = clause().verb.equals("fetch") || clause().verb.equals("collect");
        boolean went = gets
                && clauses.size() > 1
                && clauses.get(clauses.size() - 2).verb.equals("go");
        if (role.equals("from") || went) {
            if (!place.isEmpty()) place(place, "from");
            return;
        }
        if (!clause().group().to.isEmpty()) return; // it has to be there by noon
        if (!place.isEmpty()) to(clause().group(), place);
        else clause().him = true;
    }

    private void item(Piece piece) {
        var group = clause().group();
        boolean purpose = piece.roles().contains("to") || pending.equals("to") || pending.equals("for");
        boolean errand = pending.equals("for") && clause().verb.equals("go") && !clause().hasItems();
        pending = "";
        if (errand) { // pop into the lab for a sample
            clauses.add(new Clause());
            clause().verb = "collect";
            group = clause().group();
        } else if (purpose && !group.items.isEmpty() && !lexicon.verbLast()) return; // ink for the printer
        if (clause().context > 0 && !clause().it) { // breakfast is over: that was not an order
            group.items
                    .subList(0, Math.min(clause().context, group.items.size()))
                    .clear();
            clause().context = 0;
        }
        var named = clause().topics.remove(piece.value(Kind.ITEM));
        if (!clause().verb.isEmpty() && count == 0) group.items.remove(named); // the bin is full, take the trash
        boolean settled = !group.to.isEmpty() || !group.from.isEmpty();
        if (!group.items.isEmpty() && settled && group.last != Last.ITEM) group = clause().fresh();
        else if (coupled(group)) { // coffee 301, tea 302
            group.to.addAll(group.plain);
            group.plain.clear();
            group = clause().fresh();
        } else if (group.apart && group.last == Last.PLAIN) { // 301 wants a coffee and 302 a tea
            String place = group.plain.removeLast();
            group.apart = false;
            group = clause().fresh();
            group.plain.add(place);
        }
        group.before = group.plain.size();
        int number = piece.roles().contains("two") ? 2 : count;
        group.items.add(new Item(bare(piece), Math.clamp(number, 1, Mission.Load.MAX_COUNT)));
        if (clause().verb.isEmpty()) clause().topics.put(piece.value(Kind.ITEM), group.items.getLast());
        group.last = Last.ITEM;
        sentenceOfItem = sentence;
        count = 0;
        counted = false;
    }

    /// Whether it is a thing and one place behind it, and no more.
    private static boolean coupled(Group group) {
        boolean behind = group.plain.size() == 1 && group.before == 0 && group.last == Last.PLAIN;
        return behind && !group.items.isEmpty() && !group.apart && group.at.isEmpty();
    }

    /// Before a thing it counts it; behind it likewise if nothing else is there to count: 커피 두 잔, شاي اثنين.
    private void number(int number, Optional<Piece> next) {
        var group = clause().group();
        boolean counts = next.filter(other -> !other.roles().contains("and")) // شاي عدد ٢ وماء
                .filter(other -> other.is(Kind.ITEM)
                        || other.is(Kind.COUNTER)
                        || other.is(Kind.TIMES)
                        || other.is(Kind.FILLER)
                        || other.is(Kind.UNKNOWN))
                .isPresent();
        boolean one = number == 1
                && clause().hasItems()
                && next.filter(other -> other.is(Kind.PLACE) || other.is(Kind.ROLE))
                        .isPresent();
        clause().each |= one; // one to 401 and one to 402
        count = one && group.last != Last.ITEM ? 0 : number;
        boolean before = clauses.size() > 1 && clauses.get(clauses.size() - 2).hasItems();
        counted |= before && !clause().hasItems() && !clause().verb.isEmpty() && !lexicon.verbLast(); // bring two
        if (group.last == Last.ITEM && (lexicon.verbLast() || !counts)) countLast();
    }

    /// Three packs, of what was named before.
    private void countLast() {
        var items = clause().group().items;
        if (items.isEmpty() && clauses.size() > 1)
            items = clauses.get(clauses.size() - 2).group().items;
        if (items.isEmpty()) return;
        items.add(new Item(items.removeLast().words(), Math.clamp(count, 1, Mission.Load.MAX_COUNT)));
        count = 0;
        counted = false;
    }

    private void unknown(Piece piece) {
        String words = words(piece);
        boolean perhaps = piece.roles().contains("perhaps-to") // لخالد, but ليمون
                && !clause().group().items.isEmpty()
                && clause().group().to.isEmpty();
        boolean goal = perhaps || piece.roles().contains("to") || piece.roles().contains("from");
        if (goal) {
            unknown.add(words);
            String all = String.join(" ", unknown);
            unknown.clear();
            place(all, perhaps ? "to" : role(piece));
        } else {
            unknown.add(words);
            if (piece.roles().contains("object")) settleUnknown();
        }
    }

    /// Words that nobody knows are a place behind `to` and `from`, else a thing where one is missing.
    private void settleUnknown() {
        if (unknown.isEmpty()) return;
        String all = String.join(" ", unknown);
        boolean purpose = pending.equals("for") && !clause().group().to.isEmpty(); // it's for the music hour
        boolean goal = !purpose && (pending.equals("to") || pending.equals("for") || pending.equals("from"));
        unread += unknown.size();
        unknown.clear();
        if (goal) {
            String role = pending.equals("for") ? "to" : pending;
            pending = "";
            place(all, role);
        } else if (purpose) pending = "";
        else if (!clause().verb.isEmpty() || lexicon.verbLast())
            clause().strange.add(all);
    }

    Proposal proposal(Times times) {
        settleUnknown();
        if (doubt) act = Act.NEGATED;
        if (counted && count > 0) countLast();
        if (lexicon.verbLast() && clauses.size() > 1) afterthought(clauses.removeLast());
        clauses.removeIf(clause -> clause.verb.isEmpty() && clause.isEmpty());
        if (clauses.stream().anyMatch(clause -> clause.verb.equals("cancel"))) return only(Act.CANCEL, times);
        if (act == Act.WORK && clauses.stream().anyMatch(clause -> clause.verb.equals("status")))
            return only(Act.STATUS, times);
        if (act != Act.WORK) return only(act, times);
        boolean all = unread == 0 && clauses.stream().allMatch(clause -> clause.strange.isEmpty());
        var composition =
                new Composition(clauses, lexicon.verbLast(), mine, this::isHome, this::isKept, times.minutes(), all);
        var steps = composition.steps();
        if (steps.isEmpty()) return only(Act.NONE, times);
        return new Proposal(Act.WORK, steps, priority, times.notBefore(), times.due(), unread);
    }

    private boolean isHome(String words) {
        var home = ground.premises().home();
        return home.isPresent() && isOneOf(words, List.of(home.get()));
    }

    /// Whether such things are kept there, wherever else.
    private boolean isKept(String place, Item item) {
        return isOneOf(place, stock(item));
    }

    private List<String> stock(Item item) {
        return tagger.item(item.words())
                .map(id -> ground.premises().stock().getOrDefault(id, List.of()))
                .orElse(List.of());
    }

    private boolean isOneOf(String words, List<String> places) {
        return tagger.place(words)
                .filter(piece -> piece.targets().stream().anyMatch(target -> places.contains(target.place())))
                .isPresent();
    }

    /// What stands behind the last verb where verbs come last: 커피 갖다줘, 305호로.
    private void afterthought(Clause rest) {
        if (rest.hasItems()) {
            rest.verb = clause().verb;
            clauses.add(rest);
            return;
        }
        for (var group : rest.groups) clause().group().addPlaces(group);
        clause().me |= rest.me;
    }

    private Proposal only(Act act, Times times) {
        return new Proposal(act, List.of(), priority, times.notBefore(), times.due(), unread);
    }
}
