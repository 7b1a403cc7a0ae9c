package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.Building.Use;

/// The building's places by what people call them, in one language's grammar: whole names in every language, parts
/// of names (`cafe` of Ministry Cafe), room numbers with or without letters, people, floors.
///
/// Names that hide something or give orders ([Screen]) are left out: an imported building is outside data.
final class Places {
    /// Most places with a name.
    static final int MAX_NAMED = 50_000;

    /// Names of more tokens are known as a whole only.
    private static final int MAX_PARTED = 6;

    /// A place by a name.
    ///
    /// @param label to tell people
    /// @param person whether it is named by who is there
    record Target(String place, String label, boolean person) {}

    /// What stands in a text.
    ///
    /// @param end one past its last token
    /// @param targets what it may mean; none if there is no such room
    /// @param bare whether it is a number alone, which may count something instead
    record Found(int end, List<Target> targets, List<String> roles, boolean bare) {}

    private record Ref(Target target, boolean whole) {}

    private final Premises premises;
    private final Lexicon lexicon;
    private final Vocabulary<Ref> names;
    private final Map<String, List<Target>> codes = new HashMap<>();
    private final Map<String, List<Target>> partOfCode = new HashMap<>();
    private final List<Target> rooms = new ArrayList<>();
    private final Map<Integer, List<String>> floors = new TreeMap<>();
    private final Set<String> tokens = new HashSet<>();

    Places(Premises premises, Lexicon lexicon) {
        this.premises = premises;
        this.lexicon = lexicon;
        names = new Vocabulary<>(lexicon.morphology(), false);
        int named = 0;
        for (var place : premises.map().building().places()) {
            var target = new Target(place.id(), label(place), false);
            if (place.uses().contains(Use.ROOM)) rooms.add(target);
            if (place.names().isEmpty() && place.uses().isEmpty()) continue;
            if (++named > MAX_NAMED)
                throw new IllegalArgumentException("more than " + MAX_NAMED + " places have names or uses");
            names.add(place.id(), new Ref(target, true));
            if (Token.of(place.id()).stream().allMatch(token -> token.isNumber() || token.isLetter()))
                addCode(Token.of(place.id()), target);
            for (String name : place.names().values()) if (Screen.isClean(name)) addNames(Token.of(name), target);
        }
        for (var person : premises.people()) {
            var target = new Target(person.place(), person.names().getFirst(), true);
            for (String name : person.names()) if (Screen.isClean(name)) addPerson(name, target);
        }
        for (var floor : premises.map().building().floors())
            number(floor.id()).ifPresent(number -> floors.computeIfAbsent(number, same -> new ArrayList<>())
                    .add(floor.id()));
    }

    /// What a place is called in this language, else in any, else its id.
    String label(Place place) {
        String name = place.names().get(lexicon.tag());
        if (name == null)
            name = place.names().values().stream().sorted().findFirst().orElse(place.id());
        return Screen.isClean(name) ? name : place.id();
    }

    /// The name, its room number, and both with other words for the same: lab for laboratory.
    private void addNames(List<Token> tokens, Target target) {
        for (var token : tokens) this.tokens.add(token.text());
        addName(tokens, target);
        addCode(tokens, target);
        for (var same : lexicon.same())
            for (var word : same)
                for (int at = 0; at + word.size() <= tokens.size(); at++) {
                    if (!key(tokens.subList(at, at + word.size())).equals(key(word))) continue;
                    for (var other : same) {
                        var renamed = new ArrayList<>(tokens.subList(0, at));
                        renamed.addAll(other);
                        renamed.addAll(tokens.subList(at + word.size(), tokens.size()));
                        addName(renamed, target);
                    }
                }
    }

    /// Every token of the names of places, not of people: who is not here must not become who is.
    Set<String> tokens() {
        return tokens;
    }

    private String key(List<Token> tokens) {
        return names.key(tokens);
    }

    /// A name, its parts, and where names are written in one word, family and given name.
    private void addPerson(String name, Target target) {
        var tokens = Token.of(name);
        addName(tokens, target);
        boolean one = tokens.size() == 1 && lexicon.verbLast() && name.length() == 3;
        if (!one) return;
        names.add(name.substring(0, 1), new Ref(target, false));
        names.add(name.substring(1), new Ref(target, false));
    }

