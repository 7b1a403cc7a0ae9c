package org.diwan.engine.safetensors;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.diwan.engine.safetensors.SafetensorsFile.Tensor;

/// The weights of a model folder: `model.safetensors`, or the files that `model.safetensors.index.json` names
/// (`{"weight_map": {"tensor": "model-00001-of-00002.safetensors", …}}`).
public final class Shards implements AutoCloseable {
    /// Files of one model; the largest published have about 200.
    public static final int MAX_FILES = 2_048;

    /// Bytes of the index.
    public static final int MAX_INDEX_SIZE = 16 << 20;

    private final Map<String, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Shards() {}

    /// All weights of `folder`.
    ///
    /// @throws IOException naming what is missing, twice there, or no file of this folder
    public static Shards open(Path folder) throws IOException {
        var shards = new Shards();
        try {
            Path index = folder.resolve("model.safetensors.index.json");
            if (Files.exists(index)) {
                for (String name : names(index)) shards.add(folder.resolve(name));
            } else {
                shards.add(folder.resolve("model.safetensors"));
            }
            return shards;
        } catch (IOException | RuntimeException | Error e) {
            shards.close();
            throw e;
        }
    }

    /// The tensors of all files by name.
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /// The tensor of that name, which is there.
    public Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// The bytes of the tensor of that name, which is there.
    public MemorySegment data(String name) {
        return Objects.requireNonNull(files.get(name), name).data(tensor(name));
    }

    @Override
    public void close() {
        for (SafetensorsFile file : List.copyOf(new LinkedHashSet<>(files.values()))) file.close();
    }

    private void add(Path path) throws IOException {
        SafetensorsFile file = SafetensorsFile.open(path);
        var twice = new ArrayList<String>();
        for (Tensor tensor : file.tensors().values()) {
            if (tensors.putIfAbsent(tensor.name(), tensor) != null) twice.add(tensor.name());
            else files.put(tensor.name(), file);
        }
        if (!twice.isEmpty() || file.tensors().isEmpty()) {
            file.close();
            throw new SafetensorsException(
                    path, "tensors", twice.isEmpty() ? "none" : twice.getFirst() + " is in another file, too");
        }
    }

    private static Set<String> names(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_SIZE) {
            throw new SafetensorsException(index, "size", Files.size(index) + ", the limit is " + MAX_INDEX_SIZE);
        }
        var names = new TreeSet<String>();
        JsonNode map;
        try {
            map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
        } catch (JacksonException e) {
            throw new SafetensorsException(index, "index", "is not JSON: " + e.getOriginalMessage());
        }
        for (JsonNode name : map) {
            String text = name.asText();
            // A name, not a path: an index must not open what lies elsewhere.
            if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors")) {
                throw new SafetensorsException(index, "weight_map", "names '" + text + "', must be a file here");
            }
            names.add(text);
        }
        if (names.isEmpty() || names.size() > MAX_FILES) {
            throw new SafetensorsException(index, "weight_map", names.size() + " files, must be 1 to " + MAX_FILES);
        }
        return names;
    }
}
