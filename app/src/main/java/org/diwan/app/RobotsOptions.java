package org.diwan.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.EmbeddedBroker;
import org.diwan.robots.bus.LiveTimeline;
import org.diwan.robots.bus.MqttBus;
import org.diwan.robots.control.Control;
import org.diwan.robots.control.Missions;
import org.diwan.robots.control.RobotsApi;
import org.diwan.robots.mission.ChatEndpoint;
import org.diwan.robots.mission.Premises;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.JobFolder;
import org.diwan.robots.vda5050.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of a process that has robots under control.
final class RobotsOptions {
    /// The largest load of a kind that is not known better, kilograms.
    private static final double USUAL_LOAD = 30;

    @Option(
            names = "--map",
            paramLabel = "FILE",
            description = "The building, or its premises: a file with stock and people that names the building.")
    private @Nullable Path map;

    @Mixin
    private final RobotsBus shared = new RobotsBus();

    @Option(
            names = "--robot-rules",
            paramLabel = "FILE",
            description = "Who may have what done where (default: the sample's).")
    private @Nullable Path rules;

    @Option(
            names = "--chat",
            paramLabel = "URL",
            description = "Ask a model at this address what words mean, such as http://127.0.0.1:8420; key in"
                    + " DIWAN_CHAT_KEY (default: by rules).")
    private @Nullable URI chat;

    @Option(names = "--chat-model", paramLabel = "NAME", description = "Which model.")
    private @Nullable String chatModel;

    /// Whether there are any robots at all.
    boolean isAsked() {
        return map != null;
    }

    /// What is under control until it is closed.
    static final class Opened implements AutoCloseable {
        private final Optional<EmbeddedBroker> broker;
        private final LiveTimeline timeline;
        private final MqttBus bus;
        private final Control control;
        private final RobotsApi api;

        private Opened(
                Optional<EmbeddedBroker> broker, LiveTimeline timeline, MqttBus bus, Control control, RobotsApi api) {
            this.broker = broker;
            this.timeline = timeline;
            this.bus = bus;
            this.control = control;
            this.api = api;
        }

        RobotsApi api() {
            return api;
        }

        RoadMap map() {
            return control.map();
        }

        @Override
        public void close() {
            bus.close();
            timeline.close();
            control.close();
            broker.ifPresent(EmbeddedBroker::close);
        }
    }

    /// Takes the vehicles in.
    ///
    /// @param jobs where the files of jobs are
    /// @throws IllegalArgumentException when an option lacks another, or a file is wrong
    Opened open(EntryBook book, JobFolder jobs, RobotsApi.Traces traces) throws IOException {
        if (map == null || !shared.hasVehicles())
            throw new IllegalArgumentException(
                    "--map and --vehicles are needed: where robots live, and which they are");
        if ((chat == null) != (chatModel == null))
            throw new IllegalArgumentException("--chat and --chat-model go together");
        var addresses = shared.vehicles();
        var premises = premises(addresses);
        var law = RobotsFiles.rules(rules);
        Optional<EmbeddedBroker> own = shared.isOwn()
                ? Optional.of(EmbeddedBroker.start(EmbeddedBroker.Settings.loopback(shared.port())))
                : Optional.empty();
        var timeline = new LiveTimeline("robots");
        var bus = new MqttBus(timeline, shared.as("diwan-fleet"));
        var zone = ZoneId.systemDefault();
        var control = new Control(bus, timeline, premises.map(), law, book, addresses, zone, jobs);
        var missions = new Missions(control, premises, endpoint(), zone);
        return new Opened(own, timeline, bus, control, new RobotsApi(control, missions, traces));
    }

    private Premises premises(List<Address> addresses) throws IOException {
        return RobotsFiles.premises(
                map, addresses.stream().map(Address::serialNumber).toList(), USUAL_LOAD);
    }

    private Optional<ChatEndpoint> endpoint() {
        if (chat == null || chatModel == null) return Optional.empty();
        String key = System.getenv("DIWAN_CHAT_KEY");
        if (key == null) throw new IllegalArgumentException("--chat needs an API key in DIWAN_CHAT_KEY");
        return Optional.of(new ChatEndpoint(chat, key, chatModel, Duration.ofSeconds(60)));
    }
}
