package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Collectors;

/// Where Diwan itself lies: the folder of the launcher, with `models/` and `packs/` in it.
final class Home {
    private Home() {}

    /// The folder that the launcher names in `diwan.home`; without a launcher the current one.
    static Path folder() {
        return Path.of(System.getProperty("diwan.home", "")).toAbsolutePath();
    }

    static Path packs() {
        return folder().resolve("packs");
    }

    static Path models() {
        return folder().resolve("models");
    }

    /// The one model that comes with Diwan.
    ///
    /// @throws IOException when there is none or a choice, saying what to do
    static Path onlyModel() throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(models()))
            try (var files = Files.newDirectoryStream(models(), "*.gguf")) {
                files.forEach(found::add);
            }
        if (found.size() == 1) return found.getFirst();
        if (found.isEmpty())
            throw new IOException(models() + ": there is no *.gguf here; say which model to run with --model FILE");
        throw new IOException(models() + ": choose one with --model FILE: "
                + found.stream()
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }
}
