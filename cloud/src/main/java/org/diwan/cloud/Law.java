package org.diwan.cloud;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.diwan.base.Digest;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// The law of every country that this machine has a pack for, as it is on one day: a server keeps the
/// law of the day on which it was started.
///
/// @param packs by name, in order
public record Law(List<Pack> packs, Classifier classifier, Policy policy) {
    private static final String IDENTIFIERS = "identifiers.yaml";

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

    /// SHA-256 over all in the packs that a verdict on a text hangs on, in lower-case hexadecimal: a line
    /// each of [Policy#digest], of the id of each rule in force, by name, and of the digest of each
    /// `identifiers.yaml`, the packs' in their order and then the common one.
    ///
    /// @throws IOException when such a file cannot be read
    public String digest() throws IOException {
        var lines = new ArrayList<>(List.of(policy.digest()));
        policy.rules().stream().map(Rule::id).sorted().forEach(lines::add);
        for (var pack : packs) lines.add(Digest.hex(Digest.sha256(pack.folder().resolve(IDENTIFIERS))));
        Path common = packs.getFirst().folder().toAbsolutePath().resolveSibling(IDENTIFIERS);
        if (Files.exists(common)) lines.add(Digest.hex(Digest.sha256(common)));
        return Digest.hex(Digest.sha256(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
    }
}
