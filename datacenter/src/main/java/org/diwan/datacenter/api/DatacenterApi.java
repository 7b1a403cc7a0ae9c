package org.diwan.datacenter.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.Cursor;
import org.diwan.datacenter.inventory.Document;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Server;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.CertificateChecker;
import org.diwan.datacenter.plan.Explainer;
import org.diwan.datacenter.plan.SiteLoss;
import org.diwan.datacenter.redfish.PowerCommand;
import org.diwan.datacenter.redfish.PowerDesk;
import org.diwan.datacenter.redfish.PowerDesk.Outcome;
import org.diwan.datacenter.redfish.PowerRules;
import org.diwan.datacenter.redfish.PowerRules.Actor;
import org.diwan.datacenter.redfish.SystemPaths;
import org.diwan.datacenter.telemetry.Alarms;
import org.diwan.datacenter.telemetry.Metric;
import org.diwan.datacenter.telemetry.Poller;
import org.diwan.datacenter.telemetry.Readings;
import org.jspecify.annotations.Nullable;

/// Answers what is asked of a data centre.
///
/// | request | answer |
/// |---|---|
/// | `GET inventory` | the inventory, as its file |
/// | `GET drift` | where machines are not what it says |
/// | `GET readings?thing=PATH&metric=POWER_WATTS[&from=S][&to=S]` | what was measured, Unix seconds |
/// | `GET alarms` | what is wrong now |
/// | `GET plan` | plan and certificate, and the checker's verdict |
/// | `POST explain` `{"replica","place"[,"language"]}` | why it is not there |
/// | `POST failover` `{"site"}` | what would happen; the rehearsal is an entry of the ledger |
/// | `POST power` `{"place","command"[,"watts"]}` | what came of it; decision and outcome are entries |
///
/// Safe to share between threads.
public final class DatacenterApi implements AutoCloseable {
    /// Inlet air: the end of ASHRAE's allowable range for class A1, and 2 K below it. GPUs: where vendors throttle.
    private static final List<Alarms.Rule> ALARMS = List.of(
            new Alarms.Rule(Metric.INLET_CELSIUS, 32, 30, 120), new Alarms.Rule(Metric.GPU_CELSIUS, 87, 82, 60));

    /// The role of whoever has the operator's key, as [PowerRules] name it.
    private static final String ROLE = "operator";

    /// What is asked.
    ///
    /// @param path below `/v1/datacenter/`
    /// @param actor names the caller in records
    /// @param entries takes what must be on record
    public record Request(
            String method,
            String path,
            Map<String, String> query,
            String body,
            String actor,
            PowerDesk.Entries entries) {}

    private final Inventory inventory;
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Optional<Planned> planned;
    private final PowerRules rules;
    private final Readings readings;
    private final Alarms alarms;
    private final Controllers controllers;
    private final InstantSource clock;

    /// Servers and strips that somebody can be asked about.
    private final List<String> watched = new ArrayList<>();

    /// A limit that is exceeded for a minute is seen only by somebody who looks more often.
    private final Thread watcher;

