package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.diwan.robots.mission.Clause.Group;
import org.diwan.robots.mission.Proposal.Item;
import org.diwan.robots.mission.Proposal.Said;
import org.diwan.robots.mission.Proposal.Verb;

/// The steps that clauses ask for, one after another.
///
/// Clauses that hang together become one first: what is needed and then how to get it (`306 needs towels, fetch them
/// from the laundry`), who is met and then where to (`정문에서 손님 모시고 회의실로 가`), one verb for a row of places
/// (`the mail to 301, then 302`). What a place does, if no word says it, hangs on the verb.
final class Composition {
    private static final Set<String> CARRYING = Set.of("deliver", "give", "drop", "fetch", "bring", "collect");

    private final List<Clause> clauses;
    private final boolean verbLast;
    /// Where the speaker is.
    private final String here;
    private final Predicate<String> isHome;
    private final BiPredicate<String, Item> keeps;
    /// Minutes to wait.
    private final int minutes;
    private final boolean all;
    private final List<Said> steps = new ArrayList<>();

    /// @param here where the speaker is, by words or [Proposal#HERE]
    /// @param isHome whether words name the robots' own place
    /// @param keeps whether a place is one where a thing is kept
    /// @param all whether every word was used
    Composition(
            List<Clause> clauses,
            boolean verbLast,
            String here,
            Predicate<String> isHome,
            BiPredicate<String, Item> keeps,
            int minutes,
            boolean all) {
        this.clauses = new ArrayList<>(clauses);
        this.verbLast = verbLast;
        this.here = here;
        this.isHome = isHome;
        this.keeps = keeps;
        this.minutes = minutes;
        this.all = all;
    }

    /// The steps, at most one more than a mission may have.
    List<Said> steps() {
        joinRows();
        joinNeeds();
        joinMeetings();
        joinErrands();
        for (int i = 0; i < clauses.size() && steps.size() <= Mission.Work.MAX_STEPS; i++) add(clauses.get(i), i);
        joinHandOvers();
        for (int i = 0; i < steps.size(); i++) steps.set(i, withGoal(i));
        return steps;
    }

    // --- clauses that hang together ---

    /// The mail to 301, then 302: the verb and the things are those of the clause before.
    private void joinRows() {
        for (int i = 1; i < clauses.size(); ) {
            var before = clauses.get(i - 1);
            var clause = clauses.get(i);
            boolean row = clause.inherited && !clause.hasItems() && !clause.it && clause.strange.isEmpty();
            if (row && clause.isEmpty()) { // 303 last
                clauses.remove(i);
                continue;
            }
            if (row && clause.places().stream().anyMatch(isHome)) clause.verb = "go"; // and then back to the bay
            else if (row && before.verb.equals("patrol") && !before.hasItems()) {
                var places = new ArrayList<>(before.places());
                places.addAll(clause.places());
                before.groups.clear();
                before.fresh().plain.addAll(places);
                before.number = Math.max(before.number, clause.number);
                clauses.remove(i);
                continue;
            } else if (row && before.hasItems()) {
                var group = before.group();
                var first = group.plain.isEmpty() ? group.at : group.plain;
                if (group.to.isEmpty() && !before.verb.equals("collect")) {
                    group.to.addAll(first);
                    first.clear();
                }
                (before.verb.equals("collect") ? group.from : group.to).addAll(clause.places());
                clauses.remove(i);
                continue;
            }
            i++;
        }
    }

    /// 306 needs towels; fetch them from the laundry, pick them up and bring them: the first verb gets what is needed
    /// and where it is, the last one gets who needs it.
    private void joinNeeds() {
        for (int i = 0; i < clauses.size(); i++) {
            var need = clauses.get(i);
            if (!need.verb.equals("need")) continue;
            if (!need.hasItems() && need.strange.isEmpty()) continue;
            need.groups.forEach(this::settle);
            var rest = clauses.subList(i + 1, clauses.size()).stream()
                    .takeWhile(clause -> !clause.hasItems() || clause.it || sameItems(clause, need))
                    .filter(clause -> CARRYING.contains(clause.verb))
                    .toList();
            if (rest.isEmpty() || !need.hasItems()) continue;
            for (var clause : rest) if (sameItems(clause, need)) clause.groups.forEach(group -> group.items.clear());
            var first = rest.getFirst();
            var last = rest.getLast();
            if (need.groups.size() > 1 && first.places().isEmpty()) {
                first.groups.clear();
                first.groups.addAll(need.groups);
            } else {
                first.group().items.addAll(need.group().items);
                if (first.group().from.isEmpty()) first.group().from.addAll(need.group().from);
                if (last.group().to.isEmpty()) last.group().to.addAll(need.group().to);
            }
            first.either |= need.either;
            clauses.remove(i--);
        }
    }

