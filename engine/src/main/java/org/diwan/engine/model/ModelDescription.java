package org.diwan.engine.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;

/// What `model inspect` tells about a model.
///
/// @param name `general.name`, or the architecture where the file has none
/// @param fileSize bytes
/// @param weights how many
/// @param tensorsByType tensors of each type
/// @param weightBytesByType bytes of the weights of each type
/// @param cacheBytesPerToken memory for keys and values of one position
/// @param cacheBytesFullContext the same for a sequence as long as the model allows
public record ModelDescription(
        String name,
        ModelConfig config,
        long fileSize,
        long weights,
        Map<TensorType, Integer> tensorsByType,
        Map<TensorType, Long> weightBytesByType,
        long cacheBytesPerToken,
        long cacheBytesFullContext) {
    public ModelDescription {
        tensorsByType = Collections.unmodifiableMap(new EnumMap<>(tensorsByType));
        weightBytesByType = Collections.unmodifiableMap(new EnumMap<>(weightBytesByType));
    }

    static ModelDescription of(GgufFile file, ModelConfig config) {
        var tensors = new EnumMap<TensorType, Integer>(TensorType.class);
        var bytes = new EnumMap<TensorType, Long>(TensorType.class);
        long weights = 0;
        for (TensorInfo info : file.tensors()) {
            tensors.merge(info.type(), 1, Integer::sum);
            bytes.merge(info.type(), info.size(), Long::sum);
            weights += info.weights();
        }
        Object name = file.metadata().getOrDefault("general.name", config.architecture());
        return new ModelDescription(
                name.toString(),
                config,
                file.size(),
                weights,
                tensors,
                bytes,
                config.cacheBytesPerPosition(),
                config.cacheBytesPerPosition() * config.contextLength());
    }
}
