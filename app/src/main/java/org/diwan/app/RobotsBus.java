package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diwan.robots.bus.Broker;
import org.diwan.robots.vda5050.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of whoever speaks to vehicles, or for them: which they are, and over which broker.
final class RobotsBus {
    @Option(
            names = "--vehicles",
            paramLabel = "FILE",
            description = "The vehicles: manufacturer/serial@version of VDA 5050, one on a line.")
    private @Nullable Path vehicles;

    @Option(
            names = "--interface",
            paramLabel = "NAME",
            defaultValue = "uagv",
            description = "First level of the vehicles' topics (default: ${DEFAULT-VALUE}).")
    private String interfaceName = "";

    @Option(
            names = "--broker",
            paramLabel = "URL",
            description = "mqtt://host:port or mqtts://host:port (default: the one that robots serve brings along).")
    private @Nullable String broker;

    @Option(
            names = "--mqtt-port",
            paramLabel = "P",
            defaultValue = "1883",
            description = "Port of that one on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private int mqttPort;

    @Option(names = "--broker-login", paramLabel = "FILE", description = "User and password, a line each.")
    private @Nullable Path login;

    @Option(names = "--broker-ca", paramLabel = "FILE", description = "Who signed the broker's certificate (PEM).")
    private @Nullable Path authorities;

    /// Whether vehicles are named.
    boolean hasVehicles() {
        return vehicles != null;
    }

    /// Those that are named.
    List<Address> vehicles() throws IOException {
        if (vehicles == null) throw new IllegalArgumentException("--vehicles FILE is needed: which vehicles there are");
        return RobotsFiles.vehicles(vehicles, interfaceName);
    }

    /// Whether no broker is named.
    boolean isOwn() {
        return broker == null;
    }

    int port() {
        return mqttPort;
    }

    String address() {
        return broker != null ? broker : "mqtt://127.0.0.1:" + mqttPort;
    }

    /// The broker, as `client` comes to it.
    Broker as(String client) throws IOException {
        var at = Broker.at(address(), client);
        if (authorities != null) at = at.trusting(authorities);
        if (login == null) return at;
        var lines = Files.readAllLines(login);
        if (lines.size() < 2) throw new IllegalArgumentException(login + ": user and password, a line each");
        return at.login(lines.get(0), lines.get(1));
    }
}
