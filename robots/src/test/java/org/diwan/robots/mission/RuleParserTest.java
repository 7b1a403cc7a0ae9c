package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.diwan.robots.mission.Understanding.Understood;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One mission in many words; what many missions come to is scored by [Exam].
class RuleParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Take the coffee to room 305",
                "take the coffee to room three oh five, please",
                "Could you bring room 305 a coffee?",
                "خذ القهوة إلى غرفة 305",
                "ودّي القهوة لغرفة ٣٠٥ لو سمحت",
                "القهوة ودّيها الغرفة ۳۰۵",
                "خُذْ القَهْوَةَ إلى الغُرْفَةِ ثلاثمئة وخمسة",
                "커피를 305호로 가져다 주세요",
                "삼백오호에 커피 좀 갖다줘",
                "305호로 커피 배달해",
            })
    void coffeeGoesToRoom305(String utterance) {
        var understood = assertInstanceOf(Understood.class, Hospital.understand(utterance));
        assertEquals(
                "{\"mission\":\"work\",\"priority\":4,\"steps\":[{\"do\":\"deliver\",\"from\":\"cafe\","
                        + "\"loads\":[{\"count\":1,\"item\":\"coffee\"}],\"to\":\"305\"}]}",
                understood.mission().canonical());
    }

    /// What is needed, and then what to do about it; the place where the thing is kept is whence.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Room 306 needs two towels. Fetch them from the laundry.",
                "306 is out of towels, bring two from the laundry",
                "Two towels for 306, they're in the laundry",
                "306 ran out of towels agian, get two please",
                "غرفة ٣٠٦ محتاجة منشفتين، جيبها لهم من المغسلة",
                "خلصت المناشف بغرفة ٣٠٦، ودّي لهم حبتين",
                "306호에 수건이 두 장 필요하대요. 세탁실에서 갖다주세요.",
                "306호에서 수건두장 달래요",
            })
    void twoTowelsGoTo306(String utterance) {
        var understood = assertInstanceOf(Understood.class, Hospital.understand(utterance), utterance);
        assertEquals(
                "{\"mission\":\"work\",\"priority\":4,\"steps\":[{\"do\":\"deliver\",\"from\":\"laundry\","
                        + "\"loads\":[{\"count\":2,\"item\":\"towels\"}],\"to\":\"306\"}]}",
                understood.mission().canonical());
    }

    /// A floor or a room that is said once holds for both; a reason and who somebody is change nothing.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Go to the nurse station and the pharmacy on the third floor",
                "Go to the third floor nurse station and pharmacy because they called",
                "مر على محطة التمريض والصيدلية في الطابق الثالث",
                "3층 간호사실하고 약국에 들러 줘",
            })
    void theFloorIsThatOfBoth(String utterance) {
        var understood = assertInstanceOf(Understood.class, Hospital.understand(utterance), utterance);
        assertEquals(
                "{\"mission\":\"work\",\"priority\":4,\"steps\":[{\"do\":\"go\",\"to\":\"nurses-3\"},"
                        + "{\"do\":\"go\",\"to\":\"pharmacy-3\"}]}",
                understood.mission().canonical());
    }
}
