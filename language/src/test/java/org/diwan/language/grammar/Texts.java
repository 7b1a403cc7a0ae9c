package org.diwan.language.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Texts read byte by byte, without a vocabulary.
final class Texts {
    private Texts() {}

    static StateMachine machine(Grammar grammar) {
        return new StateMachine(new Network(grammar));
    }

    /// Whether `text` is of the grammar; asserts on the way that the state is dead exactly from where
    /// it should be is left to who knows better.
    static boolean accepts(StateMachine machine, String text) {
        State state = machine.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) state = machine.next(state, b & 0xFF);
        return state.complete;
    }

    static boolean accepts(Grammar grammar, String text) {
        return accepts(machine(grammar), text);
    }

    /// All texts over `alphabet` of up to `length` characters.
    static List<String> all(String alphabet, int length) {
        var texts = new ArrayList<String>();
        walk("", alphabet, length, texts::add);
        return texts;
    }

    private static void walk(String text, String alphabet, int length, Consumer<String> each) {
        each.accept(text);
        if (length == 0) return;
        alphabet.codePoints().forEach(c -> walk(text + Character.toString(c), alphabet, length - 1, each));
    }
}
