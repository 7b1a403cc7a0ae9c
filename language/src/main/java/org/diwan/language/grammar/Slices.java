package org.diwan.language.grammar;

/// What most tokens are made of: digits, small letters, letters, printable ASCII that JSON writes as it
/// is, and any text of such characters and those beyond ASCII. Where a grammar takes whatever bytes of
/// such a slice come next, all tokens of the slice are allowed without reading them one by one
/// (llguidance, <https://guidance-ai.github.io/llguidance/llg-go-brrr>, "Slicer").
///
/// A slice is the language of a small automaton all of whose states accept, so it has every beginning of
/// each of its texts. Slice `i` starts in automaton state `i`; the last one reads UTF-8 (RFC 3629 §4) and
/// has further states for what is left of a character.
final class Slices {
    static final int COUNT = 5;

    /// States of the automaton.
    static final int STATES = COUNT + 7;

    /// In place of a state: the slice does not go on so.
    static final int NONE = -1;

    private static final int TEXT = COUNT - 1;
    private static final int ONE_LEFT = COUNT;
    private static final int TWO_LEFT = COUNT + 1;
    private static final int THREE_LEFT = COUNT + 2;
    private static final int AFTER_E0 = COUNT + 3;
    private static final int AFTER_ED = COUNT + 4;
    private static final int AFTER_F0 = COUNT + 5;
    private static final int AFTER_F4 = COUNT + 6;

    private Slices() {}

    /// The state after byte `b`, 0 to 255, or [#NONE].
    static int next(int state, int b) {
        return switch (state) {
            case 0 -> b >= '0' && b <= '9' ? state : NONE;
            case 1 -> b >= 'a' && b <= 'z' ? state : NONE;
            case 2 -> (b | 0x20) >= 'a' && (b | 0x20) <= 'z' ? state : NONE;
            case 3 -> isPlain(b) ? state : NONE;
            case TEXT -> isPlain(b) ? TEXT : afterLead(b);
            case ONE_LEFT -> within(b, 0x80, 0xBF, TEXT);
            case TWO_LEFT -> within(b, 0x80, 0xBF, ONE_LEFT);
            case THREE_LEFT -> within(b, 0x80, 0xBF, TWO_LEFT);
            case AFTER_E0 -> within(b, 0xA0, 0xBF, ONE_LEFT);
            case AFTER_ED -> within(b, 0x80, 0x9F, ONE_LEFT);
            case AFTER_F0 -> within(b, 0x90, 0xBF, TWO_LEFT);
            case AFTER_F4 -> within(b, 0x80, 0x8F, TWO_LEFT);
            default -> throw new IllegalArgumentException("state " + state + " is not from 0 to " + (STATES - 1));
        };
    }

    private static boolean isPlain(int b) {
        return b >= ' ' && b < 0x7F && b != '"' && b != '\\';
    }

    private static int afterLead(int b) {
        if (b >= 0xC2 && b <= 0xDF) return ONE_LEFT;
        if (b == 0xE0) return AFTER_E0;
        if (b == 0xED) return AFTER_ED;
        if (b >= 0xE1 && b <= 0xEF) return TWO_LEFT;
        if (b == 0xF0) return AFTER_F0;
        if (b == 0xF4) return AFTER_F4;
        return within(b, 0xF1, 0xF3, THREE_LEFT);
    }

    private static int within(int b, int first, int last, int next) {
        return first <= b && b <= last ? next : NONE;
    }
}
