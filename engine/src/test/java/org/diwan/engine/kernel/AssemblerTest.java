package org.diwan.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
/// as writes as 128 and we as 512 or 256 bits.
class AssemblerTest {
    @Test
    void instructionsOf512BitsAreThoseOfTheReferenceAssembler() {
        check(
                512,
                "62 f1 7c 48 10 5f 02",
                "vmovups zmm3, [rdi+128]",
                a -> a.emit(Op.LOAD, 3, new Memory(Register.RDI, 128)));
        check(
                512,
                "62 41 7c 48 10 b2 04 00 00 00",
                "vmovups zmm30, [r10+4]",
                a -> a.emit(Op.LOAD, 30, new Memory(Register.R10, 4)));
        check(512, "62 e1 7c 48 11 08", "vmovups [rax], zmm17", a -> a.emit(Op.STORE, 17, new Memory(Register.RAX, 0)));
        check(
                512,
                "62 52 7d 48 18 4a 41",
                "vbroadcastss zmm9, dword ptr [r10+260]",
                a -> a.emit(Op.LOAD_BROADCAST, 9, new Memory(Register.R10, 260)));
        check(
                512,
                "62 52 7d 50 50 42 3f",
                "vpdpbusd zmm8, zmm16, dword ptr [r10+252]{1to16}",
                a -> a.emit(Op.DOT_BYTES, 8, 16, new Broadcast(Register.R10, 252)));
        check(
                512,
                "62 12 45 40 50 ff",
                "vpdpbusd zmm15, zmm23, zmm31",
                a -> a.emit(Op.DOT_BYTES, 15, 23, new Vector(31)));
        check(512, "62 41 7c 48 5b d2", "vcvtdq2ps zmm26, zmm10", a -> a.emit(Op.INT_TO_FLOAT, 26, new Vector(10)));
        check(
                512,
                "62 62 7d 48 13 47 01",
                "vcvtph2ps zmm24, ymmword ptr [rdi+32]",
                a -> a.emit(Op.HALF_TO_FLOAT, 24, new Memory(Register.RDI, 32)));
        check(
                512,
                "62 c2 7d 48 33 03",
                "vpmovzxwd zmm16, ymmword ptr [r11]",
                a -> a.emit(Op.SHORT_TO_INT, 16, new Memory(Register.R11, 0)));
        check(
                512,
                "62 62 7d 48 31 57 01",
                "vpmovzxbd zmm26, xmmword ptr [rdi+16]",
                a -> a.emit(Op.UNSIGNED_BYTE_TO_INT, 26, new Memory(Register.RDI, 16)));
        check(
                512,
                "62 62 7d 48 21 9f 08 00 00 00",
                "vpmovsxbd zmm27, xmmword ptr [rdi+8]",
                a -> a.emit(Op.SIGNED_BYTE_TO_INT, 27, new Memory(Register.RDI, 8)));
        check(
                512,
                "62 f2 4d 58 b8 6a 03",
                "vfmadd231ps zmm5, zmm6, dword ptr [rdx+12]{1to16}",
                a -> a.emit(Op.FMA, 5, 6, new Broadcast(Register.RDX, 12)));
        check(
                512,
                "62 d2 25 50 bc 6a 7f",
                "vfnmadd231ps zmm5, zmm27, dword ptr [r10+508]{1to16}",
                a -> a.emit(Op.FMA_NEGATED, 5, 27, new Broadcast(Register.R10, 508)));
        check(
                512,
                "62 41 3c 50 59 a2 00 02 00 00",
                "vmulps zmm28, zmm24, dword ptr [r10+512]{1to16}",
                a -> a.emit(Op.MULTIPLY, 28, 24, new Broadcast(Register.R10, 512)));
        check(512, "62 b1 7c 48 58 c5", "vaddps zmm0, zmm0, zmm21", a -> a.emit(Op.ADD, 0, 0, new Vector(21)));
        check(512, "62 51 3d 48 fe c1", "vpaddd zmm8, zmm8, zmm9", a -> a.emit(Op.ADD_INTS, 8, 8, new Vector(9)));
        check(512, "62 81 5d 40 db e5", "vpandd zmm20, zmm20, zmm29", a -> a.emit(Op.AND, 20, 20, new Vector(29)));
        check(512, "62 a1 6d 40 ef d2", "vpxord zmm18, zmm18, zmm18", a -> a.zero(18));
        check(512, "62 b1 5d 40 71 d0 04", "vpsrlw zmm20, zmm16, 4", a -> a.shiftShorts(20, 16, -4));
        check(512, "62 91 1d 40 71 f7 02", "vpsllw zmm28, zmm31, 2", a -> a.shiftShorts(28, 31, 2));
        check(512, "62 b1 7d 40 72 f0 10", "vpslld zmm16, zmm16, 16", a -> a.shiftInts(16, 16, 16));
        check(512, "62 83 1d 40 25 fe f8", "vpternlogd zmm23, zmm28, zmm30, 0xf8", a -> a.orAnd(23, 28, 30));
        check(512, "62 e3 65 48 23 eb 4e", "vshuff32x4 zmm21, zmm3, zmm3, 0x4e", a -> a.shuffleParts(21, 3, 0x4e));
        check(512, "62 c3 7d 48 04 ec b1", "vpermilps zmm21, zmm12, 0xb1", a -> a.shuffleLanes(21, 12, 0xb1));
        check(
                512,
                "62 f1 7e 48 11 79 03",
                "vmovss dword ptr [rcx+12], xmm7",
                a -> a.storeLowest(7, new Memory(Register.RCX, 12)));
        check(
                512,
                "b8 0f 0f 0f 0f 62 62 7d 48 7c e8",
                "mov eax, 0x0f0f0f0f; vpbroadcastd zmm29, eax",
                a -> a.constant(29, 0x0f0f0f0f));
        check(512, "62 b1 64 48 5f c5", "vmaxps zmm0, zmm3, zmm21", a -> a.emit(Op.MAX, 0, 3, new Vector(21)));
        check(512, "62 31 35 48 fd c1", "vpaddw zmm8, zmm9, zmm17", a -> a.emit(Op.ADD_SHORTS, 8, 9, new Vector(17)));
        check(
                512,
                "62 52 35 48 04 c2",
                "vpmaddubsw zmm8, zmm9, zmm10",
                a -> a.emit(Op.PAIR_BYTES, 8, 9, new Vector(10)));
        check(
                512,
                "62 51 35 48 f5 c2",
                "vpmaddwd zmm8, zmm9, zmm10",
                a -> a.emit(Op.PAIR_SHORTS, 8, 9, new Vector(10)));
        check(512, "62 11 35 48 eb c6", "vpord zmm8, zmm9, zmm30", a -> a.emit(Op.OR, 8, 9, new Vector(30)));
        check(
                512,
                "62 c2 7d 48 79 49 03",
                "vpbroadcastw zmm17, word ptr [r9+6]",
                a -> a.emit(Op.BROADCAST_SHORT, 17, new Memory(Register.R9, 6)));
        check(512, "62 62 7d 48 18 f8", "vbroadcastss zmm31, xmm0", a -> a.emit(Op.LOAD_BROADCAST, 31, new Vector(0)));
        check(
                512,
                "62 72 75 40 a8 49 07",
                "vfmadd213ps zmm9, zmm17, [rcx+448]",
                a -> a.emit(Op.FMA_INTO, 9, 17, new Memory(Register.RCX, 448)));
        check(512, "62 51 5c 40 5c c6", "vsubps zmm8, zmm20, zmm14", a -> a.emit(Op.SUBTRACT, 8, 20, new Vector(14)));
        check(512, "62 a2 7d 48 13 c9", "vcvtph2ps zmm17, ymm17", a -> a.emit(Op.HALF_TO_FLOAT, 17, new Vector(17)));
    }

