package org.diwan.robots.mission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.diwan.robots.mission.Vocabulary.Match;

/// One language's words for missions, its forbidden phrases and the sentences it is answered in:
/// `words/<tag>.yaml` beside this class. A language is a file.
///
/// ```yaml
/// script: LATIN            # Unicode's name; the language is told by it
/// verb: first              # or last: where it stands in its clause
/// prefixes: {}             # written together with words, to the role they tell
/// suffixes: {}
/// definite: []
/// shortest: 2              # letters left of a word when prefix or suffix is off
/// numbers: {three: 3, hundred: 100}
/// teens: []                # numbers that add to the one before: عشر is ten, and خمسة عشر is fifteen
/// joint: {}                # a last letter before suffixes, to what it is without: طلبية and طلبيتي
/// letters: abc             # that a mistyped long word may lack; empty where words are too close to each other
/// glued: {numerals: {}, counters: [], alone: []}      # numbers written in one word with what they count
/// ordinals: {third: 3}
/// words: {verb.deliver: [take, carry], role.to: [to], filler: [please]}   # a word that ends in ~ is a stem
/// items: {coffee: [coffee, cup of coffee]}
/// same: [[laboratory, lab]]                # in names of places
/// stop: {phrases: [stop], beside: [robot], unless: [at], not: [don't]}
/// forbidden: {injection: [you are now, [[ignore, forget], [rules, instructions]]]}  # words near each other
/// denial: [don't, without]                 # beside a harm, it is to be avoided
/// sentences: {which-place: "Which {what}?"}
/// ```
final class Lexicon {
    /// The languages there are, the first where no letter tells.
    static final List<String> TAGS = List.of("en", "ar", "ko");

    private static final ConcurrentHashMap<String, Lexicon> READ = new ConcurrentHashMap<>();

    private final String tag;
    private final Character.UnicodeScript script;
    private final boolean verbLast;
    private final Morphology morphology;
    private final Vocabulary<Sense> words;
    private final Vocabulary<Sense> forbidden;
    private final List<Near> near = new ArrayList<>();
    private final Vocabulary<Boolean> denial;
    private final Vocabulary<Stop> stop;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> numerals = new HashMap<>();
    private final List<String> teens;
    private final String letters;
    private final List<String> counters;
    private final List<String> alone;
    private final List<List<List<Token>>> same = new ArrayList<>();
    private final Map<String, String> itemNames = new HashMap<>();
    private final Map<String, String> sentences = new HashMap<>();

    /// What words of an emergency do.
    enum Stop {
        PHRASES,
        /// May stand before: hey, robot, please.
        BESIDE,
        /// Not meant if this follows: stop at.
        UNLESS,
        /// Not meant behind this: don't.
        NOT,
        OTHER
    }

    /// Words of one list close to words of another, in any order.
    ///
    /// @param rule that they break
    record Near(String rule, Vocabulary<Boolean> one, Vocabulary<Boolean> other) {}

    private Lexicon(String tag, JsonNode root) {
        this.tag = tag;
        script = Character.UnicodeScript.forName(root.required("script").asText());
        verbLast = root.required("verb").asText().equals("last");
        morphology = new Morphology(
                texts(root.required("prefixes")),
                texts(root.required("suffixes")),
                list(root.required("definite")),
                texts(root.path("joint")),
                root.required("shortest").asInt());
        teens = list(root.path("teens")).stream().map(Folding::fold).toList();
        letters = root.path("letters").asText("");
        words = new Vocabulary<>(morphology, !verbLast);
        forbidden = new Vocabulary<>(morphology, !verbLast);
        stop = new Vocabulary<>(morphology, !verbLast);
        root.required("words").properties().forEach(entry -> {
            String key = entry.getKey();
            int dot = key.indexOf('.');
            var kind = Sense.Kind.valueOf((dot < 0 ? key : key.substring(0, dot)).toUpperCase(Locale.ROOT));
            for (String word : list(entry.getValue()))
                words.add(word, new Sense(kind, dot < 0 ? "" : key.substring(dot + 1)));
        });
        root.required("items").properties().forEach(entry -> {
            for (String word : list(entry.getValue())) words.add(word, new Sense(Sense.Kind.ITEM, entry.getKey()));
            itemNames.put(entry.getKey(), entry.getValue().path(0).asText());
        });
        root.required("ordinals")
                .properties()
                .forEach(entry -> words.add(
                        entry.getKey(),
                        new Sense(Sense.Kind.ORDINAL, entry.getValue().asText())));
        root.required("numbers")
                .properties()
                .forEach(entry -> numbers.put(
                        Folding.fold(entry.getKey()), entry.getValue().asInt()));
        var glued = root.required("glued");
        glued.required("numerals")
                .properties()
                .forEach(entry -> numerals.put(
                        Folding.fold(entry.getKey()), entry.getValue().asInt()));
        counters = list(glued.required("counters"));
        alone = list(glued.required("alone"));
        for (var role : List.of(Stop.PHRASES, Stop.BESIDE, Stop.UNLESS, Stop.NOT))
            for (String word : list(root.required("stop").required(role.name().toLowerCase(Locale.ROOT))))
                stop.add(word, role);
        root.required("forbidden").properties().forEach(entry -> {
            for (var phrase : entry.getValue()) {
                if (phrase.isArray()) near.add(new Near(entry.getKey(), bag(phrase.get(0)), bag(phrase.get(1))));
                else forbidden.add(phrase.asText(), new Sense(Sense.Kind.NOT, entry.getKey()));
            }
        });
        denial = bag(root.required("denial"));
        for (var set : root.path("same"))
            same.add(list(set).stream().map(Token::of).toList());
        sentences.putAll(texts(root.required("sentences")));
    }

