package org.diwan.datacenter.redfish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.redfish.Answer.Dangling;
import org.diwan.datacenter.redfish.Answer.Denied;
import org.diwan.datacenter.redfish.Answer.Failed;
import org.diwan.datacenter.redfish.Answer.Found;
import org.diwan.datacenter.redfish.PowerRules.Actor;
import org.jspecify.annotations.Nullable;

/// The one place from which power is changed: decide, record, do, record. A command that is denied is on
/// record as well; a command that cannot be recorded is not given.
///
/// Two entries in canonical JSON; `of` is the index of the first:
///
/// ```
/// {"actor":"noor","approver":null,"command":"Cap","place":"riyadh-1/h1/r1/r1-01/s1","rule":"shift-caps",
///  "rules":"5c…","time":"2026-01-01T00:00:00Z","type":"power-decided","verdict":"permit","watts":6000}
/// {"of":17,"outcome":"done","time":"2026-01-01T00:00:01Z","type":"power-done"}
/// ```
///
/// `outcome` is `done`, or why not. A first entry without a second is a command whose effect nobody knows:
/// the process ended in between. Safe to share between threads.
public final class PowerDesk {
    /// Where entries go; the index of the entry is returned when it is on disk.
    @FunctionalInterface
    public interface Entries {
        long append(byte[] entry) throws IOException;
    }

    /// What came of an order.
    public sealed interface Outcome {
        /// The machine took the command.
        record Done(long entry) implements Outcome {}

        /// The rules say no; the machine heard nothing.
        record Refused(long entry, String reason) implements Outcome {}

        /// The rules say yes, the machine did not do it, or nobody knows whether it did.
        record NotDone(long entry, String reason) implements Outcome {}
    }

    private final PowerRules rules;
    private final Entries entries;
    private final InstantSource clock;
    private final AtomicLong given = new AtomicLong();

    public PowerDesk(PowerRules rules, Entries entries, InstantSource clock) {
        this.rules = rules;
        this.entries = entries;
        this.clock = clock;
    }

    /// Commands that reached a machine since the start.
    public long given() {
        return given.get();
    }

    /// Gives `command` to the system at `system` of `client`, which is the server at `place` of the
    /// inventory.
    ///
    /// @throws IOException when the ledger cannot be written; before the command, it is not given
    public Outcome order(Actor actor, String place, PowerCommand command, RedfishClient client, String system)
            throws IOException {
        var verdict = rules.decide(actor, place, command);
        Map<String, @Nullable Object> decided = new HashMap<>();
        decided.put("type", "power-decided");
        decided.put("time", now());
        decided.put("actor", actor.name());
        decided.put("approver", actor.approver().orElse(null));
        decided.put("place", place);
        decided.put("command", command.name());
        if (command instanceof PowerCommand.Cap(int watts)) decided.put("watts", watts);
        decided.put("verdict", verdict.permitted() ? "permit" : "deny");
        decided.put("rule", verdict.rule().orElse(null));
        decided.put("rules", rules.digest());
        long entry = entries.append(CanonicalJson.bytes(decided));
        if (!verdict.permitted()) return new Outcome.Refused(entry, verdict.missing());

        given.incrementAndGet();
        var failure = give(command, client, system);
        entries.append(CanonicalJson.bytes(
                Map.of("type", "power-done", "time", now(), "of", entry, "outcome", failure.orElse("done"))));
        return failure.isPresent() ? new Outcome.NotDone(entry, failure.get()) : new Outcome.Done(entry);
    }

    private static Optional<String> give(PowerCommand command, RedfishClient client, String system) {
        return switch (command) {
            case PowerCommand.Reset(String type) -> reset(client, system, type);
            case PowerCommand.Cap(int watts) -> cap(client, system, watts);
        };
    }

    /// Redfish names the address of the action in the resource; it is not to be guessed.
    private static Optional<String> reset(RedfishClient client, String system, String type) {
        if (!(client.get(system) instanceof Found found)) return Optional.of(system + " is not there");
        var offered = Discovery.resetTypes(found.body());
        if (!offered.isEmpty() && !offered.contains(type))
            return Optional.of(system + " knows " + offered + ", not " + type);
        String target = Found.text(found.body().path("Actions").path("#ComputerSystem.Reset"), "target");
        if (target.isEmpty()) return Optional.of(system + " offers no reset");
        return failure(client.post(target, RedfishClient.object().put("ResetType", type)));
    }

    /// The chassis of the system caps it: `EnvironmentMetrics.PowerLimitWatts.SetPoint`, in older
    /// controllers `Power.PowerControl[0].PowerLimit.LimitInWatts`.
    private static Optional<String> cap(RedfishClient client, String system, int watts) {
        if (!(client.get(system) instanceof Found found)) return Optional.of(system + " is not there");
        for (var link : found.body().path("Links").path("Chassis")) {
            String chassis = ResourceTree.target(Found.text(link, "@odata.id"));
            if (client.get(chassis + "/EnvironmentMetrics") instanceof Found metrics
                    && metrics.body().path("PowerLimitWatts").isObject()) {
                var limit = metrics.body().path("PowerLimitWatts");
                double low = limit.path("AllowableMin").asDouble(1);
                double high = limit.path("AllowableMax").asDouble(Double.MAX_VALUE);
                if (watts < low || watts > high)
                    return Optional.of(
                            "a cap of %d W is outside %.0f to %.0f W of %s".formatted(watts, low, high, chassis));
                var body = RedfishClient.object();
                body.putObject("PowerLimitWatts").put("SetPoint", watts);
                return failure(client.patch(chassis + "/EnvironmentMetrics", body, metrics.etag()));
            }
            if (client.get(chassis + "/Power") instanceof Found power
                    && power.body().path("PowerControl").isArray()
                    && !power.body().path("PowerControl").isEmpty()) {
                ObjectNode body = RedfishClient.object();
                body.putArray("PowerControl")
                        .addObject()
                        .putObject("PowerLimit")
                        .put("LimitInWatts", watts);
                return failure(client.patch(chassis + "/Power", body, power.etag()));
            }
        }
        return Optional.of("no chassis of " + system + " can be capped");
    }

    private static Optional<String> failure(Answer answer) {
        return switch (answer) {
            case Found _ -> Optional.empty();
            case Dangling(int status) -> Optional.of("the machine answered " + status);
            case Denied(int status) -> Optional.of("the machine answered " + status);
            case Failed(String reason) -> Optional.of("unknown: " + reason);
        };
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
