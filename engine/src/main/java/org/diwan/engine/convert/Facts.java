package org.diwan.engine.convert;

import java.io.IOException;
import org.diwan.engine.gguf.GgufWriter;
import org.jspecify.annotations.Nullable;

/// What the settings of a folder say of its model, as far as tensors and metadata depend on it.
sealed interface Facts permits ModelFacts, EncoderFacts {
    /// The facts of the model in a folder with this `config.json`.
    static Facts of(Config config) throws IOException {
        return EncoderFacts.isEncoder(config) ? EncoderFacts.of(config) : ModelFacts.of(config);
    }

    /// The value of `general.architecture`.
    String gguf();

    /// Transformer blocks.
    int layers();

    /// Adds the metadata that describes the model.
    void describe(GgufWriter writer) throws ConversionException;

    /// The place of the tensor `name`; null where the model has none for it.
    Naming.@Nullable Place place(String name);

    /// Experts of a layer.
    default int experts() throws ConversionException {
        return 0;
    }

    /// The contents of `rope_freqs.weight`; empty for models without.
    default float[] ropeFactors() throws ConversionException {
        return new float[0];
    }

    /// Whether 1 is added to the weights of the vector `name`.
    default boolean shifts(String name) {
        return false;
    }

    /// The heads whose rotary pairs the tensor `name` holds apart; 0 for all other tensors.
    default int pairs(String name) {
        return 0;
    }

    /// Whether the matrix `name` is F32 whatever its source is.
    boolean widens(String name);

    /// Rows of the matrix `name` that are left out, from the first on.
    default int skippedRows(String name) {
        return 0;
    }
}
