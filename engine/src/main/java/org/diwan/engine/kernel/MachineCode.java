package org.diwan.engine.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Routines made by [Assembler], ready to be called.
///
/// The Vector API has no instruction that multiplies and adds bytes (`vpdpbusd`, 64 products at a
/// time) nor AVX2's (`vpmaddubsw`, 32), which is what other engines run on. Integer sums are exact, so a
/// routine that uses them gives the bits of the vector kernel and of the scalar twin, only sooner. It
/// needs Linux on x86-64 and a system that lets a process make its own memory executable (as a Java VM
/// must); elsewhere, and with `-Ddiwan.kernels=vector`, the vector kernels run.
final class MachineCode {
    /// The sets of instructions that routines are written for, the best last.
    enum Level {
        /// No routine can run.
        NONE(0, ""),
        /// 256-bit vectors in sixteen registers.
        AVX2(256, "avx2 fma f16c"),
        /// 512-bit vectors in 32 registers, with `vpdpbusd`.
        AVX512_VNNI(512, "avx512f avx512bw avx512_vnni");

        /// Of a vector.
        final int bits;

        /// What `/proc/cpuinfo` calls the instructions that routines use.
        private final String flags;

        Level(int bits, String flags) {
            this.bits = bits;
            this.flags = flags;
        }

        private boolean in(List<String> processor) {
            return processor.containsAll(List.of(flags.split(" ")));
        }
    }

    private static final Path CPU = Path.of("/proc/cpuinfo");

    /// Longest part of [#CPU] that is read: its first processor.
    private static final int MAX_CPU_SIZE = 16 << 10;

    private static final int PAGE = 4096;
    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int PROT_READ_EXECUTE = 1 | 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 2 | 32;

    private static final Level LEVEL = find();

    private MachineCode() {}

    /// What routines can be written for here: the best that the machine has or, with
    /// `-Ddiwan.kernels=avx2`, at most that.
    static Level level() {
        return LEVEL;
    }

    private static Level find() {
        boolean all = Lanes.KERNELS.equals("machine");
        if (!(all || Lanes.KERNELS.equals("avx2"))
                || !System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return Level.NONE;
        }
        List<String> flags = processorFlags();
        if (all && Level.AVX512_VNNI.in(flags)) return Level.AVX512_VNNI;
        return Level.AVX2.in(flags) ? Level.AVX2 : Level.NONE;
    }

    private static List<String> processorFlags() {
        try (var file = Files.newInputStream(CPU)) {
            String text = new String(file.readNBytes(MAX_CPU_SIZE), StandardCharsets.US_ASCII);
            return text.lines()
                    .filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Arrays.asList(line.split("[ \t:]+")))
                    .orElse(List.of());
        } catch (IOException e) {
            return List.of();
        }
    }

    /// A routine that takes `arguments` and returns nothing; empty where the system refuses executable
    /// memory. Segments of arrays may be passed: the collector does not move them during a call, so a
    /// call should take less than a millisecond.
    @SuppressWarnings("restricted")
    static Optional<MethodHandle> routine(byte[] code, MemoryLayout... arguments) {
        return load(code).map(page -> Linker.nativeLinker()
                .downcallHandle(page, FunctionDescriptor.ofVoid(arguments), Linker.Option.critical(true)));
    }

    /// As [#routine], of a routine whose address is its first argument: one constant for many routines.
    @SuppressWarnings("restricted")
    static MethodHandle caller(MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(arguments), Linker.Option.critical(true));
    }

    /// Executable memory that holds `code`; empty where the system refuses it. It is never freed: routines
    /// are few and last.
    @SuppressWarnings("restricted")
    static Optional<MemorySegment> load(byte[] code) {
        try {
            long size = (code.length + PAGE - 1L) / PAGE * PAGE;
            var page =
                    (MemorySegment) call("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)
                            .invokeExact(MemorySegment.NULL, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (page.address() == -1) return Optional.empty();
            page = page.reinterpret(size, Arena.global(), null);
            MemorySegment.copy(MemorySegment.ofArray(code), 0, page, 0, code.length);
            int refused = (int)
                    call("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT).invokeExact(page, size, PROT_READ_EXECUTE);
            return refused == 0 ? Optional.of(page) : Optional.empty();
        } catch (Throwable e) {
            throw new AssertionError("system calls cannot throw", e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, arguments));
    }
}
