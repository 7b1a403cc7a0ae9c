package org.diwan.datacenter.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.redfish.Drift;
import org.diwan.datacenter.redfish.RedfishClient;
import org.diwan.datacenter.redfish.RedfishClient.Credentials;
import org.diwan.datacenter.redfish.Survey;
import org.diwan.datacenter.redfish.SystemPaths;
import org.diwan.datacenter.telemetry.PduProbe;
import org.diwan.datacenter.telemetry.Poller;
import org.diwan.datacenter.telemetry.Probe;
import org.diwan.datacenter.telemetry.Readings;
import org.jspecify.annotations.Nullable;

/// The baseboard controllers of an inventory, found and then polled for as long as this is open, and with them
/// GPU exporters and power strips. A controller that does not answer is looked for again every five minutes.
/// Safe to share between threads.
public final class Controllers implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    /// A survey walks every controller's whole tree; its answer holds for so long.
    private static final Duration SURVEYED = Duration.ofMinutes(10);

    private static final int CONCURRENT = 32;

    private final Inventory inventory;
    private final HttpClient http;
    private final Optional<Credentials> credentials;
    private final Readings readings;
    private final InstantSource clock;

    /// Clients by the server's path; those whose system is not yet known are in [#missing].
    private final Map<String, RedfishClient> clients = new LinkedHashMap<>();

    private final Map<String, RedfishClient> missing = new LinkedHashMap<>();
    private final List<Poller> pollers = new ArrayList<>();
    private final PduProbe snmp;
    private final Thread finder;
    private @Nullable List<Drift> drifts;
    private long surveyedAt;

    public Controllers(
            Inventory inventory,
            HttpClient http,
            Optional<Credentials> credentials,
            Readings readings,
            InstantSource clock)
            throws IOException {
        this.inventory = inventory;
        this.http = http;
        this.credentials = credentials;
        this.readings = readings;
        this.clock = clock;
        for (var site : inventory.sites())
            for (var server : site.servers())
                server.thing()
                        .bmc()
                        .ifPresent(bmc -> clients.put(server.path(), new RedfishClient(http, bmc, credentials)));
        missing.putAll(clients);
        snmp = new PduProbe();
        poll(others());
        finder = Thread.ofVirtual().name("controllers").start(this::find);
    }

    /// What can be asked without being looked for: exporters and strips.
    private List<Probe> others() {
        var probes = new ArrayList<Probe>();
        for (var site : inventory.sites()) {
            for (var server : site.servers())
                server.thing().metrics().ifPresent(page -> probes.add(new Probe.Exporter(server.path(), http, page)));
            for (var rack : site.racks())
                for (var pdu : rack.thing().pdus())
                    pdu.meter()
                            .ifPresent(
                                    meter -> probes.add(new Probe.Strip(rack.path() + "/" + pdu.name(), snmp, meter)));
        }
        return probes;
    }

    /// The controller of the server at `path`; empty where the inventory names none.
    Optional<RedfishClient> client(String path) {
        return Optional.ofNullable(clients.get(path));
    }

    /// Where the machines are not what the inventory says, at most ten minutes old.
    synchronized List<Drift> drifts() throws InterruptedException {
        long now = clock.instant().getEpochSecond();
        if (drifts == null || now - surveyedAt > SURVEYED.toSeconds()) {
            List<URI> services = List.copyOf(Survey.controllers(inventory));
            drifts = Drift.between(inventory, Survey.of(http, services, credentials));
            surveyedAt = now;
        }
        return drifts;
    }

    private void find() {
        try {
            while (!missing.isEmpty()) {
                var found = new ArrayList<Probe>();
                try (var workers = Executors.newFixedThreadPool(
                        CONCURRENT, Thread.ofVirtual().factory())) {
                    missing.forEach((path, client) ->
                            workers.execute(() -> SystemPaths.of(client).ifPresent(paths -> {
                                synchronized (found) {
                                    found.add(new Probe.Chassis(path, client, paths.chassis()));
                                }
                            })));
                }
                for (var target : found) missing.remove(target.thing());
                poll(found);
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void poll(List<Probe> targets) {
        if (targets.isEmpty()) return;
        synchronized (pollers) {
            pollers.add(new Poller(targets, readings, clock));
        }
    }

    @Override
    public void close() {
        finder.interrupt();
        synchronized (pollers) {
            pollers.forEach(Poller::close);
        }
        clients.values().forEach(RedfishClient::close);
        http.close();
        snmp.close();
    }
}
