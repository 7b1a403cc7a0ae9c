package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.diwan.base.AtomicFile;
import org.jspecify.annotations.Nullable;

/// Follows a log: remembers the newest checkpoint it has verified, in a file, and believes the next only
/// when it is a continuation. What others were shown (a witness, a receipt, a mirror) is held against it
/// by [#compare]. A log that shows different people different histories is found when two of them
/// compare, and [ForkException] carries the proof.
///
/// Not for several threads, nor several processes with one file.
public final class Monitor {
    private final LogClient log;
    private final Path state;
    private @Nullable Checkpoint newest;

    /// @param state file with the checkpoint that was verified last; there is none at first
    /// @throws IOException when there is one and it is not a checkpoint
    public Monitor(LogClient log, Path state) throws IOException {
        this.log = log;
        this.state = state;
        if (!Files.exists(state)) return;
        try {
            if (Files.size(state) > 4 * Checkpoint.MAX_TEXT) throw new VerificationException("too large");
            this.newest = Checkpoint.parse(Files.readString(state));
        } catch (VerificationException e) {
            throw new IOException(state + ": not a checkpoint: " + e.getMessage(), e);
        }
    }

    /// The checkpoint that was verified last, before [#advance] or by it.
    public @Nullable Checkpoint newest() {
        return newest;
    }

    /// The log's present checkpoint, verified to continue what is remembered, and now remembered.
    ///
    /// @throws ForkException when it contradicts what is remembered
    /// @throws VerificationException when it is not signed as it must be, or older than what is remembered
    /// @throws IOException when the log does not answer
    public Checkpoint advance() throws IOException, VerificationException {
        var now = log.checkpoint();
        var before = newest;
        if (before != null) {
            if (now.origin().equals(before.origin()) && now.size() < before.size())
                throw new VerificationException("checkpoint: the log has gone back from size " + before.size()
                        + ", which it signed, to " + now.size());
            log.checkContinuation(before, now);
        }
        AtomicFile.write(state, now.text().getBytes(StandardCharsets.UTF_8));
        newest = now;
        return now;
    }

    /// Holds a checkpoint that somebody else was shown against the newest one here. Call after [#advance].
    ///
    /// @return whether the log has grown that far; where it has not, nothing is known yet
    /// @throws ForkException when the two contradict each other
    /// @throws VerificationException when `other` is not signed by the log
    /// @throws IOException when the log does not answer
    public boolean compare(Checkpoint other) throws IOException, VerificationException {
        var now = Objects.requireNonNull(newest, "advance comes first");
        if (other.origin().equals(now.origin()) && other.size() > now.size()) {
            log.verify(other);
            return false;
        }
        log.checkContinuation(other, now);
        return true;
    }
}
