package org.diwan.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.redfish.RedfishClient;
import org.diwan.datacenter.telemetry.Poller;
import org.diwan.datacenter.telemetry.Probe;
import org.diwan.datacenter.telemetry.Readings;

/// `bench datacenter poll`: controllers that are polled every 30 seconds, and how old their readings are. The
/// controllers are simulated by a process of its own, one loopback address each, so that every one has a
/// connection of its own; every fiftieth is dead.
final class PollBench {
    private static final int DEAD = 50;
    private static final byte[] BODY = "{\"PowerWatts\":{\"Reading\":6150},\"TemperatureCelsius\":{\"Reading\":24}}"
            .getBytes(StandardCharsets.UTF_8);

    private PollBench() {}

    static int run(Options options, PrintStream out) throws Exception {
        int machines = options.number("machines", 12_500, 1, 60_000);
        int seconds = options.number("seconds", 120, 60, 3_600);
        // Longer than the period, or each poll makes a new connection.
        System.setProperty("jdk.httpclient.keepalive.timeout", "120");
        var server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx2g",
                        Machines.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var told = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
                var http = HttpClient.newHttpClient()) {
            int port = Integer.parseInt(told.readLine());
            var targets = new ArrayList<Probe>();
            for (int i = 0; i < machines; i++) {
                var address = URI.create(
                        "http://127.%d.%d.%d:%d".formatted(1 + i / 62_500, i / 250 % 250, 1 + i % 250, port));
                String chassis = i % DEAD == DEAD - 1 ? "/dead" : "/redfish/v1/Chassis/1";
                targets.add(new Probe.Chassis("m" + i, new RedfishClient(http, address, Optional.empty()), chassis));
            }
            var readings = new Readings(InstantSource.system());
            try (var poller = new Poller(targets, readings, InstantSource.system())) {
                return measure(options, out, machines, seconds, readings, poller);
            }
        } finally {
            server.destroy();
        }
    }

    /// After the first round, all ages once a second.
    private static int measure(
            Options options, PrintStream out, int machines, int seconds, Readings readings, Poller poller)
            throws InterruptedException {
        Thread.sleep(2 * Poller.PERIOD.toMillis());
        var ages = new long[301];
        long unknown = 0;
        for (int second = 0; second < seconds; second++, Thread.sleep(1_000))
            for (int i = 0; i < machines; i++) {
                if (i % DEAD == DEAD - 1) continue;
                var age = readings.ageSeconds("m" + i);
                if (age.isPresent()) ages[(int) Math.min(300, Math.max(0, age.getAsLong()))]++;
                else unknown++;
            }
        var figures = new LinkedHashMap<String, Object>();
        figures.put("machine", Machine.name());
        figures.put("controllers", machines);
        figures.put("dead", machines / DEAD);
        figures.put("stalenessP50Seconds", quantile(ages, 0.5));
        figures.put("stalenessP99Seconds", quantile(ages, 0.99));
        figures.put("neverHeard", unknown);
        figures.put("answered", poller.answered());
        figures.put("unanswered", poller.unanswered());
        Long resident = Machine.residentBytes("self");
        if (resident != null) figures.put("residentMiB", resident >> 20);
        out.println(options.named().containsKey("json") ? CanonicalJson.text(figures) : figures.toString());
        return 0;
    }

    private static int quantile(long[] counts, double share) {
        long rank = (long) Math.ceil(share * Arrays.stream(counts).sum());
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) return i;
        }
        return counts.length;
    }

    /// The simulated controllers: every path answers the same metrics, but `/dead…`, which never answers.
    static final class Machines {
        private Machines() {}

        /// Prints its port and answers until it is ended.
        public static void main(String[] arguments) throws IOException {
            try (var server = new ServerSocket()) {
                server.bind(new InetSocketAddress("0.0.0.0", 0), 4_096);
                System.out.println(server.getLocalPort());
                while (true) {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                }
            }
        }

        private static void answer(Socket socket) {
            try (socket;
                    var in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 512)) {
                byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                for (String first = in.readLine(); first != null; first = in.readLine()) {
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
                    if (first.contains("/dead")) continue;
                    var out = socket.getOutputStream();
                    out.write(head);
                    out.write(BODY);
                    out.flush();
                }
            } catch (IOException e) {
                // The caller hung up.
            }
        }
    }
}
