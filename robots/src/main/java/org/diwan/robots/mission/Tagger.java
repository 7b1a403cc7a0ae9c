package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.mission.Places.Target;
import org.diwan.robots.mission.Sense.Kind;
import org.jspecify.annotations.Nullable;

/// Cuts an utterance into pieces: the longest place or word at each point, floors joined with their places.
final class Tagger {
    private final Lexicon lexicon;
    private final Places places;
    private final Spelling spelling;

    Tagger(Lexicon lexicon, Places places) {
        this.lexicon = lexicon;
        this.places = places;
        var known = new HashSet<>(lexicon.tokens());
        known.addAll(places.tokens());
        spelling = new Spelling(known, lexicon.numbers().keySet(), lexicon.letters());
    }

    /// The tokens of `text`, numbers in digits, mistyped words as they are meant.
    List<Token> tokens(String text) {
        return Numbers.inDigits(spelling.corrected(Token.of(text)), lexicon);
    }

    List<Piece> pieces(List<Token> tokens) {
        var pieces = new ArrayList<Piece>();
        for (int i = 0; i < tokens.size(); i = pieces.getLast().end()) {
            boolean hour = !pieces.isEmpty() && pieces.getLast().is(Kind.TIME, "clock");
            pieces.add(piece(tokens, i, hour));
        }
        return withFloors(pieces);
    }

    /// @param hour whether a word for the clock stands before
    private Piece piece(List<Token> tokens, int i, boolean hour) {
        var token = tokens.get(i);
        if (token.isTime()) return simple(new Sense(Kind.TIME, token.text()), i);
        var word = lexicon.word(tokens, i);
        var place = places.at(tokens, i).filter(found -> !found.bare() || (!hour && mayBePlace(tokens, found.end())));
        if (place.isPresent()
                && (word.isEmpty() || place.get().end() >= word.get().end()) // a name before a word of the same length
                && !(word.isPresent() && isFloor(word.get()))) {
            var found = place.get();
            return new Piece(List.of(new Sense(Kind.PLACE, "")), found.targets(), i, found.end(), found.roles());
        }
        if (word.isPresent())
            return new Piece(
                    word.get().values(),
                    List.of(),
                    i,
                    word.get().end(),
                    word.get().roles());
        if (token.isNumber()) return simple(new Sense(Kind.NUMBER, bounded(token.text())), i);
        return new Piece(List.of(new Sense(Kind.UNKNOWN, token.text())), List.of(), i, i + 1, unknownRoles(token));
    }

    private static boolean isFloor(Vocabulary.Match<Sense> match) {
        return match.values().getFirst().kind() == Kind.FLOOR;
    }

    private static Piece simple(Sense sense, int at) {
        return new Piece(List.of(sense), List.of(), at, at + 1, List.of());
    }

    private static String bounded(String digits) {
        return digits.length() > 6 ? String.valueOf(Numbers.MAX) : digits;
    }

    /// A number before a thing, a counter, an hour or a floor counts, and is no room.
    private boolean mayBePlace(List<Token> tokens, int next) {
        if (next >= tokens.size() || tokens.get(next).afterBreak()) return true;
        return lexicon.word(tokens, next)
                .map(match -> match.values().stream()
                        .map(Sense::kind)
                        .noneMatch(kind ->
                                kind == Kind.ITEM || kind == Kind.COUNTER || kind == Kind.TIMES || kind == Kind.TIME))
                .map(may -> may
                        && lexicon.word(tokens, next).filter(Tagger::isFloor).isEmpty())
                .orElse(true);
    }

    /// What is written together with a word that nobody knows, where it is plain: 수영장으로, للمسبح.
    private List<String> unknownRoles(Token token) {
        var morphology = lexicon.morphology();
        for (var article : morphology.prefixes().entrySet())
            if (article.getKey().length() >= 2
                    && token.text().startsWith(article.getKey())
                    && !article.getValue().isEmpty()) return List.of(article.getValue());
        for (var letter : morphology.prefixes().entrySet())
            if (letter.getKey().length() == 1
                    && token.text().startsWith(letter.getKey())
                    && letter.getValue().equals("to")) return List.of("perhaps-to");
        return morphology.suffixes().entrySet().stream()
                .filter(suffix -> lexicon.verbLast()
                        && token.text().endsWith(suffix.getKey())
                        && token.text().length() > suffix.getKey().length())
                .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
                .map(suffix -> suffix.getValue().isEmpty() ? List.<String>of() : List.of(suffix.getValue()))
                .orElse(List.of());
    }

