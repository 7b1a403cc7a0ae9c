package org.diwan.sovereignty.policy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Territories.Route;

/// A set of kinds of data. A kind is all that a decision knows of the data itself: class, sector and
/// traits; there are 4 × 5 × 2⁵ = 640. A condition is evaluated for all of them at once, a bit each,
/// so that a rule costs a few machine words per route instead of 640 evaluations. Immutable.
///
/// The number of a kind is `(class × 5 + sector) × 32 + traits`, each counted in the order of its
/// enum and the traits as bits, the first the lowest.
final class KindSet {
    private static final List<DataClass> CLASSES = List.of(DataClass.values());
    private static final List<Sector> SECTORS = List.of(Sector.values());
    private static final List<Trait> TRAITS = List.of(Trait.values());

    /// Number of kinds of one class in one sector.
    private static final int MIXTURES = 1 << TRAITS.size();

    /// Number of kinds.
    static final int COUNT = CLASSES.size() * SECTORS.size() * MIXTURES;

    static final KindSet NONE = of(kind -> false);
    static final KindSet ALL = of(kind -> true);

    private static final List<KindSet> OF_CLASS = sets(CLASSES.size(), kind -> kind / MIXTURES / SECTORS.size());
    private static final List<KindSet> OF_SECTOR = sets(SECTORS.size(), kind -> kind / MIXTURES % SECTORS.size());
    private static final List<KindSet> OF_TRAIT = IntStream.range(0, TRAITS.size())
            .mapToObj(trait -> of(kind -> (kind >> trait & 1) != 0))
            .toList();

    private final BitSet bits;

    private KindSet(BitSet bits) {
        this.bits = bits;
    }

    private static KindSet of(IntPredicate member) {
        var bits = new BitSet(COUNT);
        for (int kind = 0; kind < COUNT; kind++) bits.set(kind, member.test(kind));
        return new KindSet(bits);
    }

    private static List<KindSet> sets(int count, IntUnaryOperator value) {
        return IntStream.range(0, count)
                .mapToObj(wanted -> of(kind -> value.applyAsInt(kind) == wanted))
                .toList();
    }

    static KindSet of(DataClass dataClass) {
        return OF_CLASS.get(CLASSES.indexOf(dataClass));
    }

    static KindSet of(Sector sector) {
        return OF_SECTOR.get(SECTORS.indexOf(sector));
    }

    static KindSet of(Trait trait) {
        return OF_TRAIT.get(TRAITS.indexOf(trait));
    }

    static KindSet of(boolean all) {
        return all ? ALL : NONE;
    }

    /// The number of the kind that `request` is about.
    static int kind(DecisionRequest request) {
        int traits = 0;
        for (var trait : request.traits()) traits |= 1 << TRAITS.indexOf(trait);
        int sectors = CLASSES.indexOf(request.dataClass()) * SECTORS.size() + SECTORS.indexOf(request.sector());
        return sectors * MIXTURES + traits;
    }

    /// The request about `kind` on this route.
    static DecisionRequest request(int kind, Route route, String purpose) {
        var traits = EnumSet.noneOf(Trait.class);
        for (int i = 0; i < TRAITS.size(); i++) if ((kind >> i & 1) != 0) traits.add(TRAITS.get(i));
        return new DecisionRequest(
                CLASSES.get(kind / MIXTURES / SECTORS.size()),
                SECTORS.get(kind / MIXTURES % SECTORS.size()),
                traits,
                route.origin(),
                route.destination(),
                purpose);
    }

    boolean contains(int kind) {
        return bits.get(kind);
    }

    boolean isEmpty() {
        return bits.isEmpty();
    }

    /// The least kind in it, which has one.
    int first() {
        assert !bits.isEmpty() : "an empty set has no first";
        return bits.nextSetBit(0);
    }

    int count() {
        return bits.cardinality();
    }

    void forEach(IntConsumer each) {
        bits.stream().forEach(each);
    }

    KindSet and(KindSet other) {
        var and = (BitSet) bits.clone();
        and.and(other.bits);
        return new KindSet(and);
    }

    KindSet or(KindSet other) {
        var or = (BitSet) bits.clone();
        or.or(other.bits);
        return new KindSet(or);
    }

    KindSet not() {
        var not = (BitSet) bits.clone();
        not.flip(0, COUNT);
        return new KindSet(not);
    }

    /// A bit for each kind, the first the lowest of the first byte.
    byte[] bytes() {
        var bytes = ByteBuffer.allocate((COUNT + 63) / 64 * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : bits.toLongArray()) bytes.putLong(word);
        return bytes.array();
    }
}
