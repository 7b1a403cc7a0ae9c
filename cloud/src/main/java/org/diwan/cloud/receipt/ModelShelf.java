package org.diwan.cloud.receipt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.diwan.base.Digest;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.kernel.KvType;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The model files of an auditor, found by what they are and not by what they are called. The last one
/// used stays loaded: receipts that are checked in the order of their models load each once. Not for
/// several threads.
public final class ModelShelf implements AutoCloseable {
    /// One answer at a time, nobody waits.
    private static final EngineLimits ALONE = new EngineLimits(1, 1, 256);

    private final Path folder;
    private final int threads;
    private final Consumer<String> passed;
    private final Map<Path, String> digests = new TreeMap<>();
    private @Nullable Loaded loaded;

    /// What runs, as `maker` names it or as the weights claimed to be in a file.
    private record Loaded(@Nullable Maker maker, @Nullable Path claimed, AutoCloseable running) {}

    /// @param folder with `*.gguf` files; each is read whole once, when the first model is looked for
    /// @param passed hears of every model that was found
    public ModelShelf(Path folder, int threads, Consumer<String> passed) {
        this.folder = folder;
        this.threads = threads;
        this.passed = passed;
    }

    /// The model that `maker` names, keeping keys and values as it did.
    ///
    /// @throws VerificationException when no file is that model
    public LocalModel model(Maker.Engine maker) throws IOException, VerificationException {
        if (loaded != null
                && loaded.running() instanceof LocalModel model
                && loaded.maker() instanceof Maker.Engine before
                && before.sha256().equals(maker.sha256())
                && before.cache() == maker.cache()) return model;
        Path file = find(maker.model(), maker.sha256());
        close();
        var model = LocalModel.load(file, threads, ALONE.withCacheType(maker.cache()));
        loaded = new Loaded(maker, null, model);
        return model;
    }

    /// The encoder that `maker` names.
    ///
    /// @throws VerificationException when no file is that encoder
    public LocalEncoder encoder(Maker.Encoder maker) throws IOException, VerificationException {
        if (loaded != null
                && loaded.running() instanceof LocalEncoder encoder
                && loaded.maker() instanceof Maker.Encoder before
                && before.sha256().equals(maker.sha256())) return encoder;
        Path file = find(maker.model(), maker.sha256());
        close();
        var encoder = LocalEncoder.load(file, threads);
        loaded = new Loaded(maker, null, encoder);
        return encoder;
    }

    /// The model in `file`, to score with; keys and values as they are.
    public LocalModel claimed(Path file) throws IOException {
        if (loaded != null && loaded.running() instanceof LocalModel model && file.equals(loaded.claimed()))
            return model;
        close();
        var model = LocalModel.load(file, threads, ALONE.withCacheType(KvType.F32));
        loaded = new Loaded(null, file, model);
        return model;
    }

    private Path find(String model, String sha256) throws IOException, VerificationException {
        if (digests.isEmpty()) {
            try (var files = Files.newDirectoryStream(folder, "*.gguf")) {
                for (Path file : files) digests.put(file, Digest.hex(Digest.sha256(file)));
            }
        }
        var seen = new ArrayList<String>();
        for (var file : digests.entrySet()) {
            if (file.getValue().equals(sha256)) {
                passed.accept("model: " + file.getKey().getFileName() + " has SHA-256 " + sha256);
                return file.getKey();
            }
            seen.add(file.getKey().getFileName() + " (" + file.getValue() + ")");
        }
        throw new VerificationException(
                "model: the answer was made by " + model + " with SHA-256 " + sha256 + "; no *.gguf in " + folder
                        + " is that file. There: " + (seen.isEmpty() ? "none" : String.join(", ", seen)));
    }

    /// Unloads what is loaded.
    @Override
    public void close() {
        if (loaded == null) return;
        switch (loaded.running()) {
            case LocalModel model -> model.close();
            case LocalEncoder encoder -> encoder.close();
            default -> throw new AssertionError("a shelf holds models and encoders");
        }
        loaded = null;
    }
}
