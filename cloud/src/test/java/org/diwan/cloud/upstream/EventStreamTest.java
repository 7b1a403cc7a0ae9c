package org.diwan.cloud.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    @Test
    void dataIsReadAndEverythingElseSkipped() throws IOException {
        var events = stream(": hello\n\nevent: x\nid: 1\ndata: {\"a\":1}\n\ndata:b\r\ndata: c\r\n\r\ndata: [DONE]\n\n");
        assertEquals("{\"a\":1}", events.next());
        assertEquals("b\nc", events.next());
        assertEquals("[DONE]", events.next());
        assertNull(events.next());
    }

    @Test
    void anEventThatBreaksOffIsNoEvent() throws IOException {
        assertNull(stream("data: half").next());
        assertNull(stream("data: half\n").next());
    }

    @Test
    void endlessLinesAndEventsAreCutOff() {
        assertThrows(IOException.class, () -> stream("data: " + "x".repeat(100)).next());
        assertThrows(IOException.class, () -> stream("data: xxxxxxxxxxx\n".repeat(10))
                .next());
    }

    private static EventStream stream(String text) {
        return new EventStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 64);
    }
}
