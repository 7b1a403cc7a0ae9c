package org.diwan.robots.mission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;

/// The sample hospital, and somebody who speaks there at ten in the morning.
final class Hospital {
    static final Path FOLDER = Path.of(System.getProperty("diwan.home", "..")).resolve("recipes/robots");
    static final Premises PREMISES = premises();
    static final Ground GROUND = new Ground(PREMISES);
    static final ZonedDateTime NOW = ZonedDateTime.of(2026, 11, 29, 10, 0, 0, 0, ZoneOffset.UTC);
    static final Asker NURSE = new Asker("nurse", "hospital", Optional.of("203"), Set.of());

    private Hospital() {}

    private static Premises premises() {
        try {
            return PremisesFile.read(FOLDER.resolve("hospital-premises.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Understanding understand(String utterance) {
        return new Understander(GROUND, new RuleParser(GROUND))
                .understand(utterance, NURSE, NOW)
                .understanding();
    }
}