    /// @param rules for power; without any, nobody may change it
    public DatacenterApi(
            Inventory inventory,
            Optional<Planned> planned,
            PowerRules rules,
            Readings readings,
            Controllers controllers,
            InstantSource clock) {
        this.inventory = inventory;
        for (var site : inventory.sites()) {
            for (var server : site.servers()) servers.put(server.path(), server.thing());
            for (var rack : site.racks())
                for (var pdu : rack.thing().pdus())
                    if (pdu.meter().isPresent()) watched.add(rack.path() + "/" + pdu.name());
        }
        servers.forEach((path, server) -> {
            if (server.bmc().isPresent() || server.metrics().isPresent()) watched.add(path);
        });
        this.planned = planned;
        this.rules = rules;
        this.readings = readings;
        this.alarms = new Alarms(readings, ALARMS, clock);
        this.controllers = controllers;
        this.clock = clock;
        this.watcher = Thread.ofVirtual().name("alarms").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(Poller.PERIOD);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private List<Alarms.Alarm> look() {
        synchronized (alarms) {
            return alarms.look(watched);
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
        controllers.close();
    }

    /// The answer, JSON in UTF-8.
    ///
    /// @throws Refusal when there is none
    /// @throws IOException when the ledger cannot be written
    public byte[] answer(Request request) throws IOException, InterruptedException {
        return switch (request.method() + " " + request.path()) {
            case "GET inventory" -> InventoryFile.json(inventory).getBytes(StandardCharsets.UTF_8);
            case "GET drift" ->
                json(Map.of(
                        "drift",
                        list(
                                controllers.drifts(),
                                drift -> map(
                                        "place", drift.place(),
                                        "what", drift.what(),
                                        "intended", drift.intended(),
                                        "found", drift.found()))));
            case "GET readings" -> readings(request.query());
            case "GET alarms" -> alarms();
            case "GET plan" -> plan();
            case "POST explain" -> explain(body(request, "replica", "place", "language"));
            case "POST failover" -> failover(body(request, "site"), request.entries());
            case "POST power" -> power(body(request, "place", "command", "watts"), request);
            default ->
                throw new Refusal(
                        404,
                        "",
                        "There is nothing at /v1/datacenter/" + request.path() + " to " + request.method() + ".");
        };
    }

    private byte[] readings(Map<String, String> query) {
        String thing = query.getOrDefault("thing", "");
        if (!servers.containsKey(thing) && !watched.contains(thing))
            throw new Refusal(
                    404,
                    "thing",
                    "There is no server '" + thing + "'; servers are named by their path, such as "
                            + servers.keySet().stream().findFirst().orElse("site/hall/row/rack/server") + ".");
        Metric metric = metric(query.getOrDefault("metric", Metric.POWER_WATTS.name()));
        long now = clock.instant().getEpochSecond();
        long from = second(query, "from", now - 3600);
        long to = second(query, "to", now + 1);
        Map<String, @Nullable Object> answer = new HashMap<>();
        answer.put("thing", thing);
        answer.put("metric", metric.name());
        answer.put("ageSeconds", boxed(readings.ageSeconds(thing)));
        answer.put(
                "points",
                list(
                        readings.between(thing, metric, from, to),
                        point -> map(
                                "second", point.second(),
                                "min", point.min(),
                                "mean", point.mean(),
                                "max", point.max(),
                                "count", point.count())));
        return json(answer);
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static Metric metric(String name) {
        try {
            return Metric.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    400, "metric", "'metric' is " + name + ", must be one of " + List.of(Metric.values()) + ".");
        }
    }

    private static long second(Map<String, String> query, String name, long otherwise) {
        String text = query.get(name);
        if (text == null) return otherwise;
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Refusal(400, name, "'" + name + "' is '" + text + "', must be a time in Unix seconds.");
        }
    }

    private byte[] alarms() {
        var standing = look();
        return json(Map.of(
                "watched",
                watched.size(),
                "alarms",
                list(
                        standing,
                        alarm -> map(
                                "thing", alarm.thing(),
                                "what", alarm.what(),
                                "since", alarm.since(),
                                "value", alarm.value()))));
    }

    private Planned planned() {
        return planned.orElseThrow(() -> new Refusal(
                404, "", "This server was started without a plan; say ./diwan up --plan FILE --demand FILE."));
    }

    private byte[] plan() {
        var plan = planned();
        var refusals = CertificateChecker.refusals(inventory, plan.demand(), plan.policy(), plan.file());
        String file = plan.file().json();
        return ("{\"file\":" + file + ",\"holds\":" + refusals.isEmpty() + ",\"refusals\":"
                        + CanonicalJson.text(refusals) + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] explain(Cursor body) {
        var plan = planned();
        String language = body.find("language").isPresent() ? text(body, "language") : "en";
        String replica = text(body, "replica");
        String place = text(body, "place");
        try {
            var answer = new Explainer(inventory, plan.demand(), plan.policy(), plan.file()).why(replica, place);
            return json(Map.of(
                    "replica", answer.replica(),
                    "place", answer.place(),
                    "here", answer.here(),
                    "servers", answer.servers(),
                    "possible", answer.possible(),
                    "lines", answer.lines(language)));
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "", sentence(e));
        }
    }

    private byte[] failover(Cursor body, PowerDesk.Entries entries) throws IOException {
        var plan = planned();
        String site = text(body, "site");
        SiteLoss rehearsal;
        try {
            rehearsal = SiteLoss.of(inventory, plan.demand(), plan.policy(), plan.file(), site);
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "site", sentence(e));
        }
        long entry = entries.append(
                rehearsal.entry(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()));
        return json(Map.of(
                "site", site,
                "holds", rehearsal.holds(),
                "waiting", rehearsal.waiting(),
                "refusals", rehearsal.refusals(),
                "entry", entry,
                "moves",
                        list(
                                rehearsal.moves(),
                                move -> map(
                                        "replica", move.replica(),
                                        "tier", move.tier(),
                                        "from", move.from().parts().getFirst().server(),
                                        "to",
                                                move.to()
                                                        .map(to -> to.parts()
                                                                .getFirst()
                                                                .server())
                                                        .orElse("")))));
    }

