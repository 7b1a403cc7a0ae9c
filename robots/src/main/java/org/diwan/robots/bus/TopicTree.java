package org.diwan.robots.bus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Values by topic filter, found by topic in a time that does not grow with their number: a tree of levels, in
/// which each level of a topic follows at most its own branch and that of `+`.
final class TopicTree<T> {
    private static final class Node<T> {
        final Map<String, Node<T>> next = new HashMap<>();
        /// Whose filter ends here.
        final List<Entry<T>> here = new ArrayList<>();
        /// Whose filter ends with `#` here.
        final List<Entry<T>> below = new ArrayList<>();

        boolean isEmpty() {
            return next.isEmpty() && here.isEmpty() && below.isEmpty();
        }
    }

    private record Entry<T>(long number, T value) {}

    private final Node<T> root = new Node<>();
    private long added;

    /// Adds `value` under `filter`; the same value may be there more than once.
    void add(String filter, T value) {
        var node = root;
        var levels = Topics.levels(filter);
        int named = Topics.endsOpen(filter) ? levels.size() - 1 : levels.size();
        for (String level : levels.subList(0, named)) node = node.next.computeIfAbsent(level, _ -> new Node<>());
        (named < levels.size() ? node.below : node.here).add(new Entry<>(added++, value));
    }

    /// Takes `value` away from under `filter`, once.
    void remove(String filter, T value) {
        remove(root, Topics.levels(filter), 0, value);
    }

    private static <T> void remove(Node<T> node, List<String> levels, int depth, T value) {
        if (depth == levels.size()) {
            removeFirst(node.here, value);
        } else if (levels.get(depth).equals("#")) {
            removeFirst(node.below, value);
        } else {
            var next = node.next.get(levels.get(depth));
            if (next == null) return;
            remove(next, levels, depth + 1, value);
            if (next.isEmpty()) node.next.remove(levels.get(depth));
        }
    }

    private static <T> void removeFirst(List<Entry<T>> entries, T value) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).value() == value) {
                entries.remove(i);
                return;
            }
        }
    }

    /// The values whose filters name `topic`, in the order they were added.
    List<T> matching(String topic) {
        var found = new ArrayList<Entry<T>>();
        collect(root, Topics.levels(topic), 0, found);
        if (found.size() > 1) found.sort(Comparator.comparingLong(Entry::number));
        return found.stream().map(Entry::value).toList();
    }

    private static <T> void collect(Node<T> node, List<String> levels, int depth, List<Entry<T>> found) {
        boolean open = depth > 0 || !levels.getFirst().startsWith("$");
        if (open) found.addAll(node.below);
        if (depth == levels.size()) {
            found.addAll(node.here);
            return;
        }
        var exact = node.next.get(levels.get(depth));
        if (exact != null) collect(exact, levels, depth + 1, found);
        var any = open ? node.next.get("+") : null;
        if (any != null) collect(any, levels, depth + 1, found);
    }
}
