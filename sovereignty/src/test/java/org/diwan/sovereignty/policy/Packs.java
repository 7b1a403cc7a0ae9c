package org.diwan.sovereignty.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The packs of the repository, for tests.
final class Packs {
    static final Path FOLDER = Path.of(System.getProperty("diwan.home", ".."), "packs");

    private Packs() {}

    static List<Pack> shipped() {
        return load("de", "eu", "kr", "ph", "sa");
    }

    static List<Pack> load(String... names) {
        try {
            var packs = new ArrayList<Pack>();
            for (var name : names) packs.add(Pack.load(FOLDER.resolve(name)));
            return List.copyOf(packs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Policy policy(List<Pack> packs) {
        try {
            return Policy.of(packs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `pack` with another text in one policy file.
    static Pack with(Pack pack, String file, String text) {
        var policies = new TreeMap<>(pack.policies());
        policies.put(file, text);
        return new Pack(
                pack.folder(),
                pack.title(),
                pack.jurisdiction(),
                pack.includes(),
                pack.languages(),
                pack.members(),
                pack.classes(),
                pack.lists(),
                pack.purposes(),
                pack.laws(),
                pack.breach(),
                pack.reviewed(),
                pack.definition(),
                policies,
                pack.promises(),
                pack.examples(),
                pack.identifiers());
    }
}
