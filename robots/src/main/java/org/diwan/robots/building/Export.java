package org.diwan.robots.building;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Buildings in the formats of others, by the same names as [Import].
public final class Export {
    private Export() {}

    /// Writes `building` to `file`, and tells what the format cannot hold.
    ///
    /// @param now for formats that say when they were written
    /// @throws IOException when it cannot be written
    /// @throws BuildingException where the file's name is of no kind that is known
    public static List<String> write(Building building, Path file, Instant now) throws IOException {
        var losses = new Losses();
        String name = file.getFileName().toString();
        String text;
        if (name.endsWith(".building.yaml")) text = new OpenRmfWriter(building, losses).write();
        else if (name.endsWith(".json")) text = new LifWriter(building, losses).write(now);
        else if (name.endsWith(".yaml") || name.endsWith(".yml")) text = BuildingFile.text(building);
        else
            throw new BuildingException(file + " is of no kind that is known; known are *.building.yaml (Open-RMF),"
                    + " *.json (LIF) and *.yaml");
        Files.writeString(file, text);
        return losses.all();
    }
}
