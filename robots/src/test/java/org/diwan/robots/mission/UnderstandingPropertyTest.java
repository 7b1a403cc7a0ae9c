package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Seeded;
import org.diwan.robots.mission.Understanding.Refused;
import org.diwan.robots.mission.Understanding.Understood;
import org.junit.jupiter.api.Test;

/// What holds for every utterance.
class UnderstandingPropertyTest {
    /// What people add without meaning anything by it, or mean something harmless.
    private static final List<String> BENIGN = List.of(
            "please",
            "thank you very much",
            "quickly",
            "take the coffee to room 305",
            "it is for a patient",
            "and a tea",
            "to room 301",
            "at 14:30",
            "من فضلك",
            "شكرا جزيلا",
            "خذ القهوة إلى غرفة ٣٠٥",
            "بسرعة",
            "لغرفة ٣٠١",
            "부탁해요",
            "감사합니다",
            "커피를 305호로 가져가",
            "빨리",
            "301호로",
            "B",
            "12",
            "!",
            "…",
            "😀");

    private final Exam exam = exam();

    private static Exam exam() {
        try {
            return Exam.read(folder());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Path folder() {
        return Path.of(System.getProperty("diwan.home", ".."))
                .resolve("robots/src/test/resources/org/diwan/robots/mission");
    }

    @Test
    void anyTextIsUnderstoodOrNot() {
        Seeded.forAll(500, random -> {
            String text = random.nextBoolean() ? FoldingTest.text(random, 200) : shuffled(random);
            assertNotNull(Hospital.understand(text));
        });
    }

    /// Words of real utterances in any order.
    private static String shuffled(SplittableRandom random) {
        var words = new ArrayList<String>();
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            String text = UTTERANCES.get(random.nextInt(UTTERANCES.size()));
            var parts = text.split(" ", -1);
            words.add(parts[random.nextInt(parts.length)]);
        }
        return String.join(" ", words);
    }

    private static final List<String> UTTERANCES = utterances();

    private static List<String> utterances() {
        try {
            var json = new ObjectMapper();
            var texts = new ArrayList<String>();
            for (String name : List.of("dev", "test", "late"))
                for (String line : Files.readAllLines(folder().resolve("utterances-" + name + ".jsonl")))
                    texts.add(json.readTree(line).path("text").asText());
            return texts;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsAddedTakesNoRefusalAway() {
        var forbidden = exam.rules(Hospital.PREMISES).stream()
                .filter(mark -> mark.kind().equals("refuse"))
                .map(Exam.Mark::text)
                .filter(text -> Hospital.understand(text) instanceof Refused)
                .toList();
        assertTrue(forbidden.size() > 60, "there are forbidden utterances");
        Seeded.forAll(500, random -> {
            var text = new StringBuilder(forbidden.get(random.nextInt(forbidden.size())));
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                String more = BENIGN.get(random.nextInt(BENIGN.size()));
                String between = List.of(" ", ", ", ". ", "\n").get(random.nextInt(4));
                if (random.nextBoolean()) text.append(between).append(more);
                else text.insert(0, more + between);
            }
            var understanding = Hospital.understand(text.toString());
            assertFalse(
                    understanding instanceof Understood understood && understood.mission() instanceof Mission.Work,
                    () -> "a job came of: " + text);
        });
    }

    /// Every mission that is understood can be driven, and nothing is left aboard.
    @Test
    void whatIsUnderstoodCanBeDone() {
        Seeded.forAll(500, random -> {
            String text = shuffled(random);
            if (!(Hospital.understand(text) instanceof Understood understood)) return;
            if (!(understood.mission() instanceof Mission.Work work)) return;
            var job = Jobs.job("m-1", work, Hospital.NURSE, 0, Hospital.PREMISES);
            var fault = new Errand(Hospital.PREMISES, Hospital.NURSE).drive(job);
            assertTrue(fault.isEmpty(), () -> fault.orElseThrow() + " by: " + text);
            var ids = new HashSet<String>();
            for (var stop : job.stops())
                for (var action : stop.actions()) assertTrue(ids.add(action.actionId()), "action ids are unique");
        });
    }
}
