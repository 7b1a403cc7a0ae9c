package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.diwan.app.Main.Refused;
import org.diwan.robots.building.BuildingException;
import org.diwan.robots.building.Export;
import org.diwan.robots.building.Import;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan robots map`: is a building sound, and what is it in another format?
@Command(
        name = "map",
        description = {
            "Check a building: ours (*.yaml), Open-RMF's (*.building.yaml) or VDA's LIF (*.json); with --out, write it",
            "as one of these, and say what that format cannot hold."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan robots map recipes/robots/tower.yaml --out /tmp/tower.building.yaml"})
final class RobotsMap extends Verb {
    @Parameters(paramLabel = "FILE", description = "The building.")
    private Path file = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "Write it there; the name's end says how.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException, Refused {
        Import.Imported read;
        try {
            read = Import.read(file);
        } catch (BuildingException e) {
            throw new Refused(String.join("\n", e.faults()));
        }
        var building = read.building();
        out().printf(
                        "%s: %d floors, %d places, %d lanes, %d lifts, %d doors, %d zones%n",
                        building.name(),
                        building.floors().size(),
                        building.places().size(),
                        building.lanes().size(),
                        building.lifts().size(),
                        building.doors().size(),
                        building.zones().size());
        for (String loss : read.losses()) out().println("- " + loss);
        for (String fault : read.faults()) out().println("✗ " + fault);
        if (out != null) for (String loss : Export.write(building, out, Instant.now())) out().println("- " + loss);
        return read.faults().isEmpty() ? 0 : Main.CHECK_FAILED;
    }
}
