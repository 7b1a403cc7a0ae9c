package org.diwan.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.diwan.cloud.api.Json;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;

/// The memory that a model takes, known before it is loaded: weights, and keys and values of every
/// position. Activations and tables come on top, some tens of megabytes; of an encoder, which
/// remembers nothing, the activations are what counts.
///
/// @param weights bytes
/// @param activations bytes that an encoder computes in one step; 0 for decoders
/// @param cached keys and values of one position: numbers, not bytes
/// @param context positions of one text
/// @param slots texts at once
record ModelMemory(long weights, long activations, long cached, int context, int slots) {
    /// Contexts of a million positions are advertised and seldom meant.
    private static final int MOST_ASSUMED = 8_192;

    /// Tokens of an encoder's step, and the arrays of its width for each: what [Encoder] keeps.
    private static final int ENCODER_ROWS = 2_048;

    private static final int ENCODER_ARRAYS = 5;

    /// @param context positions, or 0 for those the file states, at most 8,192
    static ModelMemory of(GgufFile file, int context, int slots) {
        long weights = file.tensors().stream().mapToLong(TensorInfo::size).sum();
        Map<String, Object> metadata = file.metadata();
        String prefix = metadata.getOrDefault("general.architecture", "") + ".";
        long layers = number(metadata, prefix + "block_count", 0);
        long heads = number(metadata, prefix + "attention.head_count", 1);
        long kvHeads = number(metadata, prefix + "attention.head_count_kv", heads);
        long headSize = number(
                metadata,
                prefix + "attention.key_length",
                number(metadata, prefix + "embedding_length", 0) / Math.max(1, heads));
        long stated = number(metadata, prefix + "context_length", MOST_ASSUMED);
        if ("bert.".equals(prefix)) {
            long width = ENCODER_ARRAYS * number(metadata, "bert.embedding_length", 0)
                    + number(metadata, "bert.feed_forward_length", 0);
            return new ModelMemory(weights, ENCODER_ROWS * width * Float.BYTES, 0, (int) stated, slots);
        }
        int positions = context > 0 ? context : Math.clamp(stated, 1, MOST_ASSUMED);
        return new ModelMemory(weights, 0, 2 * layers * kvHeads * headSize, positions, slots);
    }

    private static long number(Map<String, Object> metadata, String key, long absent) {
        return metadata.get(key) instanceof Number number && number.longValue() >= 0
                ? Math.min(number.longValue(), Integer.MAX_VALUE)
                : absent;
    }

    /// Whether texts are read whole and forgotten.
    boolean encodes() {
        return activations > 0;
    }

    /// Bytes of keys and values of one position.
    long perToken(TensorType type) {
        return cached * type.blockSize() / type.blockWeights();
    }

    /// Bytes of everything, its keys and values stored as `type`.
    long total(TensorType type) {
        return weights + activations + perToken(type) * context * slots;
    }

    /// Bytes of memory that this machine has.
    static long machine() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    ObjectNode json() {
        var body = Json.object();
        body.put("weights", weights);
        if (encodes()) {
            long total = total(TensorType.F32);
            return body.put("activations", activations).put("total", total).put("fits", total <= machine());
        }
        body.put("context", context).put("slots", slots).put("machine", machine());
        for (var type : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.Q8_0}) {
            body.putObject("keysAndValues" + type)
                    .put("perToken", perToken(type))
                    .put("total", total(type))
                    .put("fits", total(type) <= machine());
        }
        return body;
    }
}