    private byte[] power(Cursor body, Request request) throws IOException {
        String place = text(body, "place");
        if (!servers.containsKey(place)) throw new Refusal(404, "place", "There is no server '" + place + "'.");
        var client = controllers
                .client(place)
                .orElseThrow(() ->
                        new Refusal(409, "place", "The inventory names no controller ('bmc') for " + place + "."));
        var command = command(body);
        var actor = new Actor(request.actor(), ROLE, Optional.empty());
        var desk = new PowerDesk(rules, request.entries(), clock);
        // Decided and recorded before the machine is looked for: a refusal must not depend on its answer.
        String system = rules.decide(actor, place, command).permitted()
                ? SystemPaths.of(client).map(SystemPaths::system).orElse("")
                : "";
        return json(
                switch (desk.order(actor, place, command, client, system)) {
                    case Outcome.Done(long entry) -> Map.of("outcome", "done", "entry", entry);
                    case Outcome.Refused(long entry, String reason) ->
                        throw new Refusal(403, "", "Refused, on record as entry " + entry + ": " + reason + ".");
                    case Outcome.NotDone(long entry, String reason) ->
                        Map.of("outcome", "not done", "entry", entry, "reason", reason);
                });
    }

    private static PowerCommand command(Cursor body) {
        String command = text(body, "command");
        try {
            if (command.equals("Cap"))
                return new PowerCommand.Cap(body.at("watts").whole());
            if (body.find("watts").isPresent()) throw body.at("watts").wrong("is for the command Cap");
            return new PowerCommand.Reset(command);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "command", sentence(e));
        }
    }

    // --- JSON ------------------------------------------------------------------------------------------

    /// The body's members, of which there may be no others.
    private static Cursor body(Request request, String... members) {
        try {
            return Document.parse(request.body(), true).with(members);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "", sentence(e));
        }
    }

    private static String text(Cursor body, String member) {
        try {
            return body.at(member).text();
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, member, sentence(e));
        }
    }

    private static String sentence(IllegalArgumentException e) {
        return e.getMessage() + ".";
    }

    private static byte[] json(Object tree) {
        return CanonicalJson.bytes(tree);
    }

    private static <T> List<Object> list(List<T> things, Function<T, Object> write) {
        return new ArrayList<>(things.stream().map(write).toList());
    }

    private static Map<String, Object> map(Object... members) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < members.length; i += 2) map.put((String) members[i], members[i + 1]);
        return map;
    }
}
