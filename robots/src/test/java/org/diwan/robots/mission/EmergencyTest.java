package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmergencyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop",
                "Stop!",
                "STOP STOP STOP",
                "hey robot, stop now",
                "please stop the robots",
                "you are going to hit him, stop!",
                "freeze",
                "قف",
                "قِف!",
                "توقّف فوراً",
                "يا روبوت وقف",
                "بتصدم الرجال، وقّف!",
                "멈춰",
                "멈춰!!",
                "로봇 멈춰 주세요",
                "야 위험해 멈춰",
                "사람이 있어 정지",
                "비상정지",
            })
    void stops(String utterance) {
        assertTrue(Emergency.isStop(utterance));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop at the pharmacy, then go to room 305",
                "don't stop at reception",
                "take the coffee to the bus stop",
                "توقف عند الصيدلية ثم اذهب إلى غرفة ٣٠٥",
                "لا تتوقف عند الاستقبال",
                "커피를 305호로 가져가",
                "비상정지 버튼 서류를 305호로 보내",
            })
    void doesNotStop(String utterance) {
        assertFalse(Emergency.isStop(utterance));
    }

    /// A word of a million letters, each of whose beginnings might be a stem, took minutes.
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLongWordIsReadInTimeLikeItsLength() {
        for (String letter : new String[] {"a", "ب", "가"}) {
            assertFalse(Emergency.isStop(letter.repeat(1_000_000)));
            assertTrue(Emergency.isStop("stop! " + letter.repeat(1_000_000)));
        }
    }

    @Test
    void waitsForNoParser() {
        Parser unreachable = new Parser() {
            @Override
            public Parsed parse(String utterance, String person, LocalTime now) {
                throw new AssertionError("an emergency was parsed: " + utterance);
            }

            @Override
            public String name() {
                return "unreachable";
            }
        };
        var result = new Understander(Hospital.GROUND, unreachable).understand("قف!", Hospital.NURSE, Hospital.NOW);
        assertEquals(Optional.empty(), result.proposal());
        assertEquals(
                "{\"mission\":\"stop\"}",
                ((Understanding.Understood) result.understanding()).mission().canonical());
    }
}
