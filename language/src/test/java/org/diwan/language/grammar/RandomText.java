package org.diwan.language.grammar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Random texts of a grammar.
final class RandomText {
    private RandomText() {}

    /// A text made by choosing among the bytes that may come next; from 200 bytes on mostly what brings
    /// it to an end.
    static String of(StateMachine machine, SplittableRandom random) {
        var bytes = new ByteArrayOutputStream();
        State state = machine.start();
        while (true) {
            var open = new ArrayList<Integer>();
            for (int b = 0; b < 256; b++) if (!machine.next(state, b).isDead()) open.add(b);
            if (state.complete && (open.isEmpty() || random.nextInt(4) == 0)) break;
            int b = open.get(random.nextInt(open.size()));
            if (random.nextInt(bytes.size() > 200 ? 10 : 100) > (bytes.size() > 200 ? 1 : 90)) b = closing(open, b);
            bytes.write(b);
            state = machine.next(state, b);
            assertTrue(bytes.size() < 100_000, "the walk does not end");
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int closing(List<Integer> open, int otherwise) {
        for (int b : new int[] {']', '}', '"', ',', ':', 'n', 't', '0', '5'}) if (open.contains(b)) return b;
        return otherwise;
    }
}
