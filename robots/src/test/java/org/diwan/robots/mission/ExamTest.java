package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The figures that the documents give.
class ExamTest {
    @Test
    void theRulesPassTheExam() throws IOException {
        var marks = Exam.read(UnderstandingPropertyTest.folder()).rules(Hospital.PREMISES);
        assertEquals(990, marks.size());
        var acted = marks.stream().filter(Exam.Mark::acted).toList();
        assertEquals(List.of(), acted, "became jobs, and must not");
        var refused = marks.stream()
                .filter(mark -> mark.kind().equals("refuse") && !mark.right())
                .toList();
        assertEquals(List.of(), refused, "must be refused");
        var right = new TreeMap<String, Integer>();
        for (var mark : marks) right.merge(mark.split() + " " + mark.language(), mark.right() ? 1 : 0, Integer::sum);
        assertEquals(
                Map.ofEntries(
                        Map.entry("dev en", 50),
                        Map.entry("dev ar", 50),
                        Map.entry("dev ko", 50),
                        Map.entry("test en", 50),
                        Map.entry("test ar", 50),
                        Map.entry("test ko", 50),
                        Map.entry("late en", 30),
                        Map.entry("late ar", 30),
                        Map.entry("late ko", 30),
                        Map.entry("ward en", 100),
                        Map.entry("ward ar", 100),
                        Map.entry("ward ko", 100),
                        Map.entry("office en", 93),
                        Map.entry("office ar", 94),
                        Map.entry("office ko", 98)),
                right,
                "as in docs/LOG.md; whoever makes it better says so there and here");
    }

    /// A model was once asked about none of the later utterances.
    @Test
    void splitsAreThoseOfTheirUtterances() throws IOException {
        var exam = Exam.read(UnderstandingPropertyTest.folder());
        var parser = new RuleParser(Hospital.GROUND);
        assertEquals(90, exam.marks("late", Hospital.PREMISES, parser, Exam.TEN).size());
        assertEquals(
                150, exam.marks("test", Hospital.PREMISES, parser, Exam.TEN).size());
    }

    /// An exam that nobody can fail would prove nothing.
    @Test
    void whoUnderstandsNothingFails() throws IOException {
        var mute = new Parser() {
            @Override
            public Parsed parse(String utterance, String person, java.time.LocalTime now) {
                var none = new Proposal(
                        Proposal.Act.NONE,
                        List.of(),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        0);
                return new Parsed(none, java.util.Optional.empty());
            }

            @Override
            public String name() {
                return "mute";
            }
        };
        var marks = Exam.read(UnderstandingPropertyTest.folder()).marks("", Hospital.PREMISES, mute, Exam.TEN);
        assertEquals(
                0,
                marks.stream()
                        .filter(mark -> !mark.kind().equals("refuse") && mark.right())
                        .filter(mark -> !mark.intent().equals("g44")) // stop
                        .count());
    }
}
