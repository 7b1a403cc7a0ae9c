package org.diwan.engine.generate;

/// Guesses the next tokens of one text from the text itself, for a step to check them all at once:
/// speculative decoding (Leviathan et al. 2023, §2.1) whose draft is what followed the last time the
/// text read like this (Saxena 2023, "Prompt lookup decoding"). Answers that quote their prompt, such
/// as corrections, extracts and code, repeat a great deal.
///
/// A guess is kept only if it is the token that the sampler chooses, whose draw for a position does
/// not depend on how the position was reached; so guesses change when tokens come, never which.
///
/// A wrong guess costs part of a row of a step. Hence guesses double in length while they hold, and
/// after one that fails outright they pause, twice as long each time up to [#LONGEST_PAUSE] tokens:
/// a text that never repeats wastes two rows in sixty-six.
final class Drafts {
    private static final int LONGEST_MATCH = 3;
    private static final int SHORTEST_MATCH = 2;
    private static final int LONGEST_PAUSE = 64;
    private static final int FIRST_LENGTH = 2;

    /// How far back a match is looked for: some microseconds.
    private static final int REACH = 16_384;

    private int[] guessed = {};
    private int length = FIRST_LENGTH;
    private int pause;
    private int pauseNext = 1;

    /// The next guess for `text`, at most `most` tokens, until [#checked]; often none.
    int[] guess(Text text, int most) {
        guessed = pause > 0 || most < 1 ? new int[0] : lookUp(text, Math.min(most, length));
        return guessed;
    }

    /// How many tokens of the last guess held; `answered` tokens came of it altogether.
    void checked(int held, int answered) {
        pause = Math.max(0, pause - answered);
        if (guessed.length == 0) return;
        if (held == guessed.length) {
            length = Math.min(2 * length, EngineLimits.MAX_DRAFTS);
            pauseNext = 1;
        } else if (held > 0) {
            length = held;
            pauseNext = 1;
        } else {
            length = FIRST_LENGTH;
            pause = pauseNext;
            pauseNext = Math.min(2 * pauseNext, LONGEST_PAUSE);
        }
    }

    private static int[] lookUp(Text text, int most) {
        int end = text.count();
        for (int match = LONGEST_MATCH; match >= SHORTEST_MATCH; match--) {
            int least = Math.max(match, end - REACH);
            for (int at = end - 1; at >= least; at--) {
                if (!matches(text, at, end, match)) continue;
                var guess = new int[most];
                // Beyond its end the text is taken to go round.
                for (int i = 0; i < most; i++) guess[i] = text.token(at + i % (end - at));
                return guess;
            }
        }
        return new int[0];
    }

    /// Whether the `count` tokens before `at` are those before `end`.
    private static boolean matches(Text text, int at, int end, int count) {
        for (int i = 1; i <= count; i++) if (text.token(at - i) != text.token(end - i)) return false;
        return true;
    }
}
