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
}
