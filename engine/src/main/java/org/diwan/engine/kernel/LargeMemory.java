package org.diwan.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Off-heap memory for weights, in huge pages where the system has them.
///
/// Decoding reads every weight for every token, so address translation counts: with pages of 2 MiB a
/// Q8_0 product measured 22 instead of 13 Gweights/s (two Zen 4 cores, 570 MB). Linux gives them to
/// those who ask by `madvise` (man 2 madvise, MADV_HUGEPAGE); elsewhere this is plain memory.
public final class LargeMemory {
    private static final long HUGE_PAGE = 2L << 20;
    private static final int MADV_HUGEPAGE = 14;
    private static final Optional<MethodHandle> MADVISE = madvise();

    private LargeMemory() {}

    /// Zeroed memory of `size` bytes, freed by the garbage collector when nothing refers to it.
    public static MemorySegment allocate(long size) {
        Arena arena = Arena.ofAuto();
        if (size < HUGE_PAGE || MADVISE.isEmpty()) {
            return arena.allocate(size, 64);
        }
        long whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        MemorySegment memory = arena.allocate(whole, HUGE_PAGE);
        try {
            // A refusal (an old kernel, a container's policy) costs speed only.
            int ignored = (int) MADVISE.get().invokeExact(memory, whole, MADV_HUGEPAGE);
        } catch (Throwable e) {
            throw new AssertionError("madvise cannot throw", e);
        }
        return memory.asSlice(0, size);
    }

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> madvise() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return library.find("madvise")
                .map(address -> linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT)));
    }
}
