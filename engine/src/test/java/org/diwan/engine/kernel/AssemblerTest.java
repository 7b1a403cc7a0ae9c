package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.diwan.engine.kernel.Assembler.Broadcast;
import org.diwan.engine.kernel.Assembler.Memory;
import org.diwan.engine.kernel.Assembler.Op;
import org.diwan.engine.kernel.Assembler.Register;
import org.diwan.engine.kernel.Assembler.Vector;
import org.junit.jupiter.api.Test;

/// Instructions against the bytes that GNU as 2.40 makes of the text beside them
/// (`as -msyntax=intel -mnaked-reg`, then `objdump -d`). `vmovss` ignores the vector length (LIG), which
/// as writes as 128 and we as 512 bits.
class AssemblerTest {
    @Test
    void instructionsAreThoseOfTheReferenceAssembler() {
        check(
                "62 f1 7c 48 10 5f 02",
                "vmovups zmm3, [rdi+128]",
                a -> a.emit(Op.LOAD, 3, new Memory(Register.RDI, 128)));
        check(
                "62 41 7c 48 10 b2 04 00 00 00",
                "vmovups zmm30, [r10+4]",
                a -> a.emit(Op.LOAD, 30, new Memory(Register.R10, 4)));
        check("62 e1 7c 48 11 08", "vmovups [rax], zmm17", a -> a.emit(Op.STORE, 17, new Memory(Register.RAX, 0)));
        check(
                "62 52 7d 48 18 4a 41",
                "vbroadcastss zmm9, dword ptr [r10+260]",
                a -> a.emit(Op.LOAD_BROADCAST, 9, new Memory(Register.R10, 260)));
        check(
                "62 52 7d 50 50 42 3f",
                "vpdpbusd zmm8, zmm16, dword ptr [r10+252]{1to16}",
                a -> a.emit(Op.DOT_BYTES, 8, 16, new Broadcast(Register.R10, 252)));
        check("62 12 45 40 50 ff", "vpdpbusd zmm15, zmm23, zmm31", a -> a.emit(Op.DOT_BYTES, 15, 23, new Vector(31)));
        check("62 41 7c 48 5b d2", "vcvtdq2ps zmm26, zmm10", a -> a.emit(Op.INT_TO_FLOAT, 26, new Vector(10)));
        check(
                "62 62 7d 48 13 47 01",
                "vcvtph2ps zmm24, ymmword ptr [rdi+32]",
                a -> a.emit(Op.HALF_TO_FLOAT, 24, new Memory(Register.RDI, 32)));
        check(
                "62 c2 7d 48 33 03",
                "vpmovzxwd zmm16, ymmword ptr [r11]",
                a -> a.emit(Op.SHORT_TO_INT, 16, new Memory(Register.R11, 0)));
        check(
                "62 62 7d 48 31 57 01",
                "vpmovzxbd zmm26, xmmword ptr [rdi+16]",
                a -> a.emit(Op.UNSIGNED_BYTE_TO_INT, 26, new Memory(Register.RDI, 16)));
        check(
                "62 62 7d 48 21 9f 08 00 00 00",
                "vpmovsxbd zmm27, xmmword ptr [rdi+8]",
                a -> a.emit(Op.SIGNED_BYTE_TO_INT, 27, new Memory(Register.RDI, 8)));
        check(
                "62 f2 4d 58 b8 6a 03",
                "vfmadd231ps zmm5, zmm6, dword ptr [rdx+12]{1to16}",
                a -> a.emit(Op.FMA, 5, 6, new Broadcast(Register.RDX, 12)));
        check(
                "62 d2 25 50 bc 6a 7f",
                "vfnmadd231ps zmm5, zmm27, dword ptr [r10+508]{1to16}",
                a -> a.emit(Op.FMA_NEGATED, 5, 27, new Broadcast(Register.R10, 508)));
        check(
                "62 41 3c 50 59 a2 00 02 00 00",
                "vmulps zmm28, zmm24, dword ptr [r10+512]{1to16}",
                a -> a.emit(Op.MULTIPLY, 28, 24, new Broadcast(Register.R10, 512)));
        check("62 b1 7c 48 58 c5", "vaddps zmm0, zmm0, zmm21", a -> a.emit(Op.ADD, 0, 0, new Vector(21)));
        check("62 51 3d 48 fe c1", "vpaddd zmm8, zmm8, zmm9", a -> a.emit(Op.ADD_INTS, 8, 8, new Vector(9)));
        check("62 81 5d 40 db e5", "vpandd zmm20, zmm20, zmm29", a -> a.emit(Op.AND, 20, 20, new Vector(29)));
        check("62 a1 6d 40 ef d2", "vpxord zmm18, zmm18, zmm18", a -> a.zero(18));
        check("62 b1 5d 40 71 d0 04", "vpsrlw zmm20, zmm16, 4", a -> a.shiftShorts(20, 16, -4));
        check("62 91 1d 40 71 f7 02", "vpsllw zmm28, zmm31, 2", a -> a.shiftShorts(28, 31, 2));
        check("62 b1 7d 40 72 f0 10", "vpslld zmm16, zmm16, 16", a -> a.shiftInts(16, 16, 16));
        check("62 83 1d 40 25 fe f8", "vpternlogd zmm23, zmm28, zmm30, 0xf8", a -> a.orAnd(23, 28, 30));
        check("62 e3 65 48 23 eb 4e", "vshuff32x4 zmm21, zmm3, zmm3, 0x4e", a -> a.shuffleParts(21, 3, 0x4e));
        check("62 c3 7d 48 04 ec b1", "vpermilps zmm21, zmm12, 0xb1", a -> a.shuffleLanes(21, 12, 0xb1));
        check(
                "62 f1 7e 48 11 79 03",
                "vmovss dword ptr [rcx+12], xmm7",
                a -> a.storeLowest(7, new Memory(Register.RCX, 12)));
        check(
                "b8 0f 0f 0f 0f 62 62 7d 48 7c e8",
                "mov eax, 0x0f0f0f0f; vpbroadcastd zmm29, eax",
                a -> a.constant(29, 0x0f0f0f0f));
        check("49 89 d2", "mov r10, rdx", a -> a.move(Register.R10, Register.RDX));
        check("4c 89 c8", "mov rax, r9", a -> a.move(Register.RAX, Register.R9));
        check("4d 01 cb", "add r11, r9", a -> a.add(Register.R11, Register.R9));
        check("49 ff cb 75 fb", "1: dec r11; jnz 1b", a -> a.loop(Register.R11, a.label()));
        check("c5 f8 77 c3", "vzeroupper; ret", a -> a.end());
    }

    private static void check(String expected, String text, Consumer<Assembler> instruction) {
        var assembler = new Assembler();
        instruction.accept(assembler);
        assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(assembler.code()), text);
    }
}