    private Vocabulary<Boolean> bag(JsonNode phrases) {
        var bag = new Vocabulary<Boolean>(morphology, !verbLast);
        for (String phrase : list(phrases)) bag.add(phrase, true);
        return bag;
    }

    /// The lexicon of a language, English where there is none.
    static Lexicon in(String tag) {
        return READ.computeIfAbsent(TAGS.contains(tag) ? tag : TAGS.getFirst(), Lexicon::read);
    }

    /// The lexicon of the language that most letters of `text` belong to.
    static Lexicon of(String text) {
        var best = in(TAGS.getFirst());
        long most = 0;
        for (String tag : TAGS) {
            var lexicon = in(tag);
            long letters = text.codePoints()
                    .filter(point -> Character.UnicodeScript.of(point) == lexicon.script)
                    .count();
            if (letters > most) {
                most = letters;
                best = lexicon;
            }
        }
        return best;
    }

    private static Lexicon read(String tag) {
        try (var file = Lexicon.class.getResourceAsStream("words/" + tag + ".yaml")) {
            if (file == null) throw new IOException("words/" + tag + ".yaml is not beside this class");
            return new Lexicon(tag, new YAMLMapper().readTree(file));
        } catch (IOException e) {
            throw new AssertionError("the words of '" + tag + "' are part of this module", e);
        }
    }

    String tag() {
        return tag;
    }

    /// Whether verbs end their clauses and roles follow their places.
    boolean verbLast() {
        return verbLast;
    }

    Morphology morphology() {
        return morphology;
    }

    /// The longest word or phrase at `from`.
    Optional<Match<Sense>> word(List<Token> tokens, int from) {
        return words.at(tokens, from);
    }

    /// Whether `token` alone is a word, as it stands and not as a stem.
    boolean isWord(Token token) {
        return words.has(List.of(token));
    }

    /// The phrase at `from` that no mission may hold; its sense names the rule.
    Optional<Match<Sense>> forbidden(List<Token> tokens, int from) {
        return forbidden.at(tokens, from);
    }

    List<Near> near() {
        return near;
    }

    /// Words beside a harm that make it one to be avoided.
    Vocabulary<Boolean> denial() {
        return denial;
    }

    Optional<Match<Stop>> stop(List<Token> tokens, int from) {
        return stop.at(tokens, from);
    }

    /// Words of names that mean the same: laboratory and lab.
    List<List<List<Token>>> same() {
        return same;
    }

    Map<String, Integer> numbers() {
        return numbers;
    }

    /// Numbers that add to the one before.
    List<String> teens() {
        return teens;
    }

    /// Letters that a mistyped long word may lack.
    String letters() {
        return letters;
    }

    /// Every token of its words.
    Set<String> tokens() {
        return words.tokens();
    }

    Map<String, Integer> numerals() {
        return numerals;
    }

    List<String> counters() {
        return counters;
    }

    /// Number words that need no counter behind them.
    List<String> alone() {
        return alone;
    }

    /// The sentence `key`, filled in with names and values in turn.
    String say(String key, Object... values) {
        String text = sentences.get(key);
        if (text == null) throw new AssertionError("no sentence '" + key + "' in '" + tag + "'");
        for (int i = 0; i < values.length; i += 2)
            text = text.replace("{" + values[i] + "}", String.valueOf(values[i + 1]));
        return text;
    }

    /// What an item of the catalogue is called first, else its id.
    String itemName(String id) {
        return itemNames.getOrDefault(id, id);
    }

    Map<String, String> sentences() {
        return sentences;
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new HashMap<String, String>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static List<String> list(JsonNode array) {
        var list = new ArrayList<String>();
        for (var item : array) list.add(item.asText());
        return list;
    }
}
