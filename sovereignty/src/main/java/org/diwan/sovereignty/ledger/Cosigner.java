package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.net.URI;

/// Somebody who cosigns checkpoints: a [Witness] in this process, or one behind a URL.
public interface Cosigner {
    /// Characters of the largest request that a cosigner reads.
    int MAX_REQUEST = AddCheckpoint.MAX_TEXT;

    /// What tlog-witness lets a witness answer.
    sealed interface Answer {
        /// Status 200: signature lines for the submitted checkpoint, each ended by a newline.
        record Cosigned(String lines) implements Answer {}

        /// Status 409: the last checkpoint that the witness cosigned for this log has this size.
        record Conflict(long size) implements Answer {}

        /// Status 400 (malformed), 403 (not signed by the log), 404 (unknown log) or 422 (not a
        /// continuation of what was cosigned before).
        record Refused(int status, String reason) implements Answer {}
    }

    /// Submits the text of an add-checkpoint request.
    ///
    /// @throws IOException when the witness does not answer, or could not keep what it would have signed
    Answer addCheckpoint(String request) throws IOException;

    /// The witness that takes submissions below `prefix`, such as `https://witness.example/`.
    static Cosigner of(URI prefix) {
        return new HttpCosigner(prefix);
    }
}