    /// `the pharmacy on the third floor`, `صيدلية الدور الثالث`, `3층 약국`, or the floor alone.
    private List<Piece> withFloors(List<Piece> pieces) {
        var numbered = new ArrayList<Piece>();
        for (int i = 0; i < pieces.size(); i++) {
            var piece = pieces.get(i);
            var before = numbered.isEmpty() ? null : numbered.getLast();
            var after = i + 1 < pieces.size() ? pieces.get(i + 1) : null;
            if (!piece.is(Kind.FLOOR) || (!isFirst(piece, Kind.FLOOR) && !isOnFloor(before, after))) {
                numbered.add(piece);
                continue;
            }
            if (!piece.value(Kind.FLOOR).isEmpty()) { // ground floor: the word has its number
                numbered.add(floor(Integer.parseInt(piece.value(Kind.FLOOR)), piece, piece));
                continue;
            }
            if (before != null
                    && before.isNumber()
                    && before.end() == piece.from()
                    && (lexicon.verbLast() || before.is(Kind.ORDINAL) || after == null || !after.isNumber())) {
                numbered.removeLast();
                numbered.add(floor(before.number(), before, piece));
            } else if (after != null && after.isNumber()) {
                numbered.add(floor(after.number(), piece, after));
                i++;
            } else numbered.add(piece);
        }
        return sharing(named(joined(numbered)));
    }

    private static boolean isFirst(Piece piece, Kind kind) {
        return piece.senses().getFirst().kind() == kind;
    }

    /// `the nurse station on three`: a number that tells which of several places.
    private boolean isOnFloor(@Nullable Piece before, @Nullable Piece after) {
        return before != null
                && after != null
                && after.isNumber()
                && before.targets().size() > 1
                && !places.on(after.number(), before.targets()).isEmpty();
    }

    private Piece floor(int number, Piece first, Piece last) {
        var roles = new ArrayList<>(first.roles());
        if (!first.equals(last)) roles.addAll(last.roles());
        var sense = List.of(new Sense(Kind.FLOOR, String.valueOf(number)));
        return new Piece(sense, places.floor(number), first.from(), last.end(), List.copyOf(roles));
    }

    private List<Piece> joined(List<Piece> pieces) {
        var joined = new ArrayList<Piece>();
        for (int i = 0; i < pieces.size(); i++) {
            var piece = pieces.get(i);
            int next = i + 1;
            if (piece.is(Kind.PLACE) && (!lexicon.verbLast() || piece.roles().isEmpty())) {
                if (!lexicon.verbLast()) while (next < pieces.size() && isLink(pieces.get(next))) next++;
                if (next < pieces.size() && isFloor(pieces.get(next))) {
                    joined.add(join(piece, pieces.get(next), piece.targets(), pieces.get(next)));
                    i = next;
                    continue;
                }
                next = i + 1;
            }
            if (isFloor(piece)) next = behindLinks(pieces, next);
            boolean linked = next > i + 1
                    || !lexicon.verbLast()
                    || piece.roles().isEmpty()
                    || piece.roles().equals(List.of("of"));
            if (isFloor(piece) && linked && next < pieces.size() && isOn(piece, pieces.get(next), next > i + 1)) {
                joined.add(join(piece, pieces.get(next), pieces.get(next).targets(), piece));
                i = next;
            } else if (isFloor(piece)) {
                var sense = List.of(new Sense(Kind.PLACE, piece.value(Kind.FLOOR)));
                joined.add(new Piece(sense, piece.targets(), piece.from(), piece.end(), piece.roles()));
            } else joined.add(piece);
        }
        return joined;
    }

    /// One past what may stand between a floor and its place: on, in the, up to.
    private int behindLinks(List<Piece> pieces, int next) {
        int end = next;
        while (end < pieces.size()
                && (isLink(pieces.get(end)) || (pieces.get(end).is(Kind.ROLE, "to") && !lexicon.verbLast()))) end++;
        return end;
    }

    /// Whether `place` is meant on that floor: beside it, or, with words between, if there is one of that name there.
    private boolean isOn(Piece floor, Piece place, boolean apart) {
        if (!place.is(Kind.PLACE)) return false;
        int number = Integer.parseInt(floor.value(Kind.FLOOR));
        return !apart || !places.on(number, place.targets()).isEmpty();
    }

    private static boolean isFloor(Piece piece) {
        return piece.is(Kind.FLOOR) && !piece.value(Kind.FLOOR).isEmpty();
    }

    /// `on the`, `있는`: between a place and its floor.
    private static boolean isLink(Piece piece) {
        return piece.is(Kind.ROLE, "at") || piece.is(Kind.ROLE, "being") || piece.is(Kind.FILLER);
    }

