package org.diwan.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Oracles: the sample of RFC 8785 §3.2.2–3.2.3 and its number table (appendix B).
class CanonicalJsonTest {
    @Test
    void rfcSampleComesOutByteForByte() {
        var sample = new LinkedHashMap<String, Object>();
        sample.put("numbers", List.of(333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001));
        sample.put("string", "\u20ac$\u000f\nA'B\"\\\\\"/");
        var literals = new ArrayList<Object>();
        literals.add(null);
        literals.add(true);
        literals.add(false);
        sample.put("literals", literals);
        assertEquals(
                "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
                CanonicalJson.text(sample));
    }

    @Test
    void numbersFollowAppendixB() {
        long[] bits = {
            0x0000000000000000L, 0x8000000000000000L, 0x0000000000000001L, 0x8000000000000001L, 0x7fefffffffffffffL,
            0x4340000000000000L, 0x4430000000000000L, 0x44b52d02c7e14af5L, 0x44b52d02c7e14af6L, 0x44b52d02c7e14af7L,
            0x444b1ae4d6e2ef4eL, 0x444b1ae4d6e2ef4fL, 0x444b1ae4d6e2ef50L, 0x3eb0c6f7a0b5ed8cL, 0x3eb0c6f7a0b5ed8dL,
            0x41b3de4355555553L, 0x41b3de4355555557L, 0xbecbf647612f3696L, 0x43143ff3c1cb0959L
        };
        String[] texts = {
            "0", "0", "5e-324", "-5e-324", "1.7976931348623157e+308",
            "9007199254740992", "295147905179352830000", "9.999999999999997e+22", "1e+23", "1.0000000000000001e+23",
            "999999999999999700000", "999999999999999900000", "1e+21", "9.999999999999997e-7", "0.000001",
            "333333333.3333332", "333333333.33333343", "-0.0000033333333333333333", "1424953923781206.2"
        };
        for (int i = 0; i < bits.length; i++)
            assertEquals(texts[i], CanonicalJson.text(Double.longBitsToDouble(bits[i])));
    }

    @Test
    void keysSortByUtf16CodeUnits() {
        var map = Map.of("\u20ac", 1, "\r", 2, "\ufb33", 3, "1", 4, "\ud83d\ude00", 5, "\u0080", 6, "\u00f6", 7);
        assertEquals(
                "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}",
                CanonicalJson.text(map));
    }

    @Test
    void floatsReadBackAsThemselves() {
        assertEquals("0.7", CanonicalJson.text(0.7f));
        Seeded.forAll(10_000, random -> {
            float f = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(f)) assertEquals(f == 0 ? 0f : f, Float.parseFloat(CanonicalJson.text(f)));
        });
    }

    @Test
    void whatAVerifierCouldMisreadIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(1L << 53));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text("\ud800"));
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(new Object()));
        Object deep = 1;
        for (int i = 0; i <= CanonicalJson.MAX_DEPTH; i++) deep = List.of(deep);
        Object tooDeep = deep;
        assertThrows(IllegalArgumentException.class, () -> CanonicalJson.text(tooDeep));
    }
}
