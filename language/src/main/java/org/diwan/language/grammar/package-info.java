/// Answers that keep to a form: which tokens may come next so that the text stays within a grammar.
///
/// Start at [org.diwan.language.grammar.Grammar] (what can be asked for), then
/// [org.diwan.language.grammar.TokenGrammar] (how a mask over the vocabulary is found) and
/// [org.diwan.language.grammar.GrammarCursor] (one answer). Four sources are translated to one
/// representation, `Expression`: JSON Schema (`JsonSchemaReader`), regular expressions
/// (`RegexReader`), llama.cpp's GBNF (`GbnfReader`) and any JSON object. From it `Network` is built,
/// an automaton over bytes whose edges may call other rules, and `StateMachine` reads text with it.
///
/// Not known here: models, logits, sampling, where a grammar comes from. Limits: sources of
/// [org.diwan.language.grammar.Grammar#MAX_SOURCE] units and
/// [org.diwan.language.grammar.Grammar#MAX_DEPTH] levels; `Network.MAX_NODES` nodes;
/// `StateMachine.MAX_PAIRS` readings of one text at once; remembered states and masks are bounded and
/// forgotten. What is not supported is refused by name, never ignored.
@NullMarked
package org.diwan.language.grammar;

import org.jspecify.annotations.NullMarked;
