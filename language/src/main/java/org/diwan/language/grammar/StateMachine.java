package org.diwan.language.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.diwan.language.grammar.Frame.Return;
import org.diwan.language.grammar.Network.Call;
import org.diwan.language.grammar.Network.Closure;
import org.diwan.language.grammar.Network.Loop;
import org.diwan.language.grammar.Network.Read;
import org.diwan.language.grammar.State.Reach;

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

    /// Most tokens have at most so many bytes; few have 128, of spaces or signs.
    static final int SHORT = 32;

    /// Most steps that nobody took before, while reading ahead, and most pairs in a state there; beyond, what was
    /// read so far counts. A step takes a few microseconds, the walk that is saved a thousand.
    private static final int MAX_STEPS_AHEAD = 1 << 8;

    private static final int MAX_PAIRS_AHEAD = 1 << 5;

    private final Network network;
    private final int[] classes;
    private final int classCount;
    private final int[] representativeByte;
    private final List<List<Move>> moves;
    private final Map<Key, State> states = new HashMap<>();
    private final Map<Key, Frame> frames = new HashMap<>();
    private int ids;
    private long steps;
    private int generation;

    final Frame bottom = new Frame(ids++, new Return[0]);
    final State dead;

    StateMachine(Network network) {
        this.network = network;
        this.classes = network.byteClasses();
        this.classCount = classes[255] + 1;
        this.representativeByte = new int[classCount];
        for (int b = 255; b >= 0; b--) representativeByte[classes[b]] = b;
        this.moves = moves();
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
        Arrays.fill(spaced.representatives, spaced);
        return spaced;
    }

    /// The state after `b`, which is from 0 to 255; dead if no text goes on so.
    State next(State state, int b) {
        State known = state.next[classes[b]];
        return known != null ? known : explore(state, classes[b]);
    }

    private State explore(State state, int byteClass) {
        steps++;
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
    ///
    /// @param length one up to [#SHORT] and one beyond it, always the same: what was found is kept for these
    State representative(State state, int length) {
        int kept = length <= SHORT ? 0 : 1;
        State known = state.representatives[kept];
        if (known != null) return known;
        var pairs = new HashSet<Pair>();
        for (int i = 0; i < state.nodes.length; i++)
            pairs.add(new Pair(state.nodes[i], representative(state.frames[i], length)));
        State other = state(pairs, state.complete);
        other.representatives[kept] = other;
        state.representatives[kept] = other;
        return other;
    }

    private Frame representative(Frame frame, int length) {
        int kept = length <= SHORT ? 0 : 1;
        Frame known = frame.representatives[kept];
        if (known != null) return known;
        var returns = new HashSet<Return>();
        for (Return each : frame.returns) {
            int node = each.node();
            int count = network.isLoop(node) ? representative(network.loop(node), each.count(), length) : 0;
            returns.add(new Return(each.node(), count, representative(each.below(), length)));
        }
        Frame other = frame.isBottom() ? frame : frame(returns);
        other.representatives[kept] = other;
        frame.representatives[kept] = other;
        return other;
    }

    private static int representative(Loop loop, int count, int length) {
        long later = (long) count + length;
        if (later < loop.least()) return loop.least() - length - 1;
        return count >= loop.least() && later < loop.most() ? loop.least() : count;
    }

    /// What happens to the texts of a slice that begin at `state`.
    ///
    /// @param slice of [Slices]
    /// @param length of the longest short token in bytes; more are not asked for
    Reach reach(State state, int slice, int length) {
        Reach known = state.reaches[slice];
        if (known != null) return known;
        Reach reach;
        try {
            reach = readAhead(new Ahead(state, slice), length);
        } catch (TooAmbiguousException ahead) {
            reach = new Reach(0, 0); // which is refused only to who gets there
        }
        state.reaches[slice] = reach;
        return reach;
    }

    private static final class TooAmbiguousException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        TooAmbiguousException() {
            super("the grammar is too ambiguous: more than " + MAX_PAIRS
                    + " readings of the same text; make its alternatives begin differently");
        }
    }

    private record Ahead(State state, int slice) {}

    /// What some byte does to the slice and to the machine.
    private record Move(int byteClass, int slice) {}

    private List<List<Move>> moves() {
        var moves = new ArrayList<List<Move>>();
        for (int slice = 0; slice < Slices.STATES; slice++) {
            var some = new LinkedHashSet<Move>();
            for (int b = 0; b < 256; b++) {
                int next = Slices.next(slice, b);
                if (next != Slices.NONE) some.add(new Move(classes[b], next));
            }
            moves.add(List.copyOf(some));
        }
        return moves;
    }

    /// Reads all texts of the slice at once, a byte longer each time, until one fails or no new states come.
    private Reach readAhead(Ahead from, int length) {
        long most = steps + MAX_STEPS_AHEAD;
        var seen = new HashSet<Ahead>(List.of(from));
        var now = List.of(from);
        int open = length;
        for (int bytes = 0; !now.isEmpty(); bytes++) {
            if (bytes == length) break;
            var later = new ArrayList<Ahead>();
            for (Ahead each : now) {
                if (steps > most || isWide(each.state)) return new Reach(bytes, Math.min(open, bytes));
                for (Move move : moves.get(each.slice)) {
                    State next = next(each.state, representativeByte[move.byteClass]);
                    if (next.isDead()) return new Reach(bytes, Math.min(open, bytes));
                    if (next.complete) open = Math.min(open, bytes);
                    var ahead = new Ahead(representative(next, length), move.slice);
                    if (seen.add(ahead)) later.add(ahead);
                }
            }
            now = later;
        }
        return new Reach(length, open);
    }

    /// Whether reading ahead from `state` may cost more than it saves.
    private static boolean isWide(State state) {
        return state.nodes.length > MAX_PAIRS_AHEAD;
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
            if (pairs.size() > MAX_PAIRS) throw new TooAmbiguousException();
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
