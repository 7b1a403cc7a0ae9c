package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.policy.Pack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options `--packs` and `--on`, and the packs they lead to.
final class PackFolders {
    @Option(names = "--packs", paramLabel = "DIR", description = "Folder of packs (default: packs/).")
    private @Nullable Path chosen;

    @Option(names = "--on", paramLabel = "DATE", description = "The day whose law counts (default: today, UTC).")
    private @Nullable String on;

    LocalDate day() {
        return day(LocalDate.now(ZoneOffset.UTC));
    }

    /// The day that was named, else another than today.
    LocalDate day(LocalDate otherwise) {
        try {
            return on == null ? otherwise : LocalDate.parse(on);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--on " + on + ": not a date such as 2026-08-02", e);
        }
    }

    private Path folder() {
        return chosen != null ? chosen : Home.packs();
    }

    /// Every pack there is.
    List<Pack> all() throws IOException {
        return Law.packs(folder());
    }

    /// The pack `name`, a folder or a name in `--packs`.
    Pack one(String name) throws IOException {
        Path path = Path.of(name);
        return Pack.load(Files.exists(path.resolve("pack.yaml")) ? path : folder().resolve(name));
    }

    /// `pack` and all that it includes, beside it or in `--packs`, by name.
    List<Pack> with(Pack pack) throws IOException {
        var packs = new ArrayList<>(List.of(pack));
        for (int i = 0; i < packs.size(); i++)
            for (var included : packs.get(i).includes()) {
                if (packs.stream().anyMatch(known -> known.jurisdiction().equals(included))) continue;
                Path beside = pack.folder().toAbsolutePath().resolveSibling(included.code());
                packs.add(Pack.load(Files.exists(beside) ? beside : folder().resolve(included.code())));
            }
        packs.sort(Comparator.comparing(Pack::jurisdiction));
        return packs;
    }

    /// Every pack there is, with `pack` in the place of its namesake.
    List<Pack> allWith(Pack pack) throws IOException {
        var packs = new ArrayList<>(all());
        packs.removeIf(old -> old.jurisdiction().equals(pack.jurisdiction()));
        packs.add(pack);
        packs.sort(Comparator.comparing(Pack::jurisdiction));
        return packs;
    }
}
