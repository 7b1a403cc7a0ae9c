package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Off-heap memory for weights, in huge pages where the system has them.
///
/// Decoding reads every weight for every token, so the translation of addresses counts. Linux gives
/// pages of 2 MiB to those who ask before they first touch the memory: `mmap` (man 2 mmap), then
/// `madvise` with MADV_HUGEPAGE. `Arena.allocate` would touch it all, to zero it, and comes too late
/// (measured: no huge page, and 430 ms for 512 MiB). Elsewhere, or where Linux refuses, an arena
/// allocates.
public final class LargeMemory {
    private static final long HUGE_PAGE = 2L << 20;
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_PRIVATE_ANONYMOUS = 2 | 32;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final long PAGE = 4096;

    private static final @Nullable Calls CALLS = Calls.find();

    private LargeMemory() {}

    /// Zeroed memory of `size` bytes, freed by the garbage collector when nothing refers to it.
    public static MemorySegment allocate(long size) {
        if (CALLS != null && size >= HUGE_PAGE) {
            MemorySegment mapped = CALLS.map(size);
            if (mapped != null) {
                return mapped;
            }
        }
        return Arena.ofAuto().allocate(size, 64);
    }

    /// Tells the system that a read-only part of a mapped file will hardly be read again: its pages stop
    /// counting as this process's memory, and come back from the file if they are. A hint: where it is
    /// refused, nothing changes.
    public static void release(MemorySegment mapped) {
        if (CALLS == null || !mapped.isMapped()) return;
        long skip = -mapped.address() & (PAGE - 1);
        long size = (mapped.byteSize() - skip) / PAGE * PAGE;
        if (size > 0) CALLS.release(mapped.asSlice(skip, size));
    }

    /// The three system calls; null where they are not to be had.
    private record Calls(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {
        @SuppressWarnings("restricted")
        static @Nullable Calls find() {
            if (!System.getProperty("os.name").equals("Linux")) {
                return null;
            }
            return new Calls(
                    call("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
                    call("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
                    call("munmap", JAVA_INT, ADDRESS, JAVA_LONG));
        }

        @SuppressWarnings("restricted")
        private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, arguments));
        }

        @SuppressWarnings("restricted")
        @Nullable
        MemorySegment map(long size) {
            // One huge page more than needed, so that the part handed out can begin on one.
            long whole = (size / HUGE_PAGE + 2) * HUGE_PAGE;
            try {
                var address = (MemorySegment)
                        mmap.invokeExact(MemorySegment.NULL, whole, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
                if (address.address() == -1) {
                    return null;
                }
                // A refusal costs speed only.
                int ignored = (int) madvise.invokeExact(address, whole, MADV_HUGEPAGE);
                long skip = -address.address() & (HUGE_PAGE - 1);
                return address.reinterpret(whole, Arena.ofAuto(), memory -> unmap(memory, whole))
                        .asSlice(skip, size);
            } catch (Throwable e) {
                throw new AssertionError("system calls cannot throw", e);
            }
        }

        void release(MemorySegment memory) {
            try {
                int ignored = (int) madvise.invokeExact(memory, memory.byteSize(), MADV_DONTNEED);
            } catch (Throwable e) {
                throw new AssertionError("system calls cannot throw", e);
            }
        }

        private void unmap(MemorySegment memory, long size) {
            try {
                int ignored = (int) munmap.invokeExact(memory, size);
            } catch (Throwable e) {
                throw new AssertionError("system calls cannot throw", e);
            }
        }
    }
}
