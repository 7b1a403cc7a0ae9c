package org.diwan.cloud.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// How an upstream is asked which tokens its answer is made of. OpenAI's API has no word for it, and servers
/// took different ones:
///
/// | server | asked with | told in |
/// |---|---|---|
/// | vLLM (its pull request 22587, 2025) | `return_token_ids` | `choices[].token_ids`, streamed too |
/// | SGLang (30917, 2026) | `return_token_ids`, refused with `stream` | `choices[].token_ids` |
/// | llama.cpp run with `--verbosity 10` | `return_tokens` | `__verbose.tokens`, not streamed |
/// | llama.cpp | `logprobs` with `top_logprobs` of 1 or more | `logprobs.content[].id` |
/// | older vLLM | `logprobs`, `return_tokens_as_token_ids` | `logprobs.content[].token`, `token_id:N` |
///
/// Whoever does not know a word ignores or refuses it. So the first way is tried first, one that told nothing or
/// was refused makes place for the next, and nothing is asked of who knows none. Read in the servers' sources and
/// pull requests in November 2026; no such server was run.
enum TokenIds {
    FIELDS,
    LOGPROBS,
    NONE;

    /// What to try after this.
    TokenIds next() {
        return this == FIELDS ? LOGPROBS : NONE;
    }

    /// Writes the question into a request's body; never what would change an answer that the client hears.
    void ask(ObjectNode body) {
        switch (this) {
            case FIELDS -> body.put("return_token_ids", true).put("return_tokens", true);
            // A client that wants log probabilities wants tokens by name: it gets what it asked for, and no more.
            case LOGPROBS -> {
                if (!body.has("logprobs"))
                    body.put("logprobs", true).put("top_logprobs", 1).put("return_tokens_as_token_ids", true);
            }
            case NONE -> {}
        }
    }
}
