package org.diwan.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    /// The twin is the JDK's `String.lines`, which knows no limit.
    @Test
    void linesAreThoseOfTheText() {
        Seeded.forAll(500, random -> {
            var text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--)
                text.append(List.of("a", "é", "😀", "\n", "x".repeat(random.nextInt(50_000)))
                        .get(random.nextInt(5)));
            try {
                assertEquals(text.toString().lines().toList(), read(text.toString(), 1 << 22, random));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aLineMayBeAsLongAsTheLimit() throws IOException {
        var random = new SplittableRandom(1);
        String line = "x".repeat(200_000);
        assertEquals(List.of("a", line), read("a\n" + line, 200_000, random));
        var e = assertThrows(IOException.class, () -> read("a\n" + line + "x\n", 200_000, random));
        assertEquals("line 2 is longer than 200000 bytes", e.getMessage());
    }

    @Test
    void whatIsNotUtf8IsNamed() {
        var in = new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xc3, '\n'});
        var lines = new LineReader(in, 10);
        var e = assertThrows(IOException.class, () -> {
            lines.next();
            lines.next();
        });
        assertEquals("line 2 is not UTF-8", e.getMessage());
    }

    /// Reads through a stream that gives as little as it likes at once.
    private static List<String> read(String text, int limit, SplittableRandom random) throws IOException {
        var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        var lines = new LineReader(
                new InputStream() {
                    @Override
                    public int read() {
                        return bytes.read();
                    }

                    @Override
                    public int read(byte[] into, int from, int length) {
                        return bytes.read(into, from, 1 + random.nextInt(length));
                    }
                },
                limit);
        var all = new ArrayList<String>();
        for (String line = lines.next(); line != null; line = lines.next()) all.add(line);
        return all;
    }
}
