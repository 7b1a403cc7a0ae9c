package org.diwan.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector shapes that kernels use, and the rule that makes their width invisible.
///
/// An auditor re-executes an answer on another machine, so the order of every float sum must not
/// depend on the width of a register. Two forms satisfy that:
///
/// 1. **Lane = output.** Each lane owns one output element and runs its own sequential chain
///    `sum = fma(a, b, sum)`. Narrower vectors only mean fewer outputs at a time.
/// 2. **Sixteen partial sums.** Element `k` goes to partial sum `k % 16`, each a sequential chain, and
///    [#sum] adds the sixteen in one fixed tree. 512 bits hold them in one register, 128 bits in four.
///
/// Integer sums are exact and may take any order. `reduceLanes` on floats leaves the order to the
/// machine and is never used.
///
/// The width is that of the machine, at most 512 bits; `-Ddiwan.vectorBits=128` (or 256, 512) forces
/// another, which tests use to show that all give the same bits.
public final class Lanes {
    /// Partial sums of a dot product, rows of an interleaved group, positions of a page of keys.
    public static final int GROUP = 16;

    /// Which kernels run: `-Ddiwan.kernels=machine` (the default: machine code where it can run, else
    /// vectors), `avx2` (the same without AVX-512), `vector`, or `scalar`: what sums runs as its scalar twin,
    /// to check the others against.
    static final String KERNELS = System.getProperty("diwan.kernels", "machine");

    /// Whether what sums runs as its scalar twin.
    public static final boolean SCALAR = KERNELS.equals("scalar");

    static final int BITS =
            Integer.getInteger("diwan.vectorBits", Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512));

    public static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128.withShape(shape(BITS));
    public static final VectorSpecies<Integer> INTS = IntVector.SPECIES_128.withShape(shape(BITS));
    public static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128.withShape(shape(BITS));

    /// As many bytes as [#SHORTS] has shorts.
    public static final VectorSpecies<Byte> HALF_BYTES = ByteVector.SPECIES_128.withShape(shape(BITS / 2));

    /// Floats in a vector: 4, 8 or 16, so that it divides [#GROUP].
    public static final int COUNT = FLOATS.length();

    private Lanes() {}

    private static VectorShape shape(int bits) {
        return VectorShape.forBitSize(bits);
    }

    /// The sum of sixteen partial sums: halves are added until one is left.
    public static float sum(float[] partial) {
        return sum(partial, 0);
    }

    /// The sum of partial sums p[i] … p[i + 15].
    static float sum(float[] p, int i) {
        float s0 = (p[i] + p[i + 8]) + (p[i + 4] + p[i + 12]);
        float s1 = (p[i + 1] + p[i + 9]) + (p[i + 5] + p[i + 13]);
        float s2 = (p[i + 2] + p[i + 10]) + (p[i + 6] + p[i + 14]);
        float s3 = (p[i + 3] + p[i + 11]) + (p[i + 7] + p[i + 15]);
        return (s0 + s2) + (s1 + s3);
    }
}