    private static boolean sameItems(Clause one, Clause other) {
        var words = other.groups.stream()
                .flatMap(group -> group.items.stream())
                .map(Item::words)
                .toList();
        return one.groups.stream()
                .flatMap(group -> group.items.stream())
                .allMatch(item -> words.contains(item.words()));
    }

    /// Who needs it comes before the verb, or without a word for it: that is whither, and the rest is whence.
    private void settle(Group group) {
        group.to.addAll(group.plain);
        group.plain.clear();
        if (group.to.isEmpty()) group.to.addAll(later(group)); // the wheelchair at the entrance is needed in 101
        group.at.removeAll(group.to);
        for (String words : group.at) (group.to.isEmpty() ? group.to : group.from).add(words);
        group.at.clear();
        if (verbLast && group.to.isEmpty() && !group.from.isEmpty())
            for (int i = Math.min(group.row, group.from.size()); i > 0; i--)
                group.to.add(group.from.removeFirst()); // 창고에서 열쇠가 필요하대요: those there say so
    }

    /// Pick up the guests at the entrance and bring them to meeting room A; 손님들 모시고 회의실 A로 가.
    private void joinMeetings() {
        for (int i = 0; i + 1 < clauses.size(); i++) {
            var first = clauses.get(i);
            var next = clauses.get(i + 1);
            boolean meets = first.person && !first.hasItems() && first.strange.isEmpty();
            boolean leads = List.of("guide", "collect", "fetch", "need").contains(first.verb);
            boolean goes = next.verb.equals("go") || next.verb.equals("come") || next.it || next.him;
            boolean ends = !next.hasItems() && !next.person && !next.places().isEmpty();
            if (!meets || !leads || !goes || !ends || !first.group().to.isEmpty()) continue;
            var to = next.places();
            first.verb = "guide";
            first.group().from.addAll(first.group().at);
            first.group().from.addAll(first.group().plain);
            first.group().plain.clear();
            first.group().at.clear();
            first.group().to.addAll(to);
            clauses.remove(i + 1);
        }
    }

    /// 식판 걷으러 301호, 302호 갔다가: where somebody goes to collect is whence.
    private void joinErrands() {
        for (int i = 0; i + 1 < clauses.size() && verbLast; i++) {
            var collect = clauses.get(i);
            var go = clauses.get(i + 1);
            boolean errand = collect.verb.equals("collect")
                    && collect.hasItems()
                    && collect.places().isEmpty();
            if (!errand || !goes(go) || i + 2 == clauses.size()) continue; // 챙겨서 305호로 가: that is whither
            collect.group().from.addAll(go.places());
            clauses.remove(i + 1);
        }
    }

    /// 린넨 챙겨서 305호, 306호에 갖다주고: what is taken up for several places is as much for each.
    private void joinHandOvers() {
        for (int i = 0; i + 1 < steps.size(); i++) {
            var taken = steps.get(i);
            var given = steps.get(i + 1);
            boolean gives = given.verb() == Verb.DELIVER || given.verb() == Verb.DROP || given.verb() == Verb.FETCH;
            boolean several = given.to().size() > 1 && !given.either();
            if (taken.verb() != Verb.COLLECT || !gives || !several) continue;
            if (!given.items().isEmpty() || given.from().isPresent()) continue;
            steps.set(i, new Said(Verb.DELIVER, taken.items(), taken.from(), given.to(), false, 0));
            steps.remove(i + 1);
        }
    }

    /// What is fetched comes here, unless a later step says what to do with it.
    private Said withGoal(int i) {
        var step = steps.get(i);
        if (!step.to().isEmpty() || (step.verb() != Verb.FETCH && step.verb() != Verb.DELIVER)) return step;
        boolean later = steps.subList(i + 1, steps.size()).stream()
                .anyMatch(next -> next.items().isEmpty()
                        && (next.verb() == Verb.DELIVER || next.verb() == Verb.DROP || next.verb() == Verb.FETCH));
        if (later && !step.items().isEmpty())
            return new Said(Verb.COLLECT, step.items(), step.from(), List.of(), step.either(), 0);
        return step.verb() == Verb.DELIVER
                ? step
                : new Said(Verb.FETCH, step.items(), step.from(), List.of(here), step.either(), 0);
    }

    // --- one clause ---

