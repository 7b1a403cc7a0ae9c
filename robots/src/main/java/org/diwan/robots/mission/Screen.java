package org.diwan.robots.mission;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.diwan.robots.mission.Understanding.Rule;

/// What is refused before anybody tries to understand it: text that hides something, and words that no mission may
/// hold, in any language. What is added to a text never takes a refusal away.
final class Screen {
    /// Tokens between two words that are forbidden near each other.
    private static final int REACH = 7;

    /// Single letters in a row, as in `i g n o r e`.
    private static final int MAX_SPACED_LETTERS = 4;

    /// Letters and digits as base64 and hexadecimal have them; shorter is a room number or a serial.
    private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9+/_-]{12,}={0,2}");

    private static final int LONG_CODE = 24;

    /// How texts pretend to be another speaker of a model's dialogue: `system:`, `<|im_start|>`, `[INST]`.
    private static final Pattern SPEAKER = Pattern.compile(
            "(?i)\\b(system|assistant|developer|user)\\s*[:>\\]]|<\\|?[a-z_/]+\\|?>|\\[/?inst\\]|```|###");

    private Screen() {}

    /// Whether nothing is wrong with it.
    static boolean isClean(String text) {
        return broken(text).isEmpty();
    }

    /// The rule that `text` breaks.
    static Optional<Rule> broken(String text) {
        if (hides(text)) return Optional.of(Rule.HIDDEN_TEXT);
        if (SPEAKER.matcher(text).find()) return Optional.of(Rule.INJECTION);
        for (String tag : Lexicon.TAGS) {
            var rule = broken(Lexicon.in(tag), text);
            if (rule.isPresent()) return rule;
        }
        return Optional.empty();
    }

    private static boolean hides(String text) {
        return text.codePoints().anyMatch(Screen::isHidden)
                || mixesScripts(text)
                || ENCODED.matcher(text).results().anyMatch(match -> isCode(match.group()))
                || spacesLetters(text);
    }

    /// Zero width, direction overrides, tags and fillers. Marks and isolates (U+200E, U+200F, U+061C, U+2066 to U+2069)
    /// are needed for names of both directions and only steer them.
    private static boolean isHidden(int point) {
        return switch (point) {
            case '\t', '\n', '\r', 0x200e, 0x200f, 0x61c, 0x2066, 0x2067, 0x2068, 0x2069 -> false;
            case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800 -> true;
            default -> {
                int type = Character.getType(point);
                yield type == Character.FORMAT || type == Character.CONTROL || type == Character.PRIVATE_USE;
            }
        };
    }

    /// Whether a word has Latin letters beside those of a script that looks alike.
    private static boolean mixesScripts(String text) {
        boolean latin = false;
        boolean alike = false;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (!Character.isLetter(point)) latin = alike = false;
            switch (Character.UnicodeScript.of(point)) {
                case LATIN -> latin = true;
                case CYRILLIC, GREEK, ARMENIAN, CHEROKEE, COPTIC -> alike = true;
                default -> {}
            }
            if (latin && alike) return true;
        }
        return false;
    }

    private static boolean isCode(String run) {
        boolean mixed = !run.equals(run.toLowerCase(Locale.ROOT))
                && !run.equals(run.toUpperCase(Locale.ROOT))
                && run.chars().anyMatch(Character::isDigit);
        if (run.length() >= LONG_CODE && (mixed || run.matches("[0-9a-fA-F]+"))) return true;
        try {
            String decoded = new String(Base64.getDecoder().decode(run), StandardCharsets.ISO_8859_1);
            return decoded.chars().allMatch(c -> c >= ' ' && c <= '~');
        } catch (IllegalArgumentException e) {
            return false; // not base64
        }
    }

    /// Whether it is a word as often as not; words of spaced syllables are read as one anyway.
    private static boolean isSyllable(int point) {
        return Character.UnicodeScript.of(point) == Character.UnicodeScript.HANGUL;
    }

    private static boolean spacesLetters(String text) {
        int row = 0;
        for (var token : Token.of(text)) {
            row = token.isLetter() && !isSyllable(token.text().codePointAt(0)) ? row + 1 : 0;
            if (row > MAX_SPACED_LETTERS) return true;
        }
        return false;
    }

    private static Optional<Rule> broken(Lexicon lexicon, String text) {
        var tokens = Token.of(text);
        for (int i = 0; i < tokens.size(); i++) {
            var match = lexicon.forbidden(tokens, i);
            if (match.isPresent())
                return Optional.of(rule(match.get().values().getFirst().value()));
        }
        for (var near : lexicon.near())
            if (close(places(near.one(), tokens), places(near.other(), tokens), rule(near.rule()), tokens, lexicon))
                return Optional.of(rule(near.rule()));
        return Optional.empty();
    }

    private static Rule rule(String name) {
        return Rule.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static List<Integer> places(Vocabulary<Boolean> words, List<Token> tokens) {
        var places = new ArrayList<Integer>();
        for (int i = 0; i < tokens.size(); i++) if (words.at(tokens, i).isPresent()) places.add(i);
        return places;
    }

    private static boolean close(
            List<Integer> one, List<Integer> other, Rule rule, List<Token> tokens, Lexicon lexicon) {
        for (int a : one) {
            if (rule == Rule.HARM && isDenied(tokens, a, lexicon)) continue;
            for (int b : other) if (a != b && Math.abs(a - b) <= REACH) return true;
        }
        return false;
    }

    /// Whether harm is to be avoided: do not hit, لا تصدم, 부딪히지 않게. What is denied becomes no mission anyway.
    private static boolean isDenied(List<Token> tokens, int at, Lexicon lexicon) {
        if (lexicon.verbLast())
            return at + 1 < tokens.size() && lexicon.denial().at(tokens, at + 1).isPresent();
        for (int i = Math.max(0, at - 2); i < at; i++)
            if (lexicon.denial()
                    .at(tokens, i)
                    .filter(match -> match.end() == at)
                    .isPresent()) return true;
        return false;
    }
}
