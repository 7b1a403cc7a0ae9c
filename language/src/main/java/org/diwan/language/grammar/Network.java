package org.diwan.language.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.language.grammar.Utf8Paths.Step;
import org.jspecify.annotations.Nullable;

/// A grammar as a recursive transition network over bytes (Woods 1970): for each rule a
/// nondeterministic automaton whose edges read a byte or call a rule. Immutable once built.
///
/// Repetitions that would need many copies of their body are one loop with a counter instead: the
/// number is remembered where a call returns ([Frame]), so `[a-z]{1,5000}` costs a handful of nodes.
final class Network {
    /// Most nodes; a schema of a thousand properties needs about 30,000.
    static final int MAX_NODES = 200_000;

    /// Repetitions are written out as long as all copies together have at most as many nodes.
    private static final int MAX_WRITTEN_OUT = 48;

    /// Begins the bytes of a control token. No UTF-8 contains it (RFC 3629 §1).
    static final int SPECIAL = 0xFF;

    /// An edge that reads a byte from `first` to `last`.
    record Read(int first, int last, int target) {}

    /// An edge that reads what `rule` stands for.
    record Call(int rule, int target) {}

    /// A node that calls `body` again until it has been read `most` times, and may leave for `exit`
    /// from `least` times on.
    record Loop(int body, int least, int most, int exit) {}

    private static final class Node {
        final List<Read> reads = new ArrayList<>(1);
        final List<Call> calls = new ArrayList<>(0);
        final List<Integer> jumps = new ArrayList<>(1);

        @Nullable
        Loop loop;

        boolean end;
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final Map<String, Integer> rules = new HashMap<>();
    private final IdentityHashMap<Expression, Integer> bodies = new IdentityHashMap<>();
    private final ArrayDeque<Runnable> unwritten = new ArrayDeque<>();
    private final boolean[] nullable;
    private final boolean[] productive;
    private final Closure[] closures;
    private final int[] ranks;
    private final int start;

    Network(Grammar grammar) {
        for (String name : grammar.rules().keySet()) rules.put(name, rule(name));
        grammar.rules().forEach((name, right) -> write(named(name), right));
        start = starts.get(named(grammar.start()));
        while (!unwritten.isEmpty()) unwritten.remove().run();
        nullable = finishing(false);
        productive = finishing(true);
        closures = new Closure[nodes.size()];
        if (!productive[start]) throw new GrammarException("the grammar accepts no text at all");
        ranks = ranks();
    }

    int start() {
        return start;
    }

    int start(int rule) {
        return starts.get(rule);
    }

    int ruleCount() {
        return starts.size();
    }

    int nodeCount() {
        return nodes.size();
    }

    /// Place of the rule in an order in which every rule stands before those that it may call before
    /// reading anything.
    int rank(int rule) {
        return ranks[rule];
    }

    boolean isLoop(int node) {
        return nodes.get(node).loop != null;
    }

    /// The loop that `node` is.
    Loop loop(int node) {
        Loop loop = nodes.get(node).loop;
        if (loop == null) throw new AssertionError("node " + node + " is no loop");
        return loop;
    }

    /// Edges of `node` that read and may lead to an end.
    List<Read> reads(int node) {
        return nodes.get(node).reads;
    }

    /// What can be done at a node without reading.
    ///
    /// @param readers nodes with edges that read, ascending
    /// @param calls edges that call
    /// @param loops nodes that are loops not yet begun
    /// @param ends whether the rule may end here
    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
    record Closure(int[] readers, List<Call> calls, List<Integer> loops, boolean ends) {
        /// Whether all that can be done here is to end the rule.
        boolean onlyEnds() {
            return ends && readers.length == 0 && calls.isEmpty() && loops.isEmpty();
        }
    }

    // Building.

    private int rule(String name) {
        names.add(name);
        starts.add(node());
        return names.size() - 1;
    }

    private int named(String name) {
        Integer rule = rules.get(name);
        if (rule == null) throw new GrammarException("rule '" + name + "' is used and not defined");
        return rule;
    }

    private void write(int rule, Expression right) {
        int end = node();
        nodes.get(end).end = true;
        write(right, starts.get(rule), end);
    }

    private int node() {
        if (nodes.size() == MAX_NODES)
            throw new GrammarException("the grammar needs more than " + MAX_NODES + " states, which is the limit");
        nodes.add(new Node());
        return nodes.size() - 1;
    }

    private void jump(int from, int to) {
        nodes.get(from).jumps.add(to);
    }

