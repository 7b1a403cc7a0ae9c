package org.diwan.language.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A grammar made ready for a vocabulary: says which tokens may come next. Any number of answers may
/// share it, and should: what one of them met, the others find computed. Safe to share.
///
/// The masks are exact: a token is allowed if and only if some text of the grammar begins with the
/// answer so far and the token's bytes, and an end token if and only if the answer is such a text. So
/// tokens may end inside a character, and reach over several parts of the grammar.
///
/// How that is fast, with 128k tokens and 50 µs. The tokens allowed in a state are the union of
/// those of its pairs (node, frame), see [StateMachine]. Those of a pair are of two kinds: tokens that
/// end before their rule does, which do not depend on the frame, and tokens that read on where the
/// rule returns to. So there is one walk over the whole trie for each *node*, which notes the first
/// kind, and the places in the trie where the rule ended; a new state takes that over and walks only
/// below these places. Neither reads tokens one by one where whole subtrees are allowed, see [Slices].
/// (XGrammar, Dong et al. 2024, §3, splits tokens the same way by stack top; the
/// trie is that of llguidance.) And a state that was met before has its mask.
public final class TokenGrammar {
    /// Bytes that remembered masks may take, for each grammar.
    private static final int MAX_MASK_BYTES = 16 << 20;

    /// What is known of a node, whatever it returns to.
    ///
    /// @param accepted tokens that begin within the rule
    /// @param ended trie nodes with others below at which the rule may have ended
    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
    private record Local(TokenSet accepted, int[] ended) {}

    private final TokenTrie trie;
    private final StateMachine machine;
    private final Map<Integer, Local> locals = new HashMap<>();

    /// Bytes of the longest token that is short.
    private final int shortDepth;

    private final State[] path;
    private final long[] bits;
    private final long[] localBits;
    private final int[] places;
    private int maskBytes;
    private int localBytes;
    private State start;
    private int startGeneration;

    /// @param trie made from the tokenizer of the model that is to answer
    /// @throws GrammarException when the grammar has left recursion, a rule that is not defined, no
    ///     text, or is too large
    public TokenGrammar(Grammar grammar, TokenTrie trie) {
        this.trie = trie;
        this.machine = new StateMachine(new Network(grammar));
        this.shortDepth = Math.min(trie.depth, StateMachine.SHORT);
        this.path = new State[trie.depth + 1];
        this.bits = new long[(trie.tokenCount + Long.SIZE - 1) / Long.SIZE];
        this.localBits = new long[bits.length];
        this.places = new int[trie.nodeCount()];
        this.start = begin(machine, trie);
    }

    /// An answer of which nothing has been said.
    public GrammarCursor begin() {
        return new GrammarCursor(this);
    }

    synchronized State start() {
        if (startGeneration != machine.generation()) {
            start = begin(machine, trie);
            startGeneration = machine.generation();
        }
        return start;
    }

    /// Where the tokenizer takes away the first space of an answer, the text begins after it, if there
    /// is one.
    private static State begin(StateMachine machine, TokenTrie trie) {
        State start = machine.start();
        return trie.dropsSpace ? machine.spaced(start) : start;
    }

    boolean ends(int token) {
        return trie.endTokens.contains(token);
    }

    /// The state after `token`; dead where it is not allowed.
    synchronized State next(State state, int token) {
        byte[] text = trie.text(token);
        if (text.length == 0) return machine.dead;
        State next = state;
        for (byte b : text) next = machine.next(next, b & 0xFF);
        return next;
    }

    /// Sets in `allowed` the tokens that may come in `state`, and clears all others.
    synchronized void mask(State state, long[] allowed) {
        Arrays.fill(allowed, 0);
        allowed(state).addTo(allowed);
        if (!state.complete) return;
        for (int end : trie.endTokens) allowed[end >> 6] |= 1L << end;
    }

