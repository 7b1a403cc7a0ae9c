package org.diwan.sovereignty.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.Digest;
import org.jspecify.annotations.Nullable;

/// Remembers the newest checkpoint of each log it knows and cosigns the next only when that is a
/// continuation (C2SP tlog-witness). Whoever sees its cosignature knows that nobody was shown another
/// history of that log, as long as this witness is honest.
///
/// Its memory is a folder, laid out as the protocol serves it:
///
/// ```
/// <SHA-256 of the origin, hexadecimal>/checkpoint     the last one, with the log's and our signatures
/// .state/lock, .state/draft/
/// ```
///
/// **The order is the promise**: check, persist, forced to disk, answer, all under one lock. A
/// cosignature that left this process is therefore remembered whatever happens next, and two requests
/// cannot both follow the same checkpoint. A request that could not be kept gets no answer but an error,
/// and may be sent again. Any number of threads may call.
public final class Witness implements Cosigner, AutoCloseable {
    /// Logs that one witness follows: each costs memory for one checkpoint.
    public static final int MAX_LOGS = 1000;

    private final Disk disk;
    private final List<SigningKey> signing;
    private final Map<String, List<VerifierKey>> logs;
    private final InstantSource clock;
    private final Closeable lock;

    /// The last checkpoint that was cosigned, by origin. Guarded by `this`.
    private final Map<String, Checkpoint> latest = new HashMap<>();

    /// A witness whose memory is `folder` and whose keys are in `keyFile`; the one is made and the other
    /// written under `name` (such as `witness.example/w1`) when it is not there.
    ///
    /// @param logs the verifier keys of each log, by origin
    /// @throws IOException when another process has the folder, the keys are damaged or not a witness',
    ///     or what is remembered is not what was written
    public static Witness open(Path folder, Path keyFile, String name, Map<String, List<VerifierKey>> logs)
            throws IOException {
        var signing = Files.exists(keyFile) ? KeyFile.WITNESS.load(keyFile) : KeyFile.WITNESS.create(keyFile, name);
        Files.createDirectories(folder.resolve(".state"));
        var lock = FolderLock.take(folder);
        try {
            return new Witness(new FolderDisk(folder), signing, logs, InstantSource.system(), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    Witness(
            Disk disk,
            List<SigningKey> signing,
            Map<String, List<VerifierKey>> logs,
            InstantSource clock,
            Closeable lock)
            throws IOException {
        if (logs.size() > MAX_LOGS)
            throw new IllegalArgumentException(logs.size() + " logs, a witness follows at most " + MAX_LOGS);
        this.disk = disk;
        this.signing = List.copyOf(signing);
        this.logs = Map.copyOf(logs);
        this.clock = clock;
        this.lock = lock;
        disk.makeFolders(Disk.DRAFTS);
        for (String origin : logs.keySet()) {
            var remembered = recover(origin);
            if (remembered != null) latest.put(origin, remembered);
        }
    }

    private @Nullable Checkpoint recover(String origin) throws IOException {
        byte[] text = disk.read(file(origin), Checkpoint.MAX_TEXT);
        if (text == null) return null;
        try {
            var found = Checkpoint.parse(new String(text, StandardCharsets.UTF_8));
            for (var key : signing)
                if (!found.origin().equals(origin) || !found.isSignedBy(key.verifier()))
                    throw new VerificationException("not cosigned by this witness, or of another log");
            return found;
        } catch (VerificationException e) {
            throw new IOException(
                    disk + "/" + file(origin) + ": " + e.getMessage()
                            + "; whoever forgets what it cosigned may cosign a fork: restore this file from a copy",
                    e);
        }
    }

    private static String file(String origin) {
        return hash(origin) + "/checkpoint";
    }

    private static String hash(String origin) {
        return Digest.hex(Digest.sha256(origin.getBytes(StandardCharsets.UTF_8)));
    }

    /// The keys that cosign, one on a line, as policies name them.
    public List<String> verifierKeys() {
        return signing.stream().map(key -> key.verifier().toString()).toList();
    }

    @Override
    public Answer addCheckpoint(String text) throws IOException {
        AddCheckpoint request;
        try {
            request = AddCheckpoint.parse(text);
        } catch (VerificationException e) {
            return new Answer.Refused(400, String.valueOf(e.getMessage()));
        }
        var next = request.checkpoint();
        var keys = logs.get(next.origin());
        if (keys == null) return new Answer.Refused(404, next.origin() + " is not a log of this witness");
        try {
            if (!isSignedByOne(next, keys)) return new Answer.Refused(403, "not signed by a key of " + next.origin());
        } catch (VerificationException e) {
            return new Answer.Refused(403, String.valueOf(e.getMessage()));
        }
        if (request.oldSize() > next.size())
            return new Answer.Refused(
                    400, "the old size " + request.oldSize() + " is beyond the checkpoint's " + next.size());
        return cosign(request, keys);
    }

    private static boolean isSignedByOne(Checkpoint checkpoint, List<VerifierKey> keys) throws VerificationException {
        boolean signed = false;
        for (var key : keys) signed |= checkpoint.isSignedBy(key);
        return signed;
    }

    private synchronized Answer cosign(AddCheckpoint request, List<VerifierKey> keys) throws IOException {
        var next = request.checkpoint();
        var before = latest.get(next.origin());
        long size = before == null ? 0 : before.size();
        byte[] root = before == null ? new Frontier().root() : before.root();
        if (request.oldSize() != size) return new Answer.Conflict(size);
        if (next.size() == 0 && !Arrays.equals(next.root(), new Frontier().root()))
            return new Answer.Refused(422, "the root of the empty tree is the hash of nothing");
        if (!Merkle.consistent(size, root, next.size(), next.root(), request.proof()))
            return new Answer.Refused(
                    422,
                    "the tree of size " + next.size() + " is not shown to begin with the one of size " + size
                            + " that was cosigned");

        long now = clock.instant().getEpochSecond();
        var lines = signing.stream().map(key -> key.sign(next.body(), now)).toList();
        // What we vouch for is kept with the log's own signature, and without lines that we did not check.
        var proven = next.signatures().stream()
                .filter(line -> keys.stream().anyMatch(line::by))
                .toList();
        var cosigned = new Checkpoint(next.body(), proven).with(lines);
        disk.write(Map.of(file(next.origin()), cosigned.text().getBytes(StandardCharsets.UTF_8)));
        latest.put(next.origin(), cosigned);
        var out = new StringBuilder();
        for (var line : lines) out.append(line.text());
        return new Answer.Cosigned(out.toString());
    }

    /// The newest checkpoint that was cosigned of the log whose origin has the SHA-256 `originHash`
    /// (lower-case hexadecimal), or null: what monitors fetch to learn what others were shown.
    public synchronized @Nullable Checkpoint latest(String originHash) {
        for (var one : latest.values()) if (hash(one.origin()).equals(originHash)) return one;
        return null;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
