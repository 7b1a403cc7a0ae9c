package org.diwan.robots.building;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Buildings from the formats of others: Open-RMF's building maps (`*.building.yaml`, as its traffic editor writes
/// them), VDA's Layout Interchange Format 1.0 (`*.json`), and our own (`*.yaml`).
public final class Import {
    /// What was read.
    ///
    /// @param building as near as it can be; its islands are in `cutOff`
    /// @param losses what the file says and the building does not, and what was supposed
    /// @param faults what has to be mended before [BuildingFile] reads it back
    public record Imported(Building building, List<String> losses, List<String> faults) {
        public Imported {
            losses = List.copyOf(losses);
            faults = List.copyOf(faults);
        }
    }

    private Import() {}

    /// The building in `file`; the kind follows from its name.
    ///
    /// @throws IOException when it cannot be read
    /// @throws BuildingException naming file, line and what is wrong with it
    public static Imported read(Path file) throws IOException {
        String name = file.getFileName().toString();
        long size = Files.size(file);
        if (size > Cursor.MAX_SIZE)
            throw new BuildingException(file + " has " + size + " bytes, the limit is " + Cursor.MAX_SIZE);
        String text = Files.readString(file);
        try {
            if (name.endsWith(".building.yaml")) return openRmf(text);
            if (name.endsWith(".json")) return lif(text);
            if (name.endsWith(".yaml") || name.endsWith(".yml"))
                return new Imported(BuildingFile.parse(text), List.of(), List.of());
        } catch (BuildingException e) {
            throw new BuildingException(
                    e.faults().stream().map(fault -> file + ": " + fault).toList());
        }
        throw new BuildingException(file + " is of no kind that is known; known are *.building.yaml (Open-RMF), *.json"
                + " (LIF) and *.yaml");
    }

    static Imported openRmf(String text) {
        var losses = new Losses();
        return imported(new OpenRmfReader(losses).read(Cursor.parse(text)), losses);
    }

    static Imported lif(String text) {
        var losses = new Losses();
        // JSON is YAML but for tabs, which it only has between its tokens.
        return imported(new LifReader(losses).read(Cursor.parse(text.replace('\t', ' '))), losses);
    }

    /// Names its islands.
    private static Imported imported(Building open, Losses losses) {
        var cutOff = Reach.faults(open).stream()
                .map(fault -> fault.subject().substring("place ".length()))
                .toList();
        var building = new Building(
                open.name(),
                open.floors(),
                open.places(),
                open.lanes(),
                open.lifts(),
                open.doors(),
                open.zones(),
                Set.copyOf(cutOff));
        if (!cutOff.isEmpty())
            losses.say("not all is joined: " + cutOff.size() + " places are named in cut-off, the first is "
                    + cutOff.getFirst());
        var faults = BuildingCheck.faults(building).stream()
                .map(BuildingCheck.Fault::toString)
                .toList();
        return new Imported(building, losses.all(), faults);
    }
}
