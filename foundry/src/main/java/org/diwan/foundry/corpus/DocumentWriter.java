package org.diwan.foundry.corpus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes JSON lines, one object a document; compressed when the name ends in `.zst`.
public final class DocumentWriter implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter out;

    public DocumentWriter(Path file) throws IOException {
        OutputStream raw = Files.newOutputStream(file);
        OutputStream packed = file.toString().endsWith(".zst") ? new ZstdOutputStream(raw, 3) : raw;
        out = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8), 1 << 16);
    }

    /// A document with its text, readable by [DocumentReader#readStage].
    public void write(Document document) throws IOException {
        Map<String, String> line = named(document);
        if (!document.licence().isEmpty()) line.put("licence", document.licence());
        if (!document.jurisdiction().isEmpty()) line.put("jurisdiction", document.jurisdiction());
        line.put("text", document.text());
        write(line);
    }

    /// A document that was dropped: its name and the reason, not the text.
    public void writeDropped(Document document, String reason) throws IOException {
        Map<String, String> line = named(document);
        line.put("reason", reason);
        line.put("length", "" + document.text().length());
        write(line);
    }

    private static Map<String, String> named(Document document) {
        var line = new LinkedHashMap<String, String>();
        line.put("source", document.source());
        line.put("id", document.id());
        line.put("title", document.title());
        return line;
    }

    private void write(Map<String, String> line) throws IOException {
        out.write(JSON.writeValueAsString(line));
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
