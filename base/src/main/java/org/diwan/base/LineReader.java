package org.diwan.base;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Lines of UTF-8 from a stream that somebody else fills, none longer than a limit. For one thread.
/// It reads ahead, so nobody else may read from the stream; it is not closed here.
public final class LineReader {
    private final InputStream in;
    private final int maxSize;
    private final byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private long number;

    /// @param maxSize longest line in bytes, without its line feed
    public LineReader(InputStream in, int maxSize) {
        this.in = in;
        this.maxSize = maxSize;
    }

    /// The next line without its line feed; null at the end of the stream. What stands behind the last
    /// line feed is a line too.
    ///
    /// @throws IOException naming the line, counted from 1, when it is too long or not UTF-8
    public @Nullable String next() throws IOException {
        number++;
        var line = new ByteArrayOutputStream();
        while (true) {
            if (start == end) {
                start = 0;
                end = Math.max(0, in.read(buffer));
                if (end == 0) return line.size() == 0 ? null : text(line);
            }
            int feed = start;
            while (feed < end && buffer[feed] != '\n') feed++;
            if (line.size() + feed - start > maxSize)
                throw new IOException("line " + number + " is longer than " + maxSize + " bytes");
            line.write(buffer, start, feed - start);
            boolean whole = feed < end;
            start = whole ? feed + 1 : feed;
            if (whole) return text(line);
        }
    }

    private String text(ByteArrayOutputStream line) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("line " + number + " is not UTF-8", e);
        }
    }
}
