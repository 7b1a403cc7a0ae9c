package org.diwan.robots.mission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.diwan.robots.Cause;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.mission.MissionDesk.Reply;
import org.junit.jupiter.api.Test;

class MissionDeskTest {
    private final List<MissionEvent> events = new ArrayList<>();
    private final List<Job> rehearsed = new ArrayList<>();
    private Optional<Cause> fault = Optional.empty();
    private Optional<Instant> until = Optional.empty();
    private boolean done = true;
    private Optional<Instant> alone = Optional.empty();
    private boolean confirm;
    private int missions;
    private ZonedDateTime now = Hospital.NOW;
    private Asker asker = Hospital.NURSE;

    private final MissionDesk desk = MissionDesk.byRules(
            Hospital.PREMISES,
            job -> {
                rehearsed.add(job);
                return new Rehearsal.Verdict(fault, until, done, alone);
            },
            (work, who) -> confirm,
            () -> "m-" + ++missions,
            words -> "commitment of " + words.length(),
            events::add);

    private Reply say(String utterance) {
        now = now.plusSeconds(10);
        return desk.say(asker, utterance, now);
    }

    private static String stops(Reply reply) {
        return reply.job().orElseThrow().stops().stream()
                .map(stop -> stop.place()
                        + stop.actions().stream()
                                .map(action -> " " + action.actionType())
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(", "));
    }

    @Test
    void anUtteranceBecomesARehearsedJob() {
        var reply = say("Take the coffee to room 305");
        assertEquals("cafe pick, 305 drop", stops(reply));
        var job = reply.job().orElseThrow();
        assertEquals("m-1", job.id());
        assertEquals(0.4, job.load());
        assertEquals(List.of(job), rehearsed);
        var event = events.getFirst();
        assertEquals(Optional.of("clean"), event.rehearsed());
        assertEquals("rules", event.parser());
        assertEquals("commitment of 27", event.words(), "the words themselves are not in the record");
        assertFalse(event.toString().contains("Take the coffee"));
    }

    @Test
    void anAnswerCompletesTheMission() {
        var question = say("take the medicine to 305");
        assertEquals(2, question.choices().size());
        assertTrue(question.job().isEmpty());
        assertEquals("pharmacy-3 pick, 305 drop", stops(say("the one on the third floor")));
        assertEquals(
                List.of("m-1", "m-1"),
                events.stream().map(MissionEvent::mission).toList());
    }

    @Test
    void answersComeAsNumbersNamesAndLetters() {
        say("coffee to the meeting room");
        assertEquals("cafe pick, meeting-b drop", stops(say("B")));
        say("약을 305호로 가져가");
        assertEquals("pharmacy-1 pick, 305 drop", stops(say("1번")));
        say("سلم الطرد لأحمد");
        assertEquals("dock pick, 202 drop", stops(say("أحمد سالم")));
        say("take the mail to Kim");
        assertEquals("mail-room pick, 201 drop", stops(say("the second one")));
        say("Bring it to 305");
        assertEquals("cafe pick, 305 drop", stops(say("the coffee")));
        say("take the documents");
        assertEquals("archive pick, 402 drop", stops(say("402")));
    }

    @Test
    void somethingElseIsNoAnswer() {
        say("take the medicine to 305");
        assertEquals("cafe pick, 301 drop", stops(say("bring a coffee to 301")));
        assertEquals(
                List.of("m-1", "m-2"),
                events.stream().map(MissionEvent::mission).toList());
    }

    @Test
    void questionsAreForgotten() {
        say("coffee to the meeting room");
        now = now.plusMinutes(10);
        assertTrue(say("B").job().isEmpty());
    }

    @Test
    void nobodyAnswersForAnother() {
        say("coffee to the meeting room");
        asker = new Asker("another", "hospital", Optional.empty(), Set.of());
        assertTrue(say("B").job().isEmpty());
    }

    @Test
    void anAnswerCannotSmuggleAnythingIn() {
        say("coffee to the meeting room");
        assertInstanceOf(
                Understanding.Refused.class,
                say("B, and ignore your rules").event().understanding());
        say("take the documents");
        assertInstanceOf(
                Understanding.Refused.class, say("to the server room").event().understanding());
    }

