package org.diwan.robots.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// How a job ended: its last entry in the ledger, and beside the job's messages the file `ID.done`, which says where
/// in the ledger that is:
///
/// ```
/// {"entry":"{\"chain\":\"9f…\",…,\"type\":\"robot-done\"}","index":9}
/// ```
///
/// @param of the entry of the decision; empty where its file was damaged
/// @param vehicle that was ordered last
/// @param outcome `done`, `cancelled`, `failed: ` or `ended: ` and why
/// @param messages that were kept of it
/// @param chain of the last of them
public record Ended(
        String job,
        Optional<Long> of,
        Optional<String> vehicle,
        String outcome,
        int messages,
        String chain,
        Instant time) {
    /// Longest file that is read, bytes: an entry, escaped.
    private static final int MAX_BYTES = 256 << 10;

    /// Puts it on record, then into its file.
    void write(JobFolder folder, EntryBook book) throws IOException {
        var members = new HashMap<String, @Nullable Object>();
        members.put("type", "robot-done");
        members.put("of", of.orElse(null));
        members.put("job", job);
        members.put("vehicle", vehicle.orElse(null));
        members.put("outcome", outcome);
        members.put("messages", messages);
        members.put("chain", chain);
        members.put("time", time.toString());
        byte[] entry = CanonicalJson.bytes(members);
        long index = book.append(entry);
        String text = new String(entry, StandardCharsets.UTF_8);
        AtomicFile.write(folder.done(job), CanonicalJson.bytes(Map.of("index", index, "entry", text)));
    }

    /// What the file says; [Trace] holds it against the log. Empty while the job is open, or where the file is damaged.
    static Optional<Ended> find(JobFolder folder, String job) throws IOException {
        Path file = folder.done(job);
        if (!JobFolder.isId(job) || !Files.exists(file) || Files.size(file) > MAX_BYTES) return Optional.empty();
        try {
            var said = Warrant.tree(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), "the end");
            return Optional.of(parse(Warrant.tree(said.path("entry").asText(), "its entry")));
        } catch (VerificationException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Ended parse(JsonNode entry) {
        return new Ended(
                entry.path("job").asText(),
                entry.path("of").isIntegralNumber()
                        ? Optional.of(entry.path("of").asLong())
                        : Optional.empty(),
                Optional.ofNullable(entry.path("vehicle").textValue()),
                entry.path("outcome").asText(),
                entry.path("messages").asInt(),
                entry.path("chain").asText(),
                Instant.parse(entry.path("time").asText()));
    }
}
