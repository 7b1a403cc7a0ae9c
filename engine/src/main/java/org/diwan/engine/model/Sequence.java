package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.kernel.KeyValues;

/// One text as the model remembers it: the keys and values of its positions in every layer.
/// Made by [Model#sequence()]; owned by the thread that runs its batches.
public final class Sequence {
    private final List<KeyValues> layers;
    private final int capacity;
    private int length;

    Sequence(ModelConfig config) {
        this.capacity = config.contextLength();
        this.layers = new ArrayList<>(config.layers());
        for (int i = 0; i < config.layers(); i++) layers.add(new KeyValues(config.kvHeads(), config.headSize()));
    }

    /// Positions that hold a token, or will after the batch that carries it has run.
    public int length() {
        return length;
    }

    /// The position of one more token.
    int append() {
        if (length == capacity) throw new IllegalStateException("the context of " + capacity + " positions is full");
        return length++;
    }

    KeyValues layer(int index) {
        return layers.get(index);
    }
}
