package org.diwan.sovereignty.classify;

import org.diwan.sovereignty.policy.Identifier;

/// What a finder believes to have found, in places of the folded text.
///
/// @param identifier what it would be
/// @param list the number of the identifier's context words in the word list
/// @param start first folded character
/// @param end one past the last
/// @param certainty in (0, 1), without regard to the words around it
record Candidate(Identifier identifier, int list, int start, int end, double certainty) {}