    @Test
    void instructionsOf256BitsAreThoseOfTheReferenceAssembler() {
        check(
                256,
                "c5 fc 10 9f 80 00 00 00",
                "vmovups ymm3, [rdi+128]",
                a -> a.emit(Op.LOAD, 3, new Memory(Register.RDI, 128)));
        check(
                256,
                "c4 41 7c 10 62 04",
                "vmovups ymm12, [r10+4]",
                a -> a.emit(Op.LOAD, 12, new Memory(Register.R10, 4)));
        check(256, "c5 7c 11 28", "vmovups [rax], ymm13", a -> a.emit(Op.STORE, 13, new Memory(Register.RAX, 0)));
        check(
                256,
                "c4 42 7d 18 8a 04 01 00 00",
                "vbroadcastss ymm9, dword ptr [r10+260]",
                a -> a.emit(Op.LOAD_BROADCAST, 9, new Memory(Register.R10, 260)));
        check(
                256,
                "c4 e2 7d 18 0a",
                "vbroadcastss ymm1, dword ptr [rdx]",
                a -> a.emit(Op.LOAD_BROADCAST, 1, new Memory(Register.RDX, 0)));
        check(256, "c4 42 35 04 c2", "vpmaddubsw ymm8, ymm9, ymm10", a -> a.emit(Op.PAIR_BYTES, 8, 9, new Vector(10)));
        check(256, "c5 35 f5 c1", "vpmaddwd ymm8, ymm9, ymm1", a -> a.emit(Op.PAIR_SHORTS, 8, 9, new Vector(1)));
        check(
                256,
                "c5 35 f5 47 40",
                "vpmaddwd ymm8, ymm9, ymmword ptr [rdi+64]",
                a -> a.emit(Op.PAIR_SHORTS, 8, 9, new Memory(Register.RDI, 64)));
        check(256, "c4 c1 7c 5b f2", "vcvtdq2ps ymm6, ymm10", a -> a.emit(Op.INT_TO_FLOAT, 6, new Vector(10)));
        check(
                256,
                "c4 62 7d 13 77 10",
                "vcvtph2ps ymm14, xmmword ptr [rdi+16]",
                a -> a.emit(Op.HALF_TO_FLOAT, 14, new Memory(Register.RDI, 16)));
        check(
                256,
                "c4 c2 7d 33 33",
                "vpmovzxwd ymm6, xmmword ptr [r11]",
                a -> a.emit(Op.SHORT_TO_INT, 6, new Memory(Register.R11, 0)));
        check(
                256,
                "c4 e2 7d 31 77 08",
                "vpmovzxbd ymm6, qword ptr [rdi+8]",
                a -> a.emit(Op.UNSIGNED_BYTE_TO_INT, 6, new Memory(Register.RDI, 8)));
        check(
                256,
                "c4 e2 7d 21 7f 08",
                "vpmovsxbd ymm7, qword ptr [rdi+8]",
                a -> a.emit(Op.SIGNED_BYTE_TO_INT, 7, new Memory(Register.RDI, 8)));
        check(256, "c4 c2 4d b8 ec", "vfmadd231ps ymm5, ymm6, ymm12", a -> a.emit(Op.FMA, 5, 6, new Vector(12)));
        check(
                256,
                "c4 e2 4d b8 6a 20",
                "vfmadd231ps ymm5, ymm6, ymmword ptr [rdx+32]",
                a -> a.emit(Op.FMA, 5, 6, new Memory(Register.RDX, 32)));
        check(
                256,
                "c4 e2 25 bc e9",
                "vfnmadd231ps ymm5, ymm11, ymm1",
                a -> a.emit(Op.FMA_NEGATED, 5, 11, new Vector(1)));
        check(256, "c5 5c 59 c2", "vmulps ymm8, ymm4, ymm2", a -> a.emit(Op.MULTIPLY, 8, 4, new Vector(2)));
        check(
                256,
                "c4 41 5c 59 41 20",
                "vmulps ymm8, ymm4, ymmword ptr [r9+32]",
                a -> a.emit(Op.MULTIPLY, 8, 4, new Memory(Register.R9, 32)));
        check(256, "c5 84 58 c1", "vaddps ymm0, ymm15, ymm1", a -> a.emit(Op.ADD, 0, 15, new Vector(1)));
        check(256, "c5 e4 5f c1", "vmaxps ymm0, ymm3, ymm1", a -> a.emit(Op.MAX, 0, 3, new Vector(1)));
        check(256, "c5 35 fd c1", "vpaddw ymm8, ymm9, ymm1", a -> a.emit(Op.ADD_SHORTS, 8, 9, new Vector(1)));
        check(256, "c5 3d fe c1", "vpaddd ymm8, ymm8, ymm1", a -> a.emit(Op.ADD_INTS, 8, 8, new Vector(1)));
        check(
                256,
                "c5 8d db 67 20",
                "vpand ymm4, ymm14, ymmword ptr [rdi+32]",
                a -> a.emit(Op.AND, 4, 14, new Memory(Register.RDI, 32)));
        check(
                256,
                "c4 42 7d 79 61 06",
                "vpbroadcastw ymm12, word ptr [r9+6]",
                a -> a.emit(Op.BROADCAST_SHORT, 12, new Memory(Register.R9, 6)));
        check(256, "c4 62 7d 18 f8", "vbroadcastss ymm15, xmm0", a -> a.emit(Op.LOAD_BROADCAST, 15, new Vector(0)));
        check(
                256,
                "c4 62 75 a8 89 c0 01 00 00",
                "vfmadd213ps ymm9, ymm1, [rcx+448]",
                a -> a.emit(Op.FMA_INTO, 9, 1, new Memory(Register.RCX, 448)));
        check(256, "c4 41 6c 5c c6", "vsubps ymm8, ymm2, ymm14", a -> a.emit(Op.SUBTRACT, 8, 2, new Vector(14)));
        check(256, "c4 42 7d 13 e4", "vcvtph2ps ymm12, xmm12", a -> a.emit(Op.HALF_TO_FLOAT, 12, new Vector(12)));
        check(256, "c5 8d eb e1", "vpor ymm4, ymm14, ymm1", a -> a.emit(Op.OR, 4, 14, new Vector(1)));
        check(256, "c5 ed ef d2", "vpxor ymm2, ymm2, ymm2", a -> a.zero(2));
        check(256, "c4 c1 5d 71 d5 04", "vpsrlw ymm4, ymm13, 4", a -> a.shiftShorts(4, 13, -4));
        check(256, "c5 9d 71 f3 02", "vpsllw ymm12, ymm3, 2", a -> a.shiftShorts(12, 3, 2));
        check(256, "c4 c1 25 72 f3 10", "vpslld ymm11, ymm11, 16", a -> a.shiftInts(11, 11, 16));
        check(256, "c4 c3 7d 04 ec b1", "vpermilps ymm5, ymm12, 0xb1", a -> a.shuffleLanes(5, 12, 0xb1));
        check(256, "c4 e3 1d 0e eb aa", "vpblendw ymm5, ymm12, ymm3, 0xaa", a -> a.interleaveShorts(5, 12, 3));
        check(256, "c4 c3 1d 06 ec 01", "vperm2f128 ymm5, ymm12, ymm12, 1", a -> a.exchangeHalves(5, 12));
        check(
                256,
                "c5 fe 11 79 0c",
                "vmovss dword ptr [rcx+12], xmm7",
                a -> a.storeLowest(7, new Memory(Register.RCX, 12)));
        check(
                256,
                "b8 0f 0f 0f 0f c5 79 6e e8 c4 42 7d 58 ed",
                "mov eax, 0x0f0f0f0f; vmovd xmm13, eax; vpbroadcastd ymm13, xmm13",
                a -> a.constant(13, 0x0f0f0f0f));
    }

