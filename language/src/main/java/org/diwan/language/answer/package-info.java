/// From what a model writes to what it means: its reasoning, its words, and the tools it calls.
///
/// Start reading at [org.diwan.language.answer.AnswerParser], which reads an answer while it
/// streams; [org.diwan.language.answer.AnswerFormat] says how a family of models spells calls and
/// reasoning, and recognises the family by the chat template, the inverse of the parser.
///
/// It knows no tokens, no HTTP and no identifiers of calls, and executes nothing. A call becomes a
/// call only when it names an offered tool and its arguments are a JSON object; all else stays
/// text, so that nothing a model wrote is lost. Limits:
/// [org.diwan.language.answer.AnswerParser#MAX_CALL].
@NullMarked
package org.diwan.language.answer;

import org.jspecify.annotations.NullMarked;