    private Piece join(Piece first, Piece last, List<Target> targets, Piece floor) {
        var on = places.on(Integer.parseInt(floor.value(Kind.FLOOR)), targets);
        boolean all = Set.copyOf(on).equals(Set.copyOf(floor.targets())); // all rooms of the third floor
        String number = floor.value(Kind.FLOOR);
        var senses = List.of(new Sense(Kind.PLACE, all ? number : ""), new Sense(Kind.FLOOR, number));
        return new Piece(senses, on, first.from(), last.end(), roles(first, last));
    }

    /// Of two pieces that are one: those before it, or behind it where verbs come last.
    private List<String> roles(Piece first, Piece last) {
        return lexicon.verbLast() ? last.roles() : first.roles();
    }

    /// People with their rooms: `Sara Naser in 401`, `202호 아흐메드 살렘 씨`.
    private List<Piece> named(List<Piece> pieces) {
        var named = new ArrayList<Piece>();
        for (int i = 0; i < pieces.size(); i++) {
            var piece = pieces.get(i);
            int next = i + 1;
            if (isPerson(piece) && !lexicon.verbLast()) while (next < pieces.size() && isLink(pieces.get(next))) next++;
            var both = next < pieces.size() ? both(piece, pieces.get(next)) : List.<Target>of();
            if (both.isEmpty()) {
                named.add(piece);
                continue;
            }
            var last = pieces.get(next);
            named.add(
                    new Piece(List.of(new Sense(Kind.PLACE, "")), both, piece.from(), last.end(), roles(piece, last)));
            i = next;
        }
        return named;
    }

    /// Where a person and a room beside each other are one place; else nothing.
    private List<Target> both(Piece one, Piece other) {
        boolean apart = lexicon.verbLast()
                ? !one.roles().isEmpty() && !one.roles().equals(List.of("of"))
                : !other.roles().isEmpty() && !other.roles().equals(List.of("at"));
        if (apart || isPerson(one) == isPerson(other)) return List.of();
        var rooms = other.targets().stream().map(Target::place).toList();
        return one.targets().stream()
                .filter(target -> rooms.contains(target.place()))
                .toList();
    }

    private static boolean isPerson(Piece piece) {
        return !piece.targets().isEmpty() && piece.targets().stream().allMatch(Target::person);
    }

    /// `the nurse station and the pharmacy on the third floor`: the floor is that of both.
    private List<Piece> sharing(List<Piece> pieces) {
        var all = new ArrayList<>(pieces);
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).is(Kind.PLACE) || !all.get(i).is(Kind.FLOOR)) continue;
            int floor = Integer.parseInt(all.get(i).value(Kind.FLOOR));
            for (int step : new int[] {-1, 1}) {
                int other = beside(all, i, step);
                if (other < 0 || all.get(other).targets().size() < 2) continue;
                var on = places.on(floor, all.get(other).targets());
                if (on.size() == 1) all.set(other, exactly(all.get(other), on.getFirst()));
            }
        }
        return all;
    }

    /// The place that `and` joins to the one at `at`, before or behind it; −1 if there is none.
    private int beside(List<Piece> pieces, int at, int step) {
        boolean and = false;
        for (int i = at; i >= 0 && i < pieces.size(); i += step) {
            var piece = pieces.get(i);
            if (i != at && piece.is(Kind.PLACE)) {
                boolean written = pieces.get(lexicon.verbLast() ? Math.min(i, at) : Math.max(i, at))
                        .roles()
                        .contains("and");
                return and || written ? i : -1;
            }
            and |= piece.is(Kind.AND);
            if (i != at && !piece.is(Kind.AND) && !isLink(piece)) return -1;
        }
        return -1;
    }

    private static Piece exactly(Piece piece, Target target) {
        var sense = List.of(new Sense(Kind.PLACE, Proposal.EXACT + target.place()));
        return new Piece(sense, List.of(target), piece.from(), piece.end(), piece.roles());
    }

    /// The first place that `words` name; its sense holds a number if it is a floor.
    Optional<Piece> place(String words) {
        return pieces(tokens(words)).stream()
                .filter(piece -> piece.is(Kind.PLACE))
                .findFirst();
    }

    /// The first thing of the catalogue that `words` name.
    Optional<String> item(String words) {
        return pieces(tokens(words)).stream()
                .filter(piece -> piece.is(Kind.ITEM))
                .map(piece -> piece.value(Kind.ITEM))
                .findFirst();
    }
}
