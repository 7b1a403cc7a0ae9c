package org.diwan.sovereignty.ledger;

import java.util.ArrayList;
import java.util.List;

/// What a log sends to a witness (C2SP tlog-witness, "add-checkpoint"): the tree that the witness has
/// cosigned last, by its size, the proof that the new one begins with it, and the new checkpoint.
///
/// ```
/// old <size, decimal>\n
/// <base64 of 32 bytes>\n          at most 63: the consistency proof (RFC 6962 §2.1.2)
/// \n
/// <checkpoint>
/// ```
record AddCheckpoint(long oldSize, List<byte[]> proof, Checkpoint checkpoint) {
    /// Characters in a request.
    static final int MAX_TEXT = Checkpoint.MAX_TEXT + 64 * 64;

    /// The request that `text` spells; nothing in it is verified.
    ///
    /// @throws VerificationException naming the line that breaks the format
    static AddCheckpoint parse(String text) throws VerificationException {
        int end = text.indexOf("\n\n");
        if (end < 0) throw new VerificationException("add-checkpoint: no empty line before the checkpoint");
        String[] lines = text.substring(0, end).split("\n", Merkle.MAX_PATH + 3);
        if (!lines[0].startsWith("old ")) throw new VerificationException("line 1: expected \"old <decimal>\"");
        if (lines.length - 1 > Merkle.MAX_PATH)
            throw new VerificationException("more than " + Merkle.MAX_PATH + " hashes in the proof");
        int line = 0;
        try {
            long oldSize = Checkpoint.number(lines[line].substring("old ".length()));
            var proof = new ArrayList<byte[]>();
            for (line = 1; line < lines.length; line++) proof.add(StrictBase64.hash(lines[line]));
            return new AddCheckpoint(oldSize, List.copyOf(proof), Checkpoint.parse(text.substring(end + 2)));
        } catch (IllegalArgumentException e) {
            throw new VerificationException("line " + (line + 1) + ": " + e.getMessage());
        }
    }

    /// What [#parse] reads.
    String text() {
        var out = new StringBuilder("old ").append(oldSize).append('\n');
        for (byte[] hash : proof) out.append(StrictBase64.encode(hash)).append('\n');
        return out.append('\n').append(checkpoint.text()).toString();
    }
}