    @Test
    void integerInstructionsAreThoseOfTheReferenceAssembler() {
        check(256, "53", "push rbx", a -> a.push(Register.RBX));
        check(256, "5b", "pop rbx", a -> a.pop(Register.RBX));
        check(256, "48 89 fb", "mov rbx, rdi", a -> a.move(Register.RBX, Register.RDI));
        check(256, "49 89 d2", "mov r10, rdx", a -> a.move(Register.R10, Register.RDX));
        check(256, "4c 89 c8", "mov rax, r9", a -> a.move(Register.RAX, Register.R9));
        check(256, "4d 01 cb", "add r11, r9", a -> a.add(Register.R11, Register.R9));
        check(256, "49 ff cb 75 fb", "1: dec r11; jnz 1b", a -> a.loop(Register.R11, a.label()));
        check(256, "c5 f8 77 c3", "vzeroupper; ret", a -> a.end());
        check(256, "48 69 c6 20 01 00 00", "imul rax, rsi, 288", a -> a.multiply(Register.RAX, Register.RSI, 288));
        check(256, "4d 69 cb 20 01 00 00", "imul r9, r11, 288", a -> a.multiply(Register.R9, Register.R11, 288));
        check(256, "48 29 c7", "sub rdi, rax", a -> a.subtract(Register.RDI, Register.RAX));
        check(256, "49 29 f1", "sub r9, rsi", a -> a.subtract(Register.R9, Register.RSI));
    }

    private static void check(int bits, String expected, String text, Consumer<Assembler> instruction) {
        var assembler = new Assembler(bits);
        instruction.accept(assembler);
        assertEquals(expected, HexFormat.ofDelimiter(" ").formatHex(assembler.code()), text);
    }

    @Test
    void whatVexCannotSayIsRefused() {
        var assembler = new Assembler(256);
        assertThrows(AssertionError.class, () -> assembler.emit(Op.ADD, 16, 0, new Vector(0)));
        assertThrows(AssertionError.class, () -> assembler.emit(Op.ADD, 0, 0, new Vector(16)));
        assertThrows(AssertionError.class, () -> assembler.emit(Op.ADD, 0, 0, new Broadcast(Register.RAX, 0)));
    }
}
