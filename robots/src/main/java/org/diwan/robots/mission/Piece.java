package org.diwan.robots.mission;

import java.util.List;
import org.diwan.robots.mission.Places.Target;
import org.diwan.robots.mission.Sense.Kind;

/// A part of an utterance that means something, or the word that does not.
///
/// @param senses all it may do; a place has [Kind#PLACE]
/// @param targets of a place
/// @param from its first token
/// @param end one past its last
/// @param roles what was written together with it
record Piece(List<Sense> senses, List<Target> targets, int from, int end, List<String> roles) {
    boolean is(Kind kind) {
        return senses.stream().anyMatch(sense -> sense.kind() == kind);
    }

    boolean is(Kind kind, String value) {
        return senses.contains(new Sense(kind, value));
    }

    /// The value of its sense of that kind; empty if it has none.
    String value(Kind kind) {
        return senses.stream()
                .filter(sense -> sense.kind() == kind)
                .map(Sense::value)
                .findFirst()
                .orElse("");
    }

    int number() {
        return Integer.parseInt(value(is(Kind.ORDINAL) ? Kind.ORDINAL : Kind.NUMBER));
    }

    boolean isNumber() {
        return is(Kind.NUMBER) || is(Kind.ORDINAL);
    }
}
