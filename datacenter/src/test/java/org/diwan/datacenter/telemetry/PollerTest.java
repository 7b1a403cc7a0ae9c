package org.diwan.datacenter.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.diwan.datacenter.inventory.Inventory.Meter;
import org.diwan.datacenter.redfish.RedfishClient;
import org.junit.jupiter.api.Test;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/// Oracle: what the simulated machines answered, counted by themselves.
class PollerTest {
    private static final int MACHINES = 40;

    /// Every tenth machine is dead; the others say 100 W and their number.
    @Test
    void livingMachinesAreAskedEachPeriodAndDeadOnesEverLess() throws Exception {
        var asked = new ConcurrentHashMap<Integer, AtomicInteger>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                int machine = Integer.parseInt(exchange.getRequestURI()
                        .getPath()
                        .replaceAll("\\D*(\\d+)/[^/]*$", "$1")
                        .replaceAll(".*/", ""));
                asked.computeIfAbsent(machine, _ -> new AtomicInteger()).incrementAndGet();
                byte[] body = "{\"PowerWatts\":{\"Reading\":%d}}"
                        .formatted(100 + machine)
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(machine % 10 == 0 ? 500 : 200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        var readings = new Readings(InstantSource.system());
        var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (var http = HttpClient.newHttpClient()) {
            var targets = new ArrayList<Probe>();
            for (int i = 0; i < MACHINES; i++)
                targets.add(new Probe.Chassis("m" + i, new RedfishClient(http, address, Optional.empty()), "/c/" + i));
            try (var poller = new Poller(targets, readings, InstantSource.system(), Duration.ofMillis(20))) {
                await(() -> poller.answered() > 60 * MACHINES);
            }
        } finally {
            server.stop(0);
        }
        for (int i = 0; i < MACHINES; i++) {
            var watts = readings.fresh("m" + i, Metric.POWER_WATTS);
            assertEquals(
                    i % 10 == 0 ? Optional.empty() : Optional.of(100.0 + i),
                    watts.isPresent() ? Optional.of(watts.getAsDouble()) : Optional.empty());
        }
        assertTrue(count(asked, 0) * 3 < count(asked, 1), "dead " + count(asked, 0) + ", alive " + count(asked, 1));
    }

    private static int count(Map<Integer, AtomicInteger> asked, int machine) {
        return asked.getOrDefault(machine, new AtomicInteger()).get();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (long end = System.nanoTime() + 60_000_000_000L; !condition.getAsBoolean(); Thread.sleep(10))
            assertTrue(System.nanoTime() < end, "not within a minute");
    }

    @Test
    void aStripsPowerIsScaledAndSilenceIsNoZero() throws Exception {
        var loopback = InetAddress.getLoopbackAddress();
        var oid = new OID("1.3.6.1.4.1.318.1.1.26.4.3.1.5.1");
        var transport = new DefaultUdpTransportMapping(new UdpAddress(loopback, 0));
        try (var agent = new Snmp(transport);
                var probe = new PduProbe()) {
            agent.addCommandResponder(new CommandResponder() {
                @Override
                public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
                    answer(agent, event, oid);
                }
            });
            agent.listen();
            int port = transport.getListenAddress().getPort();
            assertEquals(
                    4_210,
                    probe.powerWatts(loopback, new Meter("127.0.0.1", port, "public", oid.toDottedString(), 10))
                            .orElseThrow());
            assertTrue(probe.powerWatts(loopback, new Meter("127.0.0.1", port, "public", "1.3.6.1.2.1.1.1.0", 10))
                    .isEmpty());
            assertTrue(probe.powerWatts(loopback, new Meter("127.0.0.1", 1, "public", oid.toDottedString(), 10))
                    .isEmpty());
        }
    }

    private static <A extends Address> void answer(Snmp agent, CommandResponderEvent<A> event, OID oid) {
        var request = event.getPDU();
        var response = new PDU(request);
        response.setType(PDU.RESPONSE);
        if (request.get(0).getOid().equals(oid)) response.set(0, new VariableBinding(oid, new Integer32(421)));
        else response.setErrorStatus(PDU.noSuchName);
        try {
            agent.getMessageDispatcher()
                    .returnResponsePdu(
                            event.getMessageProcessingModel(),
                            event.getSecurityModel(),
                            event.getSecurityName(),
                            event.getSecurityLevel(),
                            response,
                            event.getMaxSizeResponsePDU(),
                            event.getStateReference(),
                            new StatusInformation());
        } catch (MessageException e) {
            throw new IllegalStateException(e);
        }
    }
}