    private void write(Expression expression, int from, int to) {
        switch (expression) {
            case Expression.Text(String text) -> write(text.getBytes(StandardCharsets.UTF_8), from, to);
            case Expression.OneOf(CharSet set) -> write(set, from, to);
            case Expression.Sequence(List<Expression> parts) -> {
                int at = from;
                for (Expression part : parts) {
                    int next = node();
                    write(part, at, next);
                    at = next;
                }
                jump(at, to);
            }
            case Expression.Choice(List<Expression> branches) -> {
                for (Expression branch : branches) write(branch, from, to);
            }
            case Expression.Repeat repeat -> write(repeat, from, to);
            case Expression.Call(String name) -> {
                nodes.get(from).calls.add(new Call(named(name), to));
            }
            case Expression.Special(String text) -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                int at = node();
                nodes.get(from).reads.add(new Read(SPECIAL, SPECIAL, at));
                write(bytes, at, to);
            }
        }
    }

    private void write(byte[] bytes, int from, int to) {
        int at = from;
        for (int i = 0; i < bytes.length; i++) {
            int next = i == bytes.length - 1 ? to : node();
            nodes.get(at).reads.add(new Read(bytes[i] & 0xFF, bytes[i] & 0xFF, next));
            at = next;
        }
        if (bytes.length == 0) jump(from, to);
    }

    /// Paths that end alike share their ends.
    private void write(CharSet set, int from, int to) {
        var ends = new HashMap<List<Step>, Integer>();
        for (List<Step> path : Utf8Paths.of(set)) {
            int target = to;
            for (int i = path.size() - 1; i > 0; i--) {
                int before = target;
                List<Step> rest = path.subList(i, path.size());
                Integer known = ends.get(rest);
                if (known == null) {
                    known = node();
                    nodes.get(known)
                            .reads
                            .add(new Read(path.get(i).first(), path.get(i).last(), before));
                    ends.put(List.copyOf(rest), known);
                }
                target = known;
            }
            nodes.get(from)
                    .reads
                    .add(new Read(path.getFirst().first(), path.getFirst().last(), target));
        }
    }

    private void write(Expression.Repeat repeat, int from, int to) {
        int least = repeat.least();
        boolean unbounded = repeat.most() == Expression.UNBOUNDED;
        long copies = unbounded ? Math.max(1, least) : repeat.most();
        if (copies > 1 && copies * size(repeat.body()) > MAX_WRITTEN_OUT) {
            int loop = node();
            jump(from, loop);
            nodes.get(loop).loop = new Loop(body(repeat.body()), least, repeat.most(), to);
            return;
        }
        int at = from;
        for (int i = 0; i < copies; i++) {
            int begin = node();
            int next = node();
            jump(at, begin);
            write(repeat.body(), begin, next);
            if (i >= least) jump(at, to);
            if (unbounded && i == copies - 1) jump(next, begin);
            at = next;
        }
        jump(at, to);
    }

    private int body(Expression body) {
        Integer known = bodies.get(body);
        if (known != null) return known;
        int rule = rule("repetition");
        bodies.put(body, rule);
        unwritten.add(() -> write(rule, body));
        return rule;
    }

    /// About as many nodes as writing it takes.
    private static long size(Expression expression) {
        return switch (expression) {
            case Expression.Text(String text) -> text.length();
            case Expression.OneOf(CharSet set) -> Math.min(8, set.ranges().size());
            case Expression.Sequence(List<Expression> parts) ->
                parts.stream().mapToLong(Network::size).sum();
            case Expression.Choice(List<Expression> branches) ->
                branches.stream().mapToLong(Network::size).sum();
            case Expression.Repeat(Expression body, int least, int most) -> {
                long copies = most == Expression.UNBOUNDED ? Math.max(1, least) : most;
                yield Math.min(copies * size(body), MAX_WRITTEN_OUT);
            }
            case Expression.Call call -> 1;
            case Expression.Special(String text) -> text.length();
        };
    }

    // What is true of nodes and rules.

