/// Text to tokens and back, and conversations to prompts: everything between a string and the
/// integers that a model reads.
///
/// Start reading at [org.diwan.language.Tokenizer], then [org.diwan.language.BytePairTokenizer]
/// with its [org.diwan.language.PreTokenizer]; [org.diwan.language.ChatPrompt] turns a conversation
/// into tokens so that no user can forge a control token, by a [org.diwan.language.ChatTemplate];
/// `org.diwan.language.answer` takes the model's answer apart again.
///
/// It knows no model, no user, no clock and no network: vocabularies arrive as a metadata map or as
/// the text of a [org.diwan.language.TokenizerJson], and the same text always gives the same
/// tokens. All tokenizers and templates are immutable and safe to share between threads;
/// [org.diwan.language.Detokenizer] and [org.diwan.language.StopStrings] hold the state of one
/// answer and belong to one thread.
///
/// Limits: a text to encode has at most [org.diwan.language.Tokenizer#MAX_TEXT] UTF-16 units, a
/// vocabulary [org.diwan.language.Vocabulary#MAX_TOKENS] tokens; chat templates run under the
/// limits of `org.diwan.language.template`.
@NullMarked
package org.diwan.language;

import org.jspecify.annotations.NullMarked;
