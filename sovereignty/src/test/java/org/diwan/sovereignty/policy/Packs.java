package org.diwan.sovereignty.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// The packs of the repository, for tests.
final class Packs {
    static final Path FOLDER = Path.of(System.getProperty("diwan.home", ".."), "packs");

    private Packs() {}

    static List<Pack> shipped() {
        try {
            return List.of(Pack.load(FOLDER.resolve("sa")), Pack.load(FOLDER.resolve("eu")));
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
}