    /// From which nodes the end of their rule can be reached, with or without reading bytes; by going
    /// backwards from the ends until nothing is added.
    private boolean[] finishing(boolean withReads) {
        var before = new ArrayList<List<Integer>>();
        var callers = new ArrayList<List<Integer>>();
        for (int i = 0; i < nodes.size(); i++) before.add(new ArrayList<>(1));
        for (int i = 0; i < starts.size(); i++) callers.add(new ArrayList<>());
        var ruleAt = new HashMap<Integer, Integer>();
        for (int rule = 0; rule < starts.size(); rule++) ruleAt.put(starts.get(rule), rule);
        boolean[] finishing = new boolean[nodes.size()];
        var work = new ArrayDeque<Integer>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (withReads) for (Read read : node.reads) before.get(read.target).add(i);
            for (int jump : node.jumps) before.get(jump).add(i);
            for (Call call : node.calls) {
                before.get(call.target).add(i);
                callers.get(call.rule).add(i);
            }
            if (node.loop != null) {
                before.get(node.loop.exit).add(i);
                callers.get(node.loop.body).add(i);
            }
            if (node.end) work.add(i);
        }
        while (!work.isEmpty()) {
            int at = work.remove();
            if (finishing[at] || !finishes(nodes.get(at), finishing, withReads)) continue;
            finishing[at] = true;
            work.addAll(before.get(at));
            Integer rule = ruleAt.get(at);
            if (rule != null) work.addAll(callers.get(rule));
        }
        return finishing;
    }

    private boolean finishes(Node node, boolean[] finishing, boolean withReads) {
        if (node.end) return true;
        if (withReads) for (Read read : node.reads) if (finishing[read.target]) return true;
        for (int jump : node.jumps) if (finishing[jump]) return true;
        for (Call call : node.calls) if (finishing[call.target] && finishing[starts.get(call.rule)]) return true;
        Loop loop = node.loop;
        return loop != null && finishing[loop.exit] && (loop.least == 0 || finishing[starts.get(loop.body)]);
    }

    /// What can be done at `node` without reading. What leads to no end is left out, and a rule that
    /// may be empty is passed as well as called: so a call never ends where it began.
    Closure closure(int node) {
        if (closures[node] != null) return closures[node];
        var readers = new ArrayList<Integer>();
        var calls = new ArrayList<Call>();
        var loops = new ArrayList<Integer>();
        boolean ends = false;
        var visited = new HashSet<Integer>();
        var work = new ArrayDeque<Integer>();
        work.add(node);
        while (!work.isEmpty()) {
            int at = work.remove();
            if (!productive[at] || !visited.add(at)) continue;
            Node here = nodes.get(at);
            ends |= here.end;
            if (!here.reads.isEmpty()) readers.add(at);
            work.addAll(here.jumps);
            for (Call call : here.calls) {
                if (!productive[call.target] || !productive[starts.get(call.rule)]) continue;
                calls.add(call);
                if (nullable[starts.get(call.rule)]) work.add(call.target);
            }
            Loop loop = here.loop;
            if (loop == null) continue;
            if (productive[starts.get(loop.body)]) loops.add(at);
            if (leaves(loop, 0)) work.add(loop.exit);
        }
        int[] sorted = readers.stream().mapToInt(Integer::intValue).sorted().toArray();
        var closure = new Closure(sorted, List.copyOf(calls), List.copyOf(loops), ends);
        closures[node] = closure;
        return closure;
    }

    /// Whether the loop may be left after its body was read `count` times. A body that may be empty
    /// makes up for every time that is missing.
    boolean leaves(Loop loop, int count) {
        return count >= loop.least || nullable[starts.get(loop.body)];
    }

    boolean productive(int node) {
        return productive[node];
    }

    /// Whether the empty text is in the grammar.
    boolean acceptsNothing() {
        return nullable[start()];
    }

    /// Orders rules by Kahn's algorithm (1962); what is left over calls itself before reading.
    private int[] ranks() {
        int count = starts.size();
        var callees = new ArrayList<List<Integer>>();
        int[] callers = new int[count];
        for (int rule = 0; rule < count; rule++) {
            var first = new ArrayList<Integer>();
            Closure closure = closure(starts.get(rule));
            for (Call call : closure.calls) first.add(call.rule);
            for (int node : closure.loops) first.add(loop(node).body);
            callees.add(first);
            for (int callee : first) callers[callee]++;
        }
        int[] ranks = new int[count];
        Arrays.fill(ranks, -1);
        var free = new ArrayDeque<Integer>();
        for (int rule = 0; rule < count; rule++) if (callers[rule] == 0) free.add(rule);
        int rank = 0;
        while (!free.isEmpty()) {
            int rule = free.remove();
            ranks[rule] = rank++;
            for (int callee : callees.get(rule)) if (--callers[callee] == 0) free.add(callee);
        }
        for (int rule = 0; rule < count; rule++)
            if (ranks[rule] < 0) throw new GrammarException(circle(rule, ranks, callees));
        return ranks;
    }

    /// Names a circle among the rules that got no rank: each of them is called by another of them.
    private String circle(int rule, int[] ranks, List<List<Integer>> callees) {
        var path = new ArrayList<Integer>();
        int at = rule;
        while (!path.contains(at)) {
            path.add(at);
            for (int caller = 0; caller < ranks.length; caller++)
                if (ranks[caller] < 0 && callees.get(caller).contains(at)) {
                    at = caller;
                    break;
                }
        }
        var circle = new StringBuilder(names.get(at));
        for (int i = path.size() - 1; i >= path.indexOf(at); i--)
            circle.append(" → ").append(names.get(path.get(i)));
        return "left recursion: " + circle + "; write it as a repetition, or so that each round reads something first";
    }

    /// Numbers bytes so that two that no edge tells apart have the same number; the space has its own.
    int[] byteClasses() {
        var cuts = new boolean[257];
        cuts[' '] = true;
        cuts[' ' + 1] = true;
        for (Node node : nodes)
            for (Read read : node.reads) {
                cuts[read.first] = true;
                cuts[read.last + 1] = true;
            }
        int[] classes = new int[256];
        int current = 0;
        for (int b = 0; b < 256; b++) {
            if (b > 0 && cuts[b]) current++;
            classes[b] = current;
        }
        return classes;
    }
}
