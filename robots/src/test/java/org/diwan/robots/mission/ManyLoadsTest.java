package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.mission.Understanding.Understood;
import org.junit.jupiter.api.Test;

/// More of one item than one load holds, with a vehicle that can carry it. Oracle: [Errand].
class ManyLoadsTest {
    private static final Premises PREMISES =
            Hospital.PREMISES.with(List.of(new Premises.Carrier("strong", 1e6, Set.of())));

    private static Map<String, Map<String, Integer>> delivered(String utterance) {
        var ground = new Ground(PREMISES);
        var understanding = new Understander(ground, new RuleParser(ground))
                .understand(utterance, Hospital.NURSE, Hospital.NOW)
                .understanding();
        var mission =
                assertInstanceOf(Understood.class, understanding, utterance).mission();
        var work = assertInstanceOf(Mission.Work.class, mission);
        var errand = new Errand(PREMISES, Hospital.NURSE);
        assertEquals(Optional.empty(), errand.drive(Jobs.job("m-1", work, Hospital.NURSE, 0, PREMISES)));
        return errand.delivered();
    }

    @Test
    void twoPlacesInOneGo() {
        assertEquals(
                Map.of("301", Map.of("badge", 600), "302", Map.of("badge", 700)),
                delivered("Take 600 badges to 301 and 700 badges to 302"));
    }

    @Test
    void soManyForEach() {
        assertEquals(
                Map.of("301", Map.of("badge", 600), "302", Map.of("badge", 600)),
                delivered("Take 600 badges to 301 and 302"));
    }

    @Test
    void fromTwoPlacesToOne() {
        assertEquals(
                Map.of("305", Map.of("badge", 1800)),
                delivered("Collect 900 badges from 301, then collect 900 badges from 302, then take them to 305"));
    }
}
