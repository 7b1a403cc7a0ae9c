package org.diwan.cloud.upstream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The data of server-sent events, one after the other, as far as chat streams use them (WHATWG HTML,
/// §9.2 "Server-sent events"): comments and every field but `data` are skipped; lines end with LF or
/// CR LF. Belongs to one thread.
public final class EventStream {
    private final InputStream in;
    private final int maxLineSize;

    /// @param maxLineSize bytes; a longer line is an error, not a reason to run out of memory
    public EventStream(InputStream in, int maxLineSize) {
        this.in = new BufferedInputStream(in);
        this.maxLineSize = maxLineSize;
    }

    /// The data of the next event; null at the end of the stream.
    ///
    /// @throws IOException when the connection breaks or a line is too long
    public @Nullable String next() throws IOException {
        var data = new StringBuilder();
        boolean seen = false;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty() && seen) return data.toString();
            if (!line.startsWith("data:")) continue;
            if (seen) data.append('\n');
            data.append(line, line.startsWith("data: ") ? 6 : 5, line.length());
            if (data.length() > maxLineSize) throw new IOException("an event is longer than " + maxLineSize + " bytes");
            seen = true;
        }
        return null;
    }

    private @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) return null;
            if (line.size() == maxLineSize) throw new IOException("a line is longer than " + maxLineSize + " bytes");
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
