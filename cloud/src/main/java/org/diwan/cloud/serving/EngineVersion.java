package org.diwan.cloud.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import org.diwan.base.Digest;
import org.diwan.engine.model.Model;
import org.diwan.language.Tokenizer;

/// Which program answers: `diwan 0.2.0 sha256:` and the digest of its code, so that an auditor whose
/// replay differs knows whether the same program ran.
///
/// The digest is over the modules `base`, `engine`, `language` and `cloud`, each file in the order of
/// its path: SHA-256 of (path ‖ 0x00 ‖ SHA-256 of its bytes) one after the other. Folders of classes and
/// jars of the same classes have the same digest; a build is meant to be reproducible by the same compiler.
public final class EngineVersion {
    private static final String NAME = "diwan 0.2.0";

    /// The text, computed at the first call: some two megabytes of classes are read.
    public static String text() {
        return Held.TEXT;
    }

    private EngineVersion() {}

    private static final class Held {
        private static final String TEXT = NAME + " sha256:" + own();

        private static String own() {
            try {
                return digest(List.of(of(Digest.class), of(Model.class), of(Tokenizer.class), of(EngineVersion.class)));
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException("the program cannot read its own code: " + e.getMessage(), e);
            }
        }

        private static Path of(Class<?> type) throws URISyntaxException {
            URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(place);
        }
    }

    /// @param modules folders of classes, or jars
    static String digest(List<Path> modules) throws IOException {
        var digest = Digest.sha256();
        for (Path module : modules) {
            if (Files.isDirectory(module)) {
                add(module, digest);
            } else {
                try (var jar = FileSystems.newFileSystem(module)) {
                    add(jar.getPath("/"), digest);
                }
            }
        }
        return Digest.hex(digest.digest());
    }

    private static void add(Path root, MessageDigest digest) throws IOException {
        try (var files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .map(file -> new Named(root.relativize(file).toString().replace('\\', '/'), file))
                    .filter(file -> !file.name().startsWith("META-INF/"))
                    .sorted(Comparator.comparing(Named::name))
                    .forEach(file -> {
                        digest.update(file.name().getBytes(StandardCharsets.UTF_8));
                        digest.update((byte) 0);
                        digest.update(file.sha256());
                    });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private record Named(String name, Path file) {
        byte[] sha256() {
            try {
                return Digest.sha256(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
