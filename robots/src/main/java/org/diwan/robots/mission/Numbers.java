package org.diwan.robots.mission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Numbers in words, made numbers in digits: three hundred five, three oh five, ثلاثمئة وخمسة, 삼백오호, 두 잔.
final class Numbers {
    /// Larger numbers are not numbers of missions.
    static final int MAX = 99_999;

    private Numbers() {}

    /// `tokens` with numbers in words replaced by tokens of digits.
    static List<Token> inDigits(List<Token> tokens, Lexicon lexicon) {
        var out = new ArrayList<Token>();
        for (int i = 0; i < tokens.size(); ) {
            var glued = glued(tokens, i, lexicon);
            if (!glued.isEmpty()) {
                out.addAll(glued);
                i++;
                continue;
            }
            int end = isTeen(tokens, i, lexicon) ? i : spell(tokens, i, lexicon, out);
            if (end == i) out.add(tokens.get(i++));
            else i = end;
        }
        return out;
    }

    /// Whether it belongs to an ordinal: الثاني عشر.
    private static boolean isTeen(List<Token> tokens, int at, Lexicon lexicon) {
        return at > 0
                && lexicon.teens()
                        .contains(lexicon.morphology().bare(tokens.get(at).text()))
                && lexicon.word(tokens, at - 1)
                        .filter(match -> match.values().getFirst().kind() == Sense.Kind.ORDINAL)
                        .isPresent();
    }

    /// Writes the number that begins at `from` to `out`; returns one past it, or `from` if there is none.
    private static int spell(List<Token> tokens, int from, Lexicon lexicon, List<Token> out) {
        if (isUncounted(tokens, from, lexicon)) return from;
        int thousands = 0;
        int current = 0;
        int last = 0; // what came last: what follows must be smaller
        boolean digits = true; // one by one so far: three oh five
        int i = from;
        while (i < tokens.size() && (i == from || !tokens.get(i).afterBreak())) {
            boolean apart = i > from && i + 1 < tokens.size() && isAnd(tokens.get(i), lexicon);
            String word = tokens.get(apart ? i + 1 : i).text();
            Integer value = lexicon.numbers().get(lexicon.morphology().bare(word));
            boolean and = apart || (value == null && i > from);
            if (value == null && i > from) value = behindAnd(word, lexicon);
            if (value == null) break;
            if (i == from) current = value;
            else if (value == 100 && current > 0 && current < 100) current *= 100;
            else if (value == 1000 && current > 0 && current < 1000 && thousands == 0) {
                thousands = 1000 * current;
                current = 0;
            } else if (value == 10
                    && last < 10
                    && i == from + 1
                    && lexicon.teens().contains(word)) current += 10;
            else if (value < 10 && digits && !and && current < MAX / 10) current = 10 * current + value;
            else if (value < scale(last) || (and && last < 10 && value >= 20 && value < 100)) current += value;
            else break;
            digits &= value < 10;
            last = value;
            i += apart ? 2 : 1;
        }
        // مية is water, and a hundred only in 105 and before what can be counted.
        if (i == from + 1 && lexicon.isWord(tokens.get(from)) && !isCounted(tokens, i, lexicon)) return from;
        if (i > from) out.add(tokens.get(from).with(String.valueOf(thousands + current)));
        return i;
    }

    /// What is added behind `last` is less: units behind tens, tens behind hundreds.
    private static int scale(int last) {
        return last >= 1000 ? 1000 : last >= 100 ? 100 : last >= 20 ? 10 : 0;
    }

    private static @Nullable Integer behindAnd(String word, Lexicon lexicon) {
        for (var reading : lexicon.morphology().beginnings(word))
            if (reading.roles().equals(List.of("and")) && lexicon.numbers().containsKey(reading.stem()))
                return lexicon.numbers().get(reading.stem());
        return null;
    }

    private static boolean isAnd(Token token, Lexicon lexicon) {
        return lexicon.word(List.of(token), 0)
                .filter(match -> match.loose() == 0)
                .map(match -> match.values().getFirst().kind() == Sense.Kind.AND)
                .orElse(false);
    }