    private void addCode(List<Token> tokens, Target target) {
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isNumber()) continue;
            String number = tokens.get(i).text();
            boolean before = i > 0 && tokens.get(i - 1).isLetter();
            boolean after = i + 1 < tokens.size() && tokens.get(i + 1).isLetter();
            String code = (before ? tokens.get(i - 1).text() : "")
                    + number
                    + (after ? tokens.get(i + 1).text() : "");
            put(codes, code, target);
            if (!code.equals(number)) put(partOfCode, number, target);
        }
    }

    private static void put(Map<String, List<Target>> map, String code, Target target) {
        var targets = map.computeIfAbsent(code, same -> new ArrayList<>());
        if (!targets.contains(target)) targets.add(target);
    }

    /// The name, and each part of it that has a word of its own.
    private void addName(List<Token> tokens, Target target) {
        for (int from = 0; from < tokens.size(); from++)
            for (int end = from + 1; end <= tokens.size(); end++) {
                boolean whole = from == 0 && end == tokens.size();
                if (!whole && (tokens.size() > MAX_PARTED || !tells(tokens.subList(from, end)))) continue;
                var text = new StringBuilder();
                for (var token : tokens.subList(from, end))
                    text.append(token.text()).append(' ');
                names.add(text.toString(), new Ref(target, whole));
            }
    }

    /// Whether it holds a word that says nothing else: more than room, floor, coffee or a letter.
    private boolean tells(List<Token> part) {
        return part.stream().anyMatch(token -> !token.isNumber() && !token.isLetter() && !lexicon.isWord(token));
    }

    /// The longest place at `from`.
    Optional<Found> at(List<Token> tokens, int from) {
        var name = names.at(tokens, from).map(match -> {
            boolean whole = match.values().stream().anyMatch(Ref::whole);
            var targets = new LinkedHashSet<Target>();
            for (var ref : match.values()) if (ref.whole() || !whole) targets.add(ref.target());
            return new Found(match.end(), List.copyOf(targets), match.roles(), false);
        });
        var room = room(tokens, from);
        if (room.isEmpty()
                || (name.isPresent() && name.get().end() >= room.get().end())) return name;
        return room;
    }

    /// `room 305 b`, `305호`, `غرفة ب ١٢`, or a number that some room has.
    private Optional<Found> room(List<Token> tokens, int from) {
        var word = lexicon.word(tokens, from).filter(Places::isRoom);
        int at = word.map(Vocabulary.Match::end).orElse(from);
        var code = code(tokens, at);
        if (code.isEmpty())
            return word.filter(Places::isFirstRoom).map(match -> new Found(match.end(), rooms, match.roles(), false));
        var roles = new ArrayList<>(word.map(Vocabulary.Match::roles).orElse(List.of()));
        int end = code.get().end();
        boolean said = word.isPresent();
        if (!said && end < tokens.size() && !tokens.get(end).afterBreak()) {
            var behind = lexicon.word(tokens, end).filter(Places::isRoom);
            if (behind.isPresent() && lexicon.verbLast()) {
                said = true;
                end = behind.get().end();
                roles.addAll(behind.get().roles());
            }
        }
        boolean part = !codes.containsKey(joined(tokens, at, code.get().end())); // 12 alone is not yet room B-12
        boolean small =
                part && code.get().end() == at + 1 && tokens.get(at).text().length() < 3;
        if (!said && (small || code.get().targets().isEmpty())) return Optional.empty();
        return Optional.of(new Found(end, code.get().targets(), List.copyOf(roles), !said));
    }

    private static String joined(List<Token> tokens, int from, int end) {
        return String.join(
                "", tokens.subList(from, end).stream().map(Token::text).toList());
    }

    private static boolean isRoom(Vocabulary.Match<Sense> match) {
        return match.values().stream().anyMatch(sense -> sense.kind() == Sense.Kind.ROOM);
    }

    /// Whether it means a room before all else: غرفتي is my room, or two rooms before their numbers.
    private static boolean isFirstRoom(Vocabulary.Match<Sense> match) {
        return match.values().getFirst().kind() == Sense.Kind.ROOM;
    }

    /// A number with the letters beside it that some room has, else the number alone.
    private Optional<Found> code(List<Token> tokens, int from) {
        for (int length = 3; length >= 2; length--) {
            if (from + length > tokens.size()) continue;
            var part = tokens.subList(from, from + length);
            if (part.subList(1, length).stream().anyMatch(Token::afterBreak)) continue;
            if (part.stream().noneMatch(Token::isNumber) || !part.stream().allMatch(t -> t.isNumber() || t.isLetter()))
                continue;
            var targets = codes.get(joined(tokens, from, from + length));
            if (targets != null) return Optional.of(new Found(from + length, targets, List.of(), true));
        }
        if (from >= tokens.size() || !tokens.get(from).isNumber()) return Optional.empty();
        String number = tokens.get(from).text();
        var targets = codes.getOrDefault(number, partOfCode.getOrDefault(number, List.of()));
        return Optional.of(new Found(from + 1, targets, List.of(), true));
    }

    /// Those of `targets` on the floor of that number.
    List<Target> on(int floor, List<Target> targets) {
        Set<String> ids = Set.copyOf(floors.getOrDefault(floor, List.of()));
        return targets.stream()
                .filter(target -> ids.contains(premises.place(target.place()).floor()))
                .toList();
    }

    /// The rooms on the floor of that number.
    List<Target> floor(int floor) {
        return on(floor, rooms);
    }

    /// The number of a floor by its id: 3 of `L3`, −1 of `B1`, 0 of `G`.
    private static Optional<Integer> number(String id) {
        String digits = id.replaceAll("[^0-9]", "");
        if (digits.length() > 4) return Optional.empty();
        boolean below = id.startsWith("B") || id.startsWith("b") || id.startsWith("-");
        if (digits.isEmpty()) return id.equalsIgnoreCase("g") ? Optional.of(0) : Optional.empty();
        return Optional.of(below ? -Integer.parseInt(digits) : Integer.parseInt(digits));
    }
}
