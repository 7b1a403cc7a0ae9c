package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.diwan.language.grammar.Frame.Return;
import org.diwan.language.grammar.Network.Call;
import org.diwan.language.grammar.Network.Closure;
import org.diwan.language.grammar.Network.Loop;
import org.diwan.language.grammar.Network.Read;

/// Reads bytes as a [Network] allows, in all ways at once, and remembers every step it ever took.
///
/// A state is a set of pairs (node, frame): a node of the network, and the stack below it in which
/// equal parts are shared. It is what an Earley parser (1970) knows at one place of a text, but it
/// names callers by what they are and not by where they called; so the state after the third element
/// of an array *is* the state after the second, and the automaton that grows here while it is used
/// becomes a finite one wherever the grammar does not nest. Whatever is known of a state, its
/// successors and the tokens that it allows, is computed once.
///
/// Every state that is not dead can be completed: the network leaves out what leads nowhere.
///
/// Guarded by its own lock in [TokenGrammar]; nothing here is safe to share by itself.
final class StateMachine {
    /// States remembered; beyond, all are forgotten and met again.
    static final int MAX_STATES = 1 << 15;

    /// Pairs in one state. A grammar that reads one text in more ways at once is too ambiguous.
    static final int MAX_PAIRS = 1 << 12;

    private final Network network;
    private final int[] classes;
    private final int classCount;
    private final int[] representativeByte;
    private final Map<Key, State> states = new HashMap<>();
    private final Map<Key, Frame> frames = new HashMap<>();
    private int ids;
    private int generation;

    final Frame bottom = new Frame(ids++, new Return[0]);
    final State dead;

    StateMachine(Network network) {
        this.network = network;
        this.classes = network.byteClasses();
        this.classCount = classes[255] + 1;
        this.representativeByte = new int[classCount];
        for (int b = 255; b >= 0; b--) representativeByte[classes[b]] = b;
        this.dead = new State(ids++, new int[0], new Frame[0], false, classCount);
        Arrays.fill(dead.next, dead);
    }

    /// The state before the first byte.
    State start() {
        var step = new Step();
        step.begin(network.start(), bottom);
        step.call();
        return state(step.pairs, network.acceptsNothing());
    }

    /// The state in which only `node` can be read from, in a rule whose end is the end of all.
    State alone(int node) {
        return intern(new int[] {node}, new Frame[] {bottom}, false);
    }

    /// As `start`, with one space before it that is not of the text: a space that the text itself begins
    /// with comes second.
    State spaced(State start) {
        var spaced = new State(ids++, start.nodes, start.frames, start.complete, classCount);
        spaced.next[classes[' ']] = start;
        spaced.spaced = true;
        spaced.representative = spaced;
        return spaced;
    }

    /// The state after `b`, which is from 0 to 255; dead if no text goes on so.
    State next(State state, int b) {
        State known = state.next[classes[b]];
        return known != null ? known : explore(state, classes[b]);
    }

    private State explore(State state, int byteClass) {
        int b = representativeByte[byteClass];
        var step = new Step();
        for (int i = 0; i < state.nodes.length; i++)
            for (Read read : network.reads(state.nodes[i]))
                if (read.first() <= b && b <= read.last()) step.enter(read.target(), state.frames[i]);
        step.call();
        State next = state(step.pairs, step.complete);
        state.next[byteClass] = next;
        return next;
    }

    /// The state after the rule that returns to `frame` has ended.
    State popped(Frame frame) {
        if (frame.popped != null) return frame.popped;
        var step = new Step();
        step.end(frame);
        step.call();
        State popped = state(step.pairs, step.complete);
        frame.popped = popped;
        return popped;
    }

    /// How often everything was forgotten: what is remembered elsewhere of states is worth keeping
    /// only while this stays the same.
    int generation() {
        return generation;
    }

    /// The state with smaller counts from which the same tokens of at most `length` bytes can be read.
    ///
    /// Each round of a loop reads a byte or more, so a count that stays on the same side of `least`
    /// and of `most` for `length` more rounds may be replaced by any other that does.
    State representative(State state, int length) {
        if (state.representative != null) return state.representative;
        var pairs = new HashSet<Pair>();
        for (int i = 0; i < state.nodes.length; i++)
            pairs.add(new Pair(state.nodes[i], representative(state.frames[i], length)));
        State other = state(pairs, state.complete);
        other.representative = other;
        state.representative = other;
        return other;
    }

    private Frame representative(Frame frame, int length) {
        if (frame.representative != null) return frame.representative;
        var returns = new HashSet<Return>();
        for (Return each : frame.returns) {
            int node = each.node();
            int count = network.isLoop(node) ? representative(network.loop(node), each.count(), length) : 0;
            returns.add(new Return(each.node(), count, representative(each.below(), length)));
        }
        Frame other = frame.isBottom() ? frame : frame(returns);
        other.representative = other;
        frame.representative = other;
        return other;
    }

    private static int representative(Loop loop, int count, int length) {
        long later = (long) count + length;
        if (later < loop.least()) return loop.least() - length - 1;
        return count >= loop.least() && later < loop.most() ? loop.least() : count;
    }