    /// In languages with counters a number word counts only before one: 네 is yes, 네 개 is four.
    private static boolean isUncounted(List<Token> tokens, int at, Lexicon lexicon) {
        if (lexicon.counters().isEmpty()
                || lexicon.alone().contains(tokens.get(at).text())) return false;
        return at + 1 >= tokens.size()
                || lexicon.counters().stream()
                        .noneMatch(counter -> tokens.get(at + 1).text().startsWith(counter));
    }

    private static boolean isCounted(List<Token> tokens, int at, Lexicon lexicon) {
        return at < tokens.size()
                && !tokens.get(at).afterBreak()
                && lexicon.word(tokens, at)
                        .filter(match -> match.roles().isEmpty())
                        .filter(match -> match.values().getFirst().kind() == Sense.Kind.COUNTER
                                || match.values().getFirst().kind() == Sense.Kind.ITEM)
                        .isPresent();
    }

    /// A number in one word with its counter, with the thing before it, or before a counter: 삼백오호, 커피두잔, 십 분.
    private static List<Token> glued(List<Token> tokens, int at, Lexicon lexicon) {
        var token = tokens.get(at);
        if (lexicon.numerals().isEmpty() || lexicon.word(List.of(token), 0).isPresent()) return List.of();
        boolean counted =
                at + 1 < tokens.size() && startsWithAny(tokens.get(at + 1).text(), lexicon.counters());
        if (counted && lexicon.numerals().containsKey(token.text()))
            return List.of(token.with(String.valueOf(value(token.text(), lexicon.numerals()))));
        var glued = glued(token, lexicon);
        for (int end = 1; end < token.text().length() && glued.isEmpty(); end++) {
            var thing = token.with(token.text().substring(0, end));
            boolean item = lexicon.word(List.of(thing), 0)
                    .filter(match -> match.loose() == 0)
                    .filter(match -> match.values().getFirst().kind() == Sense.Kind.ITEM)
                    .isPresent();
            if (!item) continue;
            var count = glued(new Token(token.text().substring(end), false, false), lexicon);
            if (count.size() < 2) continue;
            glued = new ArrayList<>(List.of(thing));
            glued.addAll(count);
        }
        return glued;
    }

    /// Number and counter in one word, or a number of several numerals: 삼백오호, 두잔, 삼공오.
    private static List<Token> glued(Token token, Lexicon lexicon) {
        var numerals = lexicon.numerals();
        String word = token.text();
        int length = 0;
        while (length < word.length() && numerals.containsKey(word.substring(length, length + 1))) length++;
        for (int end = length; end >= 1; end--) {
            String rest = word.substring(end);
            if ((end >= 2 && rest.isEmpty()) || startsWithAny(rest, lexicon.counters()))
                return split(value(word.substring(0, end), numerals), rest, token);
        }
        for (var number : lexicon.numbers().entrySet())
            if (word.startsWith(number.getKey())
                    && startsWithAny(word.substring(number.getKey().length()), lexicon.counters()))
                return split(number.getValue(), word.substring(number.getKey().length()), token);
        return List.of();
    }

    private static List<Token> split(int value, String rest, Token token) {
        var number = token.with(String.valueOf(value));
        return rest.isEmpty() ? List.of(number) : List.of(number, new Token(rest, false, false));
    }

    private static boolean startsWithAny(String text, List<String> beginnings) {
        return beginnings.stream().anyMatch(text::startsWith);
    }

    /// 삼백오 is 305, 삼공오 too.
    private static int value(String word, Map<String, Integer> numerals) {
        int total = 0;
        int digits = 0;
        for (int i = 0; i < word.length(); i++) {
            int value = numerals.getOrDefault(word.substring(i, i + 1), 0);
            if (value >= 10) {
                total += Math.max(1, digits) * value;
                digits = 0;
            } else digits = Math.min(MAX, 10 * digits + value);
        }
        return Math.min(MAX, total + digits);
    }
}
