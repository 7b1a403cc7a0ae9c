package org.diwan.cloud.serving;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.diwan.engine.generate.TokenConstraint;
import org.diwan.language.Tokenizer;
import org.diwan.language.grammar.Grammar;
import org.diwan.language.grammar.GrammarCursor;
import org.diwan.language.grammar.TokenGrammar;
import org.diwan.language.grammar.TokenTrie;

/// Grammars ready for one vocabulary; the last ones used are kept, since most requests of an
/// application ask for the same form. Safe to share.
final class Grammars {
    /// Each takes up to 32 MB where its texts nest deeply, mostly less than one.
    private static final int MAX_KEPT = 32;

    /// Made beside the loading of the model: with 128k tokens it takes a second, for which the first form would wait.
    private final CompletableFuture<TokenTrie> trie;

    private final Map<Grammar, TokenGrammar> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Grammar, TokenGrammar> eldest) {
            return size() > MAX_KEPT;
        }
    };

    Grammars(Tokenizer tokenizer) {
        trie = CompletableFuture.supplyAsync(() -> new TokenTrie(tokenizer), Thread::startVirtualThread);
    }

    /// @throws org.diwan.language.grammar.GrammarException as [TokenGrammar]
    synchronized TokenGrammar ready(Grammar grammar) {
        TokenGrammar known = kept.get(grammar);
        if (known != null) return known;
        var ready = new TokenGrammar(grammar, trie.join());
        kept.put(grammar, ready);
        return ready;
    }

    /// One answer's way through `grammar`, as the engine asks for it.
    static TokenConstraint constraint(TokenGrammar grammar) {
        GrammarCursor cursor = grammar.begin();
        return new TokenConstraint() {
            @Override
            public void mask(long[] allowed) {
                cursor.mask(allowed);
            }

            @Override
            public void accept(int token) {
                cursor.accept(token);
            }
        };
    }
}