    /// One reading step: from what can be done at once to what can be read next.
    private final class Step {
        final Set<Pair> pairs = new HashSet<>();
        final Set<Pair> entered = new HashSet<>();
        final Set<Return> resumed = new HashSet<>();
        final Set<Frame> ended = new HashSet<>();
        final Map<Integer, Set<Return>> callers = new HashMap<>();
        final PriorityQueue<Integer> called = new PriorityQueue<>(Comparator.comparingInt(network::rank));
        boolean complete;

        /// Goes on at `node` of a rule that returns to `frame`, after something has been read.
        void enter(int node, Frame frame) {
            if (!entered.add(new Pair(node, frame))) return;
            Closure closure = network.closure(node);
            add(closure, frame);
            if (closure.ends()) end(frame);
        }

        /// Begins at `node` a rule that returns to `frame`. That it may be empty was seen by its caller.
        void begin(int node, Frame frame) {
            add(network.closure(node), frame);
        }

        private void add(Closure closure, Frame frame) {
            for (int reader : closure.readers()) pairs.add(new Pair(reader, frame));
            if (pairs.size() > MAX_PAIRS)
                throw new IllegalStateException("the grammar is too ambiguous: more than " + MAX_PAIRS
                        + " readings of the same text; make its alternatives begin differently");
            for (Call call : closure.calls())
                caller(
                        call.rule(),
                        call.target(),
                        0,
                        frame,
                        network.closure(call.target()).onlyEnds());
            for (int loop : closure.loops()) round(loop, 1, frame);
        }

        void end(Frame frame) {
            if (!ended.add(frame)) return;
            if (frame.isBottom()) complete = true;
            for (Return each : frame.returns) {
                if (network.isLoop(each.node())) resume(each);
                else enter(each.node(), each.below());
            }
        }

        /// The body of a loop has been read `count` times.
        private void resume(Return each) {
            if (!resumed.add(each)) return;
            Loop loop = network.loop(each.node());
            if (each.count() < loop.most()) round(each.node(), each.count() + 1, each.below());
            if (network.leaves(loop, each.count())) enter(loop.exit(), each.below());
        }

        /// Reads the body of the loop at `node` for the `count`th time.
        private void round(int node, int count, Frame frame) {
            Loop loop = network.loop(node);
            // Without an upper bound, all counts from the lower bound on are alike.
            int kept = loop.most() == Expression.UNBOUNDED ? Math.min(count, loop.least()) : count;
            boolean last = count == loop.most() && network.closure(loop.exit()).onlyEnds();
            caller(loop.body(), node, kept, frame, last);
        }

        /// @param tail whether the caller, too, ends when the rule has ended: then the rule returns to
        ///     the caller's callers at once, and right recursion needs no stack
        private void caller(int rule, int node, int count, Frame frame, boolean tail) {
            var all = callers.computeIfAbsent(rule, r -> {
                called.add(r);
                return new HashSet<>();
            });
            if (tail && !frame.isBottom()) all.addAll(Arrays.asList(frame.returns));
            else all.add(new Return(node, count, frame));
        }

        /// Begins the rules that were called, each after all its callers are known.
        void call() {
            for (Integer rule = called.poll(); rule != null; rule = called.poll()) {
                Set<Return> all = callers.get(rule);
                if (all != null) begin(network.start(rule), frame(all));
            }
        }
    }

    private record Pair(int node, Frame frame) {}

    private State state(Set<Pair> set, boolean complete) {
        var pairs = new ArrayList<>(set);
        pairs.sort(Comparator.comparingInt(Pair::node).thenComparingInt(pair -> pair.frame().id));
        int[] nodes = new int[pairs.size()];
        var below = new Frame[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = pairs.get(i).node();
            below[i] = pairs.get(i).frame();
        }
        return intern(nodes, below, complete);
    }

    // One object for each content.

    private record Key(List<Integer> numbers) {}

    private State intern(int[] nodes, Frame[] below, boolean complete) {
        if (nodes.length == 0 && !complete) return dead;
        var numbers = new ArrayList<Integer>(2 * nodes.length + 1);
        numbers.add(complete ? 1 : 0);
        for (int i = 0; i < nodes.length; i++) {
            numbers.add(nodes[i]);
            numbers.add(below[i].id);
        }
        var key = new Key(numbers);
        State known = states.get(key);
        if (known != null) return known;
        if (states.size() >= MAX_STATES) forget();
        var state = new State(ids++, nodes, below, complete, classCount);
        states.put(key, state);
        return state;
    }

    private Frame frame(Set<Return> returns) {
        var sorted = returns.toArray(new Return[0]);
        Arrays.sort(
                sorted,
                Comparator.comparingInt(Return::node)
                        .thenComparingInt(Return::count)
                        .thenComparingInt(each -> each.below().id));
        var numbers = new ArrayList<Integer>(3 * sorted.length);
        for (Return each : sorted) {
            numbers.add(each.node());
            numbers.add(each.count());
            numbers.add(each.below().id);
        }
        return frames.computeIfAbsent(new Key(numbers), key -> new Frame(ids++, sorted));
    }

    /// What is still in use lives on in the hands of its users; what is met again is made again.
    void forget() {
        states.clear();
        frames.clear();
        generation++;
    }
}