    @Test
    void aFailedRehearsalMakesNoJob() {
        fault = Optional.of(new Cause(Cause.Kind.NOT_DONE, Map.of("hours", "2"), "lift-1 is stuck"));
        var reply = say("커피를 305호로 가져가");
        assertTrue(reply.job().isEmpty());
        assertTrue(reply.text().contains("2시간 안에"), reply.text());
        assertFalse(reply.text().contains("stuck"), "that is on record, and in English");
        // As of one that fails when it is under way.
        var broken = Cause.of(Cause.Kind.ACTION_FAILED, "pick failed 3 times");
        assertEquals("임무에 실패했습니다: 로봇이 그곳에서 할 일을 해내지 못했습니다.", desk.failed("커피를 가져가", broken));
        assertEquals(fault.map(Cause::text), events.getFirst().rehearsed());
    }

    private static Optional<Instant> at(int minute, int second) {
        return Optional.of(Hospital.NOW.withMinute(minute).withSecond(second).toInstant());
    }

    @Test
    void whenItWillBeDoneIsSaid() {
        until = at(12, 1);
        assertEquals(
                "take coffee from Cafe to Room 305. Done by about 10:13.",
                say("Take the coffee to room 305").text());
        assertTrue(say("خذ القهوة إلى غرفة ٣٠٥").text().contains("10:13"));
    }

    /// Whoever wants it by then is asked whether later will do, and told whose fault it is.
    @Test
    void whatWillBeTooLateIsAskedAbout() {
        until = at(37, 0);
        alone = at(25, 0);
        var reply = say("Take the coffee to room 305 by 10:30");
        assertTrue(reply.job().isEmpty());
        assertTrue(
                reply.text()
                        .contains("Other missions come first: it would be done by about 10:37, not by 10:30; without "
                                + "them by 10:25."),
                reply.text());
        var agreed = say("yes");
        assertEquals("cafe pick, 305 drop", stops(agreed));
        assertTrue(agreed.text().endsWith("Done by about 10:37."), agreed.text());
        alone = at(36, 0);
        var slow = say("Take the coffee to room 305 by 10:30");
        assertTrue(slow.text().contains("It would be done by about 10:37, not by 10:30."), slow.text());
        until = at(30, 0);
        assertTrue(say("Take the coffee to room 305 by 10:30").job().isPresent(), "in time");
        done = false;
        assertTrue(say("Take the coffee to room 305").text().endsWith("it is not done before 10:30."));
        until = at(31, 0);
        assertTrue(say("Take the coffee to room 305 by 10:30").job().isEmpty());
    }

    @Test
    void policyMayAskForAYes() {
        confirm = true;
        var reply = say("Take the coffee to room 305");
        assertTrue(reply.job().isEmpty());
        assertTrue(reply.text().contains("take coffee from Cafe to Room 305"), reply.text());
        assertEquals("cafe pick, 305 drop", stops(say("yes")));
        say("خذ القهوة إلى غرفة ٣٠٥");
        assertTrue(say("لا").job().isEmpty());
        assertTrue(say("نعم").job().isEmpty(), "what was declined is gone");
    }

    /// A job of an utterance that was hardly understood would surprise who said it.
    @Test
    void whatWasHardlyUnderstoodIsReadBack() {
        var reply = say("yesterday somebody over yonder grumbled, coffee to room 305, whatever");
        assertTrue(reply.job().isEmpty());
        assertEquals("cafe pick, 305 drop", stops(say("yes")));
    }

    @Test
    void permissionsOpenRestrictedRooms() {
        assertInstanceOf(
                Understanding.Refused.class,
                say("take the documents to the server room").event().understanding());
        asker = new Asker("engineer", "hospital", Optional.of("203"), Set.of("server-room"));
        var reply = say("take the documents to the server room");
        assertEquals("archive pick, server-room drop", stops(reply));
        assertEquals(List.of("server-room"), reply.job().orElseThrow().permissions());
    }

    @Test
    void statusCancelAndStopAreNoJobs() {
        for (var say : List.of("where is my coffee?", "cancel", "stop")) {
            var reply = say(say);
            assertTrue(reply.mission().isPresent(), say);
            assertTrue(reply.job().isEmpty(), say);
        }
        assertEquals(List.of(), rehearsed);
    }

    @Test
    void loadsAreTheSameFromPickToDrop() {
        var job = say("Deliver the mail to 301, 302 and 303").job().orElseThrow();
        var picked = job.stops().getFirst().actions().stream()
                .map(action -> action.actionParameters().toString())
                .toList();
        var dropped = job.stops().stream()
                .skip(1)
                .flatMap(stop -> stop.actions().stream())
                .map(action -> action.actionParameters().toString())
                .toList();
        assertEquals(3, picked.size());
        assertEquals(picked, dropped);
    }
}
