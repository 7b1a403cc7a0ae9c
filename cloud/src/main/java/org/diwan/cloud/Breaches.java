package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.base.AtomicFile;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.BreachRequest;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.receipt.BreachEntry;
import org.diwan.cloud.receipt.BreachEntry.Step;
import org.diwan.cloud.receipt.Opening;
import org.diwan.cloud.report.Breach;
import org.diwan.cloud.report.BreachClock;
import org.diwan.cloud.report.BreachLog;
import org.diwan.cloud.store.Store;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.policy.Pack;
import org.jspecify.annotations.Nullable;

/// The breaches that the operator reports, and the time that is left to tell the authority.
///
/// The ledger is what counts. The folder `breaches/` of the data folder holds a file for each breach,
/// readable by its owner alone:
///
/// ```
/// {"breach":"b-…","opening":{"salt":"…","value":{"text":"…"}},"entries":[17,23],"from":41}
/// ```
///
/// `opening` is the operator's words, `entries` are where the ledger speaks of it, `from` is there only
/// while an entry is being appended: the ledger's size before. So a start after a crash finds that entry.
///
/// Safe to share between threads.
final class Breaches {
    /// Entries that are looked through after a crash; only what was appended in its last moments is there.
    private static final int MAX_SEARCHED = 100_000;

    private static final int MAX_FILE_SIZE = 1 << 17;

    private record Kept(Opening opening, ArrayNode entries) {}

    private final Path folder;
    private final EntryLog entries;
    private final Ledger ledger;
    private final List<Pack> packs;
    private final Jurisdiction home;
    private final InstantSource clock;
    private final BreachLog log = new BreachLog();
    private final Map<String, Kept> kept = new HashMap<>();

    /// @param folder of the files
    /// @throws IOException when a file cannot be read, or the ledger does not hold what it says
    Breaches(Path folder, EntryLog entries, Ledger ledger, List<Pack> packs, Jurisdiction home, InstantSource clock)
            throws IOException {
        this.folder = folder;
        this.entries = entries;
        this.ledger = ledger;
        this.packs = List.copyOf(packs);
        this.home = home;
        this.clock = clock;
        if (!Files.isDirectory(folder)) return;
        var found = new TreeMap<Long, BreachEntry>();
        try (var files = Files.newDirectoryStream(folder, "b-*.json")) {
            for (Path file : files) load(file, found);
        }
        try {
            for (var entry : found.entrySet()) log.add(entry.getKey(), entry.getValue());
        } catch (VerificationException e) {
            throw new IOException(folder + ": " + e.getMessage(), e);
        }
    }

