/// What in a text leads to a person, and what speaks of protected matters.
///
/// Start at [Classifier#find]; [NormalText] is the hard idea: digits of every script, invisible
/// controls and diacritics are folded away while every position remembers where it came from, so
/// that findings point into the text as it was written.
///
/// Finds what has a form: numbers with check digits, addresses, words from a list. Of people's names it
/// knows the common ones and does not understand a sentence; a clean result is no proof that a text is
/// harmless. Which identifiers exist is data in `packs/<country>/identifiers.yaml`, what belongs to no
/// country in `packs/identifiers.yaml`; check digits are in [org.diwan.sovereignty.policy.Checksum].
@NullMarked
package org.diwan.sovereignty.classify;

import org.jspecify.annotations.NullMarked;
