package org.diwan.datacenter.reassign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A published instance: its files, and what its assignment of today costs.
record Roadef(String name, Path folder, long original) {
    /// Those of which `DIWAN_DATA` has the files; skips the test when it is not set.
    static Stream<Roadef> all() throws IOException {
        String data = System.getenv("DIWAN_DATA");
        Assumptions.assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no published instances");
        Path folder = Path.of(data, "datacenter", "roadef2012");
        List<String> lines = Files.readAllLines(folder.resolve("roadef_published.tsv"));
        return lines.stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(cells -> new Roadef(cells[0].replace("b_0", "b_"), folder, Long.parseLong(cells[1])))
                .filter(published -> Files.exists(published.model()));
    }

    private Path model() {
        return folder.resolve("model_" + name + ".txt");
    }

    Instance read() throws IOException {
        return Instance.read(model(), folder.resolve("assignment_" + name + ".sol"));
    }

    @Override
    public String toString() {
        return name;
    }
}
