package org.diwan.foundry.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads documents one at a time from JSON lines (`.jsonl`: `text` required; `id`, `title`, `licence`
/// and `jurisdiction` read where present) or plain text (`.txt`: one document a file), either
/// compressed with zstd (`.zst` after the name). Memory: one document.
public final class DocumentReader {
    /// Longest document in UTF-16 units: four times the longest book of the corpora in use. A longer
    /// one is more likely a whole collection in one field, which splitting by documents would spoil.
    public static final int MAX_DOCUMENT_LENGTH = 1 << 24;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_DOCUMENT_LENGTH)
                    .build())
            .build());

    /// Takes one document after the other.
    @FunctionalInterface
    public interface Sink {
        void accept(Document document) throws IOException;
    }

    private DocumentReader() {}

    /// Hands every document of `file` to `sink`, in file order.
    ///
    /// @throws IOException naming file and document when it cannot be read as its name says
    public static void read(String source, Path file, Sink sink) throws IOException {
        String name = file.getFileName().toString();
        boolean packed = name.endsWith(".zst");
        String plain = packed ? name.substring(0, name.length() - 4) : name;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream in = packed ? new ZstdInputStream(raw) : raw) {
            if (plain.endsWith(".jsonl")) lines(source, file, in, sink);
            else if (plain.endsWith(".txt")) sink.accept(new Document(source, plain, "", whole(file, in)));
            else throw new IOException(file + ": neither .jsonl nor .txt (nor either with .zst)");
        }
    }

    /// Hands every document of a stage's file to `sink`: as [#read], but the source of each is its own.
    public static void readStage(Path file, Sink sink) throws IOException {
        read("", file, sink);
    }

    private static void lines(String source, Path file, InputStream in, Sink sink) throws IOException {
        int number = 0;
        try (MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(in)) {
            while (nodes.hasNextValue()) {
                JsonNode node = nodes.nextValue();
                number++;
                JsonNode text = node.get("text");
                if (text == null || !text.isTextual())
                    throw new IOException(file + ": document " + number + " has no text field of type string");
                String id = node.path("id").asText(file.getFileName() + "#" + number);
                String origin = source.isEmpty() ? node.path("source").asText("") : source;
                sink.accept(new Document(
                        origin,
                        id,
                        node.path("title").asText(""),
                        text.asText(),
                        node.path("licence").asText(""),
                        node.path("jurisdiction").asText("")));
            }
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new IOException(file + ": document " + (number + 1) + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String whole(Path file, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_DOCUMENT_LENGTH + 1);
        if (bytes.length > MAX_DOCUMENT_LENGTH)
            throw new IOException(file + " is longer than " + MAX_DOCUMENT_LENGTH + " bytes; split it by documents");
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