    private void add(Clause clause, int i) {
        boolean things = clause.hasItems();
        var places = clause.places();
        boolean says = !clause.isEmpty() || !clause.strange.isEmpty() || clause.him || clauses.size() == 1;
        if (!says && CARRYING.contains(clause.verb)) return; // in that order
        if (CARRYING.contains(clause.verb) && leads(clause)) {
            guide(clause);
            return;
        }
        switch (clause.verb) {
            case "" -> {
                boolean goal = clause.groups.stream().anyMatch(group -> !group.to.isEmpty());
                if (things) carry(clause, places.isEmpty() ? Verb.FETCH : Verb.DELIVER);
                else if (clause.number > 0 && !places.isEmpty()) patrol(clause); // two rounds of the second floor
                else if (goal && clause.person) guide(clause);
                else if ((goal || clause.ordered) && all) go(clause); // to room 305, please
            }
            case "deliver", "give" -> carry(clause, Verb.DELIVER);
            case "drop" -> carry(clause, Verb.DROP);
            case "need" -> {
                boolean told = !things && clause.strange.isEmpty() && clauses.size() > 1; // the battery is low
                if (!told) carry(clause, clause.him ? Verb.DELIVER : Verb.FETCH);
            }
            case "fetch", "bring" -> carry(clause, clause.him ? Verb.DELIVER : Verb.FETCH);
            case "collect" -> {
                boolean before = i > 0 && goes(clauses.get(i - 1)) && !steps.isEmpty();
                if (before && places.isEmpty()) collectThere(clause, clauses.get(i - 1));
                if (i + 1 < clauses.size()) leaveGoalTo(clauses.get(i + 1), clause);
                carry(clause, Verb.COLLECT);
            }
            case "go", "come", "return" -> {
                if (things) carry(clause, Verb.DELIVER);
                else if (clause.person && !places.isEmpty()) guide(clause);
                else if (clause.number > 1 && places.size() > 1) patrol(clause);
                else if (clause.it && !places.isEmpty()) carry(clause, Verb.DELIVER);
                else go(clause);
            }
            case "patrol" -> {
                if (things) carry(clause, Verb.DELIVER); // go round with the mail
                else patrol(clause);
            }
            case "guide" -> guide(clause);
            case "wait" -> {
                boolean until = minutes == 0 && clause.isEmpty() && clauses.size() > 1; // wait until 3 pm, then
                if (until) return;
                go(clause);
                steps.add(said(Verb.WAIT, List.of(), List.of(), false, Math.max(1, minutes)));
            }
            case "charge" -> steps.add(said(Verb.CHARGE, List.of(), List.of(), false, 0));
            default -> throw new AssertionError("no rule for the verb " + clause.verb);
        }
    }

    /// Whether somebody is taken along: whoever is brought is no load.
    private static boolean leads(Clause clause) {
        boolean somebody = clause.person && !clause.hasItems() && clause.strange.isEmpty();
        boolean somewhere = !clause.places().isEmpty() || clause.verb.equals("deliver");
        return somebody && somewhere && (!clause.it || clause.topic);
    }

    private static boolean goes(Clause clause) {
        return clause.verb.equals("go") && !clause.hasItems() && !clause.person && !clause.either;
    }

    /// Go to 301 and 302 and collect the trays: those of both.
    private void collectThere(Clause clause, Clause before) {
        var places = before.places();
        if (places.size() < 2) return;
        clause.group().from.addAll(places);
        steps.subList(steps.size() - places.size(), steps.size()).clear();
    }

    /// Pick up Sara's parcel at the dock and take it to her: the second verb says whither, with or without the place.
    private void leaveGoalTo(Clause next, Clause clause) {
        var group = clause.group();
        boolean hands = CARRYING.contains(next.verb) && !next.hasItems() && (next.it || next.him || verbLast);
        if (!hands || group.from.isEmpty()) return;
        if (next.places().isEmpty()) {
            next.group().to.addAll(group.plain);
            next.group().to.addAll(group.to);
        }
        group.plain.clear();
        group.to.clear();
    }

    private static Said said(Verb verb, List<Item> items, List<String> to, boolean either, int count) {
        return new Said(verb, items, Optional.empty(), to, either, count);
    }

    private void patrol(Clause clause) {
        steps.add(said(Verb.PATROL, List.of(), clause.places(), clause.either, clause.number));
    }

    private void go(Clause clause) {
        var places = new ArrayList<>(clause.places());
        if (places.isEmpty() && !verbLast) places.addAll(clause.strange);
        if (clause.either) steps.add(said(Verb.GO, List.of(), places, true, 0));
        else for (String place : places) steps.add(said(Verb.GO, List.of(), List.of(place), false, 0));
        if (!places.isEmpty()) return;
        if (clause.verb.equals("return")) steps.add(said(Verb.RETURN, List.of(), List.of(), false, 0));
        else if (clause.me || clause.verb.equals("come")) steps.add(said(Verb.GO, List.of(), List.of(here), false, 0));
    }