    private TokenSet allowed(State state) {
        State same = machine.representative(state, trie.depth);
        if (same.allowed != null) return same.allowed;
        TokenSet allowed = allowedShort(machine.representative(same, shortDepth));
        if (trie.depth > shortDepth) {
            Arrays.fill(bits, 0);
            allowed.addTo(bits);
            walkLong(same);
            allowed = remembered(bits);
        }
        same.allowed = allowed;
        return allowed;
    }

    /// Of the short tokens those that may come in `state`, which stands for others.
    private TokenSet allowedShort(State state) {
        if (state.allowedShort != null) return state.allowedShort;
        Arrays.fill(bits, 0);
        if (state.spaced) walk(0, trie.nodeCount(), state, false, bits);
        else for (int i = 0; i < state.nodes.length; i++) add(state.nodes[i], state.frames[i]);
        TokenSet allowed = remembered(bits);
        state.allowedShort = allowed;
        return allowed;
    }

    private TokenSet remembered(long[] bits) {
        TokenSet allowed = TokenSet.of(bits);
        maskBytes += allowed.size();
        if (maskBytes > MAX_MASK_BYTES) {
            machine.forget();
            maskBytes = 0;
        }
        return allowed;
    }

    private void add(int node, Frame frame) {
        Local local = locals.get(node);
        if (local == null) local = explore(node);
        local.accepted.addTo(bits);
        if (frame.isBottom()) return;
        State after = machine.popped(frame);
        if (after.isDead()) return;
        for (int place : local.ended) walk(place + 1, trie.end(place), after, false, bits);
    }

    private Local explore(int node) {
        Arrays.fill(localBits, 0);
        int count = walk(0, trie.nodeCount(), machine.alone(node), true, localBits);
        var local = new Local(TokenSet.of(localBits), Arrays.copyOf(places, count));
        if (localBytes > MAX_MASK_BYTES) {
            locals.clear();
            localBytes = 0;
        }
        localBytes += local.accepted.size() + count * Integer.BYTES;
        locals.put(node, local);
        return local;
    }

    /// Adds the short tokens of the trie nodes `[from, to)`, siblings and all below them, that can be read
    /// from `state`, the state at their parent.
    ///
    /// @param noting whether all places matter, so that none may be passed over
    /// @return how many trie nodes were noted in `places`: those with others below them where the text
    ///     may end
    private int walk(int from, int to, State state, boolean noting, long[] into) {
        if (from == to) return 0;
        int count = 0;
        path[trie.depth(from) - 1] = state;
        for (int node = from; node < to; ) {
            int depth = trie.depth(node);
            State next = depth > shortDepth ? machine.dead : machine.next(path[depth - 1], trie.label(node));
            if (next.isDead()) {
                node = trie.end(node);
                continue;
            }
            trie.add(node, into);
            if (next.complete && !trie.isLeaf(node)) places[count++] = node;
            if (isDecided(next, node, noting, into)) {
                node = trie.end(node);
                continue;
            }
            path[depth] = next;
            node++;
        }
        return count;
    }

    /// Whether all tokens below `node` are known to be allowed from `state`, the state there; then they are added.
    private boolean isDecided(State state, int node, boolean noting, long[] into) {
        if (trie.depth(node) + trie.farthest(node) > shortDepth) return false;
        for (int slices = trie.slices(node); slices != 0; slices &= slices - 1) {
            var reach = machine.reach(state, Integer.numberOfTrailingZeros(slices), shortDepth);
            if (trie.farthest(node) > (noting ? reach.open() : reach.alive())) continue;
            trie.addBelow(node, into);
            return true;
        }
        return false;
    }

    /// Adds to `bits` the tokens that are not short and can be read from `state`.
    private void walkLong(State state) {
        path[0] = state;
        for (int node = 0; node < trie.nodeCount(); ) {
            int depth = trie.depth(node);
            boolean leads = depth + trie.farthest(node) > shortDepth;
            State next = leads ? machine.next(path[depth - 1], trie.label(node)) : machine.dead;
            if (next.isDead()) {
                node = trie.end(node);
                continue;
            }
            if (depth > shortDepth) trie.add(node, bits);
            path[depth] = next;
            node++;
        }
    }
}
