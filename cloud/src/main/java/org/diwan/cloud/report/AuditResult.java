package org.diwan.cloud.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.sovereignty.ledger.Checkpoint;
import org.diwan.sovereignty.ledger.VerificationException;

/// What an audit by sampling found, as `./diwan audit --json` wrote it. The report repeats it and does
/// not run it again.
///
/// @param origin of the log that was audited
/// @param size of the log when it was
/// @param root of the log when it was, in hexadecimal
/// @param answers in it
/// @param drawn how many answers were run again
/// @param passes whether nothing was found
public record AuditResult(String origin, long size, String root, long answers, int drawn, String seed, boolean passes) {
    /// Reads what the audit wrote, and holds it against the log of the report.
    ///
    /// @throws VerificationException when it is no such file, or is of another log
    public static AuditResult read(byte[] json, Checkpoint log) throws VerificationException {
        try {
            var result = parse(Json.parse(json));
            boolean sameSize = result.size == log.size();
            if (!result.origin.equals(log.origin())
                    || result.size > log.size()
                    || (sameSize && !result.root.equals(Digest.hex(log.root()))))
                throw new VerificationException("the audit is of " + result.origin + ", size " + result.size + ", root "
                        + result.root + ", which is not the log of this report or an earlier state of it");
            return result;
        } catch (IOException e) {
            throw new VerificationException("the audit is not what ./diwan audit --json writes: " + e.getMessage());
        }
    }

    private static AuditResult parse(JsonNode json) throws IOException {
        if (!json.path("log").isTextual()
                || !json.path("size").isIntegralNumber()
                || !json.path("root").isTextual()
                || !json.path("answers").isIntegralNumber()
                || !json.path("drawn").isArray()
                || !json.path("seed").isTextual()
                || !json.path("passes").isBoolean())
            throw new IOException("it lacks log, size, root, answers, drawn, seed or passes");
        return new AuditResult(
                json.path("log").textValue(),
                json.path("size").longValue(),
                json.path("root").textValue(),
                json.path("answers").longValue(),
                json.path("drawn").size(),
                json.path("seed").textValue(),
                json.path("passes").booleanValue());
    }
}
