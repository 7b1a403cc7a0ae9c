package org.diwan.engine.gguf;

/// How the weights of a tensor are stored: blocks of [#blockWeights()] weights in [#blockSize()]
/// bytes, little-endian. Numbers and layouts are those of GGUF (ggml's `ggml_type` and
/// `ggml-common.h`, as of 2025):
///
/// | type | block | meaning of a block |
/// |---|---|---|
/// | F32, F16, BF16 | 1 weight | IEEE 754 binary32, binary16, upper half of a binary32 |
/// | Q8_0 | 32 in 34 bytes | f16 scale d, 32 × int8 q: weight = d·q |
/// | Q4_0 | 32 in 18 bytes | f16 scale d, 16 bytes: byte i holds q(i) low, q(i+16) high: d·(q − 8) |
/// | Q4_K | 256 in 144 bytes | f16 d, f16 e, 12 bytes: 6-bit s, m of each 32; 128 of nibbles q: d·s·q − e·m |
/// | Q5_K | 256 in 176 bytes | as Q4_K, with 32 bytes of fifth bits before the nibbles |
/// | Q6_K | 256 in 210 bytes | 128 bytes of low nibbles, 64 of upper bit pairs, 16 int8 scales s, f16 d: d·s·(q − 32) |
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    BF16(30, 1, 2),
    Q8_0(8, 32, 34),
    Q4_0(2, 32, 18),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210);

    private final int id;
    private final int blockWeights;
    private final int blockSize;

    TensorType(int id, int blockWeights, int blockSize) {
        this.id = id;
        this.blockWeights = blockWeights;
        this.blockSize = blockSize;
    }

    /// The number that stands for this type in a file.
    public int id() {
        return id;
    }

    /// Weights in one block; the first dimension of a tensor is a multiple of it.
    public int blockWeights() {
        return blockWeights;
    }

    /// Bytes in one block.
    public int blockSize() {
        return blockSize;
    }

    /// Bytes that `weights` weights take; `weights` is a multiple of [#blockWeights()].
    public long size(long weights) {
        assert weights % blockWeights == 0 : weights + " weights are not whole blocks of " + this;
        return weights / blockWeights * blockSize;
    }
}
