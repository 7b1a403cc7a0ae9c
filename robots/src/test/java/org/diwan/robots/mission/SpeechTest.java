package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.diwan.robots.Cause;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.mission.Understanding.Infeasible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever speaks Arabic or Korean is told nothing in another script but names and ids.
class SpeechTest {
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

    private static boolean hasLatin(String text) {
        return text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN);
    }

    private static Speech speech(String tag) {
        return new Speech(Hospital.GROUND, Lexicon.in(tag), ZoneOffset.UTC);
    }

    @ParameterizedTest
    @EnumSource(Cause.Kind.class)
    void everyCauseIsToldInEachLanguageWithNothingElseButItsNames(Cause.Kind kind) {
        String key = "cause-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        for (String tag : List.of("ar", "ko", "en")) {
            String sentence = Lexicon.in(tag).say(key);
            var names = new HashMap<String, String>();
            for (var name = NAME.matcher(sentence); name.find(); ) names.put(name.group(1), "17");
            String told = speech(tag).cause(new Cause(kind, names, "it stands at lift-1"));
            assertFalse(told.contains("{") || told.isBlank(), told);
            assertFalse(told.contains("lift-1"), "what is on record is in English: " + told);
            assertEquals(tag.equals("en"), hasLatin(told), told);
            // The same things are named in each.
            var others = new HashMap<String, String>();
            for (var name = NAME.matcher(Lexicon.in("en").say(key)); name.find(); ) others.put(name.group(1), "17");
            assertEquals(others, names, key);
        }
    }

    /// A place goes by its name in that language, all else by its id.
    @Test
    void aPlaceIsCalledAsTheSpeakerCallsIt() {
        var why = new Cause(Cause.Kind.FORBIDDEN, Map.of("place", "305", "rule", "quiet-wards"), "pick at 305 …");
        for (String tag : List.of("ar", "ko", "en")) {
            String told = speech(tag).cause(why);
            assertTrue(told.contains(Hospital.GROUND.label("305", Lexicon.in(tag))), told);
            assertEquals(tag.equals("en"), hasLatin(told.replace("quiet-wards", "")), told);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar", "ko"})
    void noSentenceHasAWordOfEnglish(String tag) {
        Lexicon.in(tag)
                .sentences()
                .forEach((key, sentence) ->
                        assertFalse(hasLatin(NAME.matcher(sentence).replaceAll("")), key + ": " + sentence));
        assertEquals(
                Lexicon.in("en").sentences().keySet(),
                Lexicon.in(tag).sentences().keySet());
    }

    /// Ten in the morning is past nine, and here nobody can charge.
    @Test
    void aTimeAndAnAbilityAreToldInWords() {
        for (String words : List.of("ودّ قهوة لغرفة ٣٠١ قبل الساعة ٩ صباحا", "오전 9시까지 301호에 커피 갖다줘.")) {
            var late = assertInstanceOf(Infeasible.class, Hospital.understand(words));
            assertEquals(Understanding.Why.TOO_LATE, late.why());
            assertFalse(hasLatin(late.text()), late.text());
        }
        var bare = new Ground(new Premises(
                new RoadMap(BuildingFile.parse(
                        "building: b\nfloors: {1: {elevation: 0, places: {a: [0, 0], b: [2, 0]}, lanes: [[a, b]]}}")),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                Map.of()));
        for (String words : List.of("اشحن البطارية", "충전해")) {
            var unable = assertInstanceOf(
                    Infeasible.class,
                    new Understander(bare, new RuleParser(bare))
                            .understand(words, Hospital.NURSE, Hospital.NOW)
                            .understanding());
            assertEquals(Understanding.Why.NO_ABILITY, unable.why());
            assertFalse(hasLatin(unable.text()), unable.text());
        }
    }

    @Test
    void whatWasStoppedAndWhatFailedIsToldInTheLanguageOfTheWords() {
        assertEquals("Everything stands still. Vehicles that were told: 4.", MissionDesk.stopped("stop", 4));
        for (String words : List.of("قف!", "멈춰")) {
            assertTrue(MissionDesk.stopped(words, 4).contains("4"));
            assertFalse(hasLatin(MissionDesk.stopped(words, 4)), MissionDesk.stopped(words, 4));
        }
    }
}
