package org.diwan.robots.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.vda5050.Address;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.VerificationException;

/// A decision and the proof that it is in the log: what lets a vehicle move.
///
/// It travels as `{"entry":"…","plan":"…","proof":"…"}`, three texts, over [#topic]. The entry is
/// `robot-decided`, and `plan` the job that it was about; or `robot-standing`, with an empty plan.
///
/// @param entry canonical JSON
/// @param plan canonical JSON whose digest the entry has
/// @param proof see [TlogProof]
record Warrant(String entry, String plan, String proof) {
    /// Longest warrant that is read, bytes.
    static final int MAX_BYTES = 256 << 10;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .build();

    /// Where the warrants of a vehicle are told.
    static String topic(Address vehicle) {
        return "diwan/v1/" + vehicle.manufacturer() + "/" + vehicle.serialNumber() + "/warrant";
    }

    byte[] bytes() {
        return CanonicalJson.bytes(Map.of("entry", entry, "plan", plan, "proof", proof));
    }

    /// What [#bytes] wrote; nothing is verified yet.
    ///
    /// @throws VerificationException saying what is wrong with its form
    static Warrant parse(byte[] bytes) throws VerificationException {
        if (bytes.length > MAX_BYTES)
            throw new VerificationException("a warrant of " + bytes.length + " bytes, the limit is " + MAX_BYTES);
        var node = tree(new String(bytes, StandardCharsets.UTF_8), "the warrant");
        for (String member : List.of("entry", "plan", "proof"))
            if (!node.path(member).isTextual()) throw new VerificationException("the warrant lacks '" + member + "'");
        return new Warrant(
                node.path("entry").textValue(),
                node.path("plan").textValue(),
                node.path("proof").textValue());
    }

    /// What the entry says, if the log that is believed holds it and the plan is the one decided about.
    ///
    /// @throws VerificationException saying what differs
    JsonNode verified(Trust trust) throws VerificationException {
        byte[] bytes = entry.getBytes(StandardCharsets.UTF_8);
        TlogProof.parse(proof).verify(bytes, trust.keys(), trust.witnesses());
        var decided = tree(entry, "the entry");
        String digest = plan.isEmpty() ? "" : JobText.digest(plan.getBytes(StandardCharsets.UTF_8));
        if (!decided.path("plan").asText("").equals(digest))
            throw new VerificationException("the plan is not the one that was decided about");
        return decided;
    }

    /// JSON from outside.
    static JsonNode tree(String text, String what) throws VerificationException {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new VerificationException(what + " is not JSON: " + e.getOriginalMessage());
        }
    }
}
