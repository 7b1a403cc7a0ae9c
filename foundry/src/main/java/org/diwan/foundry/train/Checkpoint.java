package org.diwan.foundry.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Everything that a training run needs to go on: a safetensors file with the weights under their
/// GGUF names, the optimiser's vectors under `optimizer.*`, and the rest as metadata. The position
/// in the data is the step.
///
/// @param step steps done
/// @param seconds spent in steps, over all sittings
/// @param weights in the order of [Parameters]
/// @param optimizer flat vectors by name
public record Checkpoint(
        ModelShape shape,
        long seed,
        long step,
        double seconds,
        List<Safetensors.Array> weights,
        Map<String, float[]> optimizer) {
    /// Name of the file in a training folder.
    public static final String FILE = "checkpoint.safetensors";

    private static final String STATE = "optimizer.";

    public Checkpoint {
        weights = List.copyOf(weights);
        optimizer = Map.copyOf(optimizer);
    }

    /// `file` holds this checkpoint afterwards, or the one before: never half of one.
    public void write(Path file) throws IOException {
        var arrays = new ArrayList<>(weights);
        new TreeMap<>(optimizer)
                .forEach((name, values) ->
                        arrays.add(new Safetensors.Array(STATE + name, new long[] {values.length}, values)));
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("layers", "" + shape.layers());
        metadata.put("hidden", "" + shape.hidden());
        metadata.put("heads", "" + shape.heads());
        metadata.put("headSize", "" + shape.headSize());
        metadata.put("feedForward", "" + shape.feedForward());
        metadata.put("vocabulary", "" + shape.vocabulary());
        metadata.put("context", "" + shape.context());
        metadata.put("seed", "" + seed);
        metadata.put("step", "" + step);
        metadata.put("seconds", "" + seconds);
        Safetensors.write(file, metadata, arrays);
    }

    /// The checkpoint in `file`.
    ///
    /// @throws IOException naming the metadata that is missing or no number
    public static Checkpoint read(Path file) throws IOException {
        var content = Safetensors.read(file);
        var meta = content.metadata();
        try {
            var shape = new ModelShape(
                    Integer.parseInt(meta.getOrDefault("layers", "")),
                    Integer.parseInt(meta.getOrDefault("hidden", "")),
                    Integer.parseInt(meta.getOrDefault("heads", "")),
                    Integer.parseInt(meta.getOrDefault("headSize", "")),
                    Integer.parseInt(meta.getOrDefault("feedForward", "")),
                    Integer.parseInt(meta.getOrDefault("vocabulary", "")),
                    Integer.parseInt(meta.getOrDefault("context", "")));
            var weights = new ArrayList<Safetensors.Array>();
            var optimizer = new LinkedHashMap<String, float[]>();
            for (var array : content.arrays().values()) {
                if (array.name().startsWith(STATE))
                    optimizer.put(array.name().substring(STATE.length()), array.values());
                else weights.add(array);
            }
            return new Checkpoint(
                    shape,
                    Long.parseLong(meta.getOrDefault("seed", "")),
                    Long.parseLong(meta.getOrDefault("step", "")),
                    Double.parseDouble(meta.getOrDefault("seconds", "")),
                    weights,
                    optimizer);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": not a training checkpoint, its metadata is " + meta, e);
        }
    }
}