    private void load(Path file, Map<Long, BreachEntry> found) throws IOException {
        if (Files.size(file) > MAX_FILE_SIZE) throw new IOException(file + ": longer than " + MAX_FILE_SIZE + " bytes");
        try {
            var json = Json.parse(Files.readAllBytes(file));
            String id = json.path("breach").asText();
            var indexes = Json.array();
            json.path("entries").forEach(index -> indexes.add(index.longValue()));
            if (json.has("from")) search(id, json.path("from").longValue(), indexes);
            // One that never came into the ledger was never reported: the operator was told so.
            if (indexes.isEmpty()) return;
            for (var index : indexes)
                found.put(
                        index.longValue(),
                        BreachEntry.read(ledger.entry(index.longValue()))
                                .orElseThrow(
                                        () -> new VerificationException("entry " + index + " is about no breach")));
            kept.put(id, new Kept(Opening.parse(Json.bytes(json.path("opening"))), indexes));
        } catch (VerificationException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /// Adds the entry about breach `id` that was appended at `from` or later and is not noted yet.
    private void search(String id, long from, ArrayNode indexes) throws IOException, VerificationException {
        long end = Math.min(ledger.size(), from + MAX_SEARCHED);
        for (long index = from; index < end; index++) {
            var entry = ledger.entry(index);
            if (!new String(entry, StandardCharsets.UTF_8).contains(id)) continue;
            if (BreachEntry.read(entry).isPresent()) {
                indexes.add(index);
                return;
            }
        }
    }

    /// Records that a breach became known now.
    ///
    /// @throws ApiError 503 when it cannot be recorded
    synchronized ObjectNode open(BreachRequest request) {
        String id = Store.newBreachId();
        var opening = Opening.of(request.what());
        var entry = new BreachEntry.Opened(
                id, time(), home.code(), request.personal(), opening.commitment(), request.says());
        record(entry, new Kept(opening, Json.array()));
        return json(id);
    }

    /// Records that something was done about the breach `id`.
    ///
    /// @throws ApiError 404 when there is none, 409 when that does not follow, 503 when it cannot be recorded
    synchronized ObjectNode follow(String id, Step step) {
        var known = kept.get(id);
        if (known == null) throw ApiError.notFound("id", "breach_not_found", "No breach '" + id + "' here.");
        record(new BreachEntry.Followed(step, id, time()), known);
        return json(id);
    }

    /// Intention, entry, note, each on disk before the next.
    private void record(BreachEntry entry, Kept known) {
        try {
            log.check(entry);
            write(entry.breach(), known, ledger.size());
            long index = entries.append(entry.bytes());
            log.add(index, entry);
            known.entries().add(index);
            kept.put(entry.breach(), known);
            write(entry.breach(), known, null);
        } catch (VerificationException e) {
            throw new ApiError(409, "invalid_request_error", "breach_state", "id", "This " + e.getMessage() + ".");
        } catch (IOException e) {
            throw Http.unavailable("breach_unavailable", e);
        }
    }

    private void write(String id, Kept known, @Nullable Long from) throws IOException {
        var json = Json.object();
        json.put("breach", id);
        json.set("opening", Json.parse(known.opening().bytes()));
        json.set("entries", known.entries());
        if (from != null) json.put("from", from);
        if (!Files.isDirectory(folder))
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        AtomicFile.write(folder.resolve(id + ".json"), Json.bytes(json));
    }

    private String time() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /// All breaches: `{"object":"list","data":[…]}`.
    synchronized ObjectNode list() {
        var body = Json.object();
        var data = body.put("object", "list").putArray("data");
        for (var breach : log.all()) data.add(json(breach.id()));
        return body;
    }

    private ObjectNode json(String id) {
        var breach = log.all().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        var known = kept.get(id);
        var json = Json.object();
        json.put("id", id)
                .put("object", "breach")
                .put("origin", breach.origin())
                .put("personal", breach.personal());
        json.put("says", breach.says());
        try {
            if (known != null) json.set("opening", Json.parse(known.opening().bytes()));
        } catch (IOException e) {
            throw new AssertionError("canonical JSON can be read", e);
        }
        moment(json, "opened", breach.opened());
        moment(json, "notified", breach.notified());
        moment(json, "closed", breach.closed());
        var clocks = json.putArray("clocks");
        for (var one : BreachClock.of(List.of(breach), packs, clock.instant())) {
            var node = clocks.addObject();
            node.put("law", one.duty().law()).put("article", one.duty().article());
            node.put("authority", one.duty().authority())
                    .put("hours", one.duty().hours());
            node.put("due", one.due().toString()).put("state", one.state().label());
            if (one.state().isTicking()) node.put("hours_left", one.hoursLeft());
        }
        return json;
    }

    private static void moment(ObjectNode json, String name, Breach.@Nullable Moment moment) {
        if (moment != null)
            json.putObject(name)
                    .put("entry", moment.index())
                    .put("time", moment.time().toString());
    }

    /// For `/health`: how many clocks run, how many are past their time, and the hours left of the first.
    synchronized ObjectNode health() {
        var ticking = BreachClock.of(log.all(), packs, clock.instant()).stream()
                .filter(one -> one.state().isTicking())
                .toList();
        var json = Json.object();
        json.put("running", ticking.size());
        json.put(
                "overdue",
                ticking.stream().filter(one -> one.state().isMissed()).count());
        ticking.stream().mapToDouble(BreachClock::hoursLeft).min().ifPresent(left -> json.put("hours_left", left));
        return json;
    }
}
