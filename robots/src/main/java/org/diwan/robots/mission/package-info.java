/// From what somebody says to what a robot does, or to a question, or to a refusal.
///
/// [MissionDesk] is the door. An utterance is screened ([Screen]), parsed by rules ([RuleParser]) or by a language
/// model ([ChatParser]) into a [Proposal] in the speaker's own words, and settled against the building by the
/// [Resolver], which alone makes a [Mission]: whoever proposed it, names, permissions and loads are checked there.
/// A word of emergency ([Emergency]) waits for none of that. Languages are files, see [Lexicon]; no country is known.
@NullMarked
package org.diwan.robots.mission;

import org.jspecify.annotations.NullMarked;
