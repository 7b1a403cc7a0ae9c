package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.diwan.robots.building.BuildingException;
import org.diwan.robots.building.BuildingFile;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.mission.Premises;
import org.diwan.robots.mission.Premises.Carrier;
import org.diwan.robots.mission.PremisesFile;
import org.diwan.robots.record.RobotRules;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Version;
import org.jspecify.annotations.Nullable;

/// The files that say what robots there are, where they live and who may command them.
final class RobotsFiles {
    /// Rules and lists of vehicles are written by people.
    private static final int MAX_SIZE = 1 << 20;

    private static final Pattern VEHICLE = Pattern.compile("([^/@\\s]+)/([^/@\\s]+)@([0-9.]+)");

    private RobotsFiles() {}

    /// A building that comes with Diwan.
    static Path sample(String name) {
        return Home.folder().resolve("recipes/robots").resolve(name);
    }

    static RoadMap map(Path file) throws IOException {
        try {
            return new RoadMap(BuildingFile.read(file));
        } catch (BuildingException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /// What missions are held against, from premises or from a building alone; carried by vehicles of these serial
    /// numbers where the file names none.
    static Premises premises(@Nullable Path chosen, List<String> serials, double maxLoad) throws IOException {
        Path file = chosen != null ? chosen : sample("tower-premises.yaml");
        var read = text(file).lines().anyMatch(line -> line.startsWith("floors:"))
                ? Premises.of(map(file))
                : PremisesFile.read(file);
        if (!read.carriers().isEmpty()) return read;
        return read.with(serials.stream()
                .map(serial -> new Carrier(serial, maxLoad, Set.of()))
                .toList());
    }

    /// Without a file, those that come with Diwan.
    static RobotRules rules(@Nullable Path chosen) throws IOException {
        Path file = chosen != null ? chosen : sample("rules.yaml");
        try {
            return RobotRules.parse(text(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /// A vehicle on each line, `manufacturer/serial@version`; what follows a `#` is a comment.
    ///
    /// @param interfaceName the first level of their topics
    static List<Address> vehicles(Path file, String interfaceName) throws IOException {
        var vehicles = new ArrayList<Address>();
        int number = 0;
        for (String line : text(file).lines().toList()) {
            number++;
            String said = line.replaceFirst("#.*", "").strip();
            if (said.isEmpty()) continue;
            var match = VEHICLE.matcher(said);
            if (!match.matches())
                throw new IllegalArgumentException(
                        file + " line " + number + ": '" + said + "' must be like diwan/r-001@3.0.0");
            String spoken = match.group(3);
            var version = Arrays.stream(Version.values())
                    .filter(one -> one.text().equals(spoken))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            file + ": version " + spoken + " of VDA 5050 is not spoken; 2.0.0, 2.1.0 and 3.0.0 are"));
            vehicles.add(new Address(interfaceName, version, match.group(1), match.group(2)));
        }
        return vehicles;
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MAX_SIZE)
            throw new IllegalArgumentException(file + " has more than " + MAX_SIZE + " bytes");
        return Files.readString(file);
    }
}
