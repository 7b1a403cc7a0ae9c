package org.diwan.cloud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;

/// The law of every country that this machine has a pack for, as it is on one day: a server keeps the
/// law of the day on which it was started.
///
/// @param packs by name, in order
public record Law(List<Pack> packs, Classifier classifier, Policy policy) {
    /// Everything in `folder`, which holds one folder for each country, as it is in force on `day`.
    ///
    /// @throws IOException naming the file that cannot be read or is wrong, or saying that there is none
    public static Law load(Path folder, LocalDate day) throws IOException {
        var packs = packs(folder);
        return new Law(packs, Classifier.of(packs), Policy.of(packs, day));
    }

    /// The packs in `folder`, by name, their rules not yet read.
    ///
    /// @throws IOException as [#load]
    public static List<Pack> packs(Path folder) throws IOException {
        var packs = new ArrayList<Pack>();
        try (var folders = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path pack : folders) packs.add(Pack.load(pack));
        }
        if (packs.isEmpty()) throw new IOException(folder + ": no packs; without law nothing is permitted");
        packs.sort(Comparator.comparing(Pack::jurisdiction));
        return List.copyOf(packs);
    }
}
