package org.diwan.language.answer;

import java.util.List;

/// Reads one stretch of calls while it arrives. Belongs to one thread.
///
/// The text is one that only grows at its end, beginning with the mark that opened the stretch.
interface CallReader {
    /// What is known after the text seen so far.
    enum State {
        /// More text must come.
        OPEN,
        /// The stretch is over; what follows [#consumed] is none of it.
        CLOSED,
        /// What follows [#consumed] is no call.
        BROKEN
    }

    /// Reads on.
    ///
    /// @param text all that arrived since the opening mark, with it
    /// @param end whether nothing more will come
    /// @param calls where complete calls are added
    State read(StringBuilder text, boolean end, List<AnswerPart> calls);

    /// How much of the text has become calls, or is known to be their frame.
    int consumed();
}
