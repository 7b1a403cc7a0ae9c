package org.diwan.robots.vda5050;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private final Inbox inbox = new Inbox(Version.V2_1, "maker", "7", Duration.ofSeconds(5));

    private Inbox.Verdict at(long headerId, int seconds) {
        return inbox.judge(new Header(headerId, NOON.plusSeconds(seconds), "2.1.0", "maker", "7"), NOON);
    }

    @Test
    void lostRepeatedAndOvertakenMessagesAreTold() {
        assertEquals(new Inbox.Fresh(0), at(8, -60), "the first may have any number");
        assertEquals(new Inbox.Fresh(0), at(9, -59));
        assertEquals(new Inbox.Fresh(2), at(12, -58));
        assertEquals(new Inbox.Stale(12), at(12, -58), "a repeated one");
        assertEquals(new Inbox.Stale(11), at(11, -59), "an overtaken one");
        assertEquals(new Inbox.Stale(13), at(13, -59), "a later number with an earlier time");
        assertEquals(new Inbox.Fresh(0), at(13, -58), "which was not remembered");
    }

    @Test
    void numbersWrapAndStartAgain() {
        at(0xffff_fffeL, -60);
        assertEquals(new Inbox.Fresh(1), at(0, -59), "4294967295 was lost");
        assertEquals(new Inbox.Fresh(4), at(5, -58));
        assertEquals(new Inbox.Fresh(0), at(0, -57), "the sender has started again");
        assertEquals(new Inbox.Stale(0), at(0, -57));
    }

    @Test
    void strangersAndWrongClocksAreTold() {
        var time = NOON.minusSeconds(1);
        assertEquals(new Inbox.WrongVersion("3.0.0"), inbox.judge(new Header(0, time, "3.0.0", "maker", "7"), NOON));
        assertEquals(
                new Inbox.WrongVehicle("maker", "8"), inbox.judge(new Header(0, time, "2.1.0", "maker", "8"), NOON));
        assertEquals(
                new Inbox.WrongVehicle("other", "7"), inbox.judge(new Header(0, time, "2.1.0", "other", "7"), NOON));
        assertEquals(new Inbox.FromFuture(Duration.ofSeconds(6)), at(0, 6));
        assertEquals(new Inbox.Fresh(0), at(0, 5), "within the skew, and none of the above was remembered");
        assertEquals(
                new Inbox.Fresh(0),
                inbox.judge(new Header(1, NOON.plusSeconds(5), "2.0.0", "maker", "7"), NOON),
                "minor versions share a topic");
    }
}