    private void guide(Clause clause) {
        var group = clause.group();
        var to = new ArrayList<>(group.to.isEmpty() ? group.at : group.to);
        if (to.isEmpty()) to.addAll(group.plain);
        var from = group.from.stream().findFirst();
        if (from.isEmpty() && group.to.isEmpty() && to.size() == 2 && group.topics == 2)
            from = Optional.of(to.removeFirst()); // the visitor at reception has an appointment at the office
        if (from.isEmpty() && !group.to.isEmpty())
            from = group.at.stream().findFirst().or(() -> group.plain.stream().findFirst());
        if (from.isEmpty() && !here.equals(Proposal.HERE)) from = Optional.of(here);
        steps.add(new Said(Verb.GUIDE, List.of(), from, to, clause.either, 0));
    }

    /// Steps of things, group by group; groups that lack a goal share that of the last.
    private void carry(Clause clause, Verb verb) {
        var groups = clause.groups;
        for (int i = groups.size() - 1; i > 0; i--)
            if (groups.get(i).items.isEmpty()) groups.get(i - 1).addPlaces(groups.remove(i));
        if (clause.group().items.isEmpty() && !clause.it)
            for (String words : clause.strange) clause.group().items.add(new Item(words, 1));
        for (var group : groups) assign(group, clause, verb);
        for (var group : groups) if (clause.each) group.items.replaceAll(item -> share(item, group.to.size()));
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
            var to = shared ? List.<String>of() : homeApart(group, clause);
            steps.add(new Said(kind, group.items, group.from.stream().findFirst(), to, clause.either, 0));
            if (!shared && to.size() < group.to.size()) steps.add(said(Verb.RETURN, List.of(), List.of(), false, 0));
        }
        if (shared) steps.add(said(Verb.DROP, List.of(), groups.getLast().to, clause.either, 0));
    }

    /// Two coffees, one to 401 and one to 402: what each place gets.
    private static Item share(Item item, int places) {
        return item.count() == places ? new Item(item.words(), 1) : item;
    }

    /// Linen to 305 and 306, and back to the bay: nothing is left at home that goes elsewhere.
    private List<String> homeApart(Group group, Clause clause) {
        boolean last = group.to.size() > 1 && !clause.either && isHome.test(group.to.getLast());
        return last ? group.to.subList(0, group.to.size() - 1) : group.to;
    }

    /// Says of every place of a group what it does.
    private void assign(Group group, Clause clause, Verb verb) {
        boolean source = clause.verb.equals("fetch")
                || verb == Verb.COLLECT
                || (clause.him && clause.hasItems() && (verbLast || group.plain.isEmpty()));
        if (clause.me && group.to.isEmpty()) group.to.add(here);
        var rest = new ArrayList<>(group.plain);
        var at = new ArrayList<>(group.at);
        rest.removeAll(group.to); // who is at 305 and wants it there
        at.removeAll(group.to);
        if (verb == Verb.COLLECT && group.from.isEmpty() && group.to.isEmpty()) { // in 301 and in 302
            group.from.addAll(at);
            group.from.addAll(rest);
            return;
        }
        boolean whence = group.apart && rest.size() > 1 && group.to.isEmpty() && group.from.isEmpty();
        if (whence) group.from.add(rest.removeFirst()); // 약국 약 305호 배달: whence, then whither
        if (!source && group.to.isEmpty() && rest.isEmpty()) {
            group.to.addAll(later(group)); // the wheelchair in 101: put it at the entrance
            at.removeAll(group.to);
        }
        if (group.from.isEmpty() && at.isEmpty()) takeWhereKept(group, rest);
        if (group.from.isEmpty() && rest.isEmpty()) takeWhereKept(group, at);
        if (!group.to.isEmpty() && verb != Verb.DROP) { // the trays in 301 and 302, Sara's parcel at the dock
            var whences = at.isEmpty() ? rest : at;
            if (group.from.isEmpty()) group.from.addAll(whences);
            else group.to.addAll(at);
            if (verbLast && group.from.isEmpty()) group.to.addAll(rest);
            return;
        }
        boolean told = source || !group.to.isEmpty();
        for (String words : rest) goalOrSource(group, words, told && verb != Verb.DROP);
        for (String words : at) goalOrSource(group, words, (source || !group.to.isEmpty()) && verb != Verb.DROP);
    }

    /// Places behind the verb, where others stand before it.
    private static List<String> later(Group group) {
        boolean both = group.topics > 0 && group.topics < group.at.size();
        return both ? List.copyOf(group.at.subList(group.topics, group.at.size())) : List.of();
    }

    /// Of places that no word says anything of, the one where the things are kept is whence: the kitchen's lunch.
    private void takeWhereKept(Group group, List<String> places) {
        if (group.items.isEmpty() || places.size() < 2) return;
        places.stream()
                .filter(place -> group.items.stream().allMatch(item -> keeps.test(place, item)))
                .findFirst()
                .ifPresent(place -> {
                    group.from.add(place);
                    places.remove(place);
                });
    }

    private static void goalOrSource(Group group, String words, boolean source) {
        (source && group.from.isEmpty() ? group.from : group.to).add(words);
    }
}
