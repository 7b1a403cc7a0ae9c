package org.diwan.robots.vda5050;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What every order has to be, by itself (§6.1.1).
final class OrderForm {
    private OrderForm() {}

    /// What is wrong with `order`, if anything is.
    static Optional<String> fault(Order order) {
        var nodes = order.nodes();
        var edges = order.edges();
        if (nodes.isEmpty()) return Optional.of("no node");
        if (edges.size() != nodes.size() - 1)
            return Optional.of(edges.size() + " edges for " + nodes.size() + " nodes, must be one less");
        long first = nodes.getFirst().sequenceId();
        if (first % 2 != 0) return Optional.of("the first node has the odd sequenceId " + first);
        if (!nodes.getFirst().released()) return Optional.of("the first node is not released");
        boolean released = true;
        for (int i = 0; i < edges.size(); i++) {
            var edge = edges.get(i);
            var node = nodes.get(i + 1);
            if (edge.sequenceId() != first + 2L * i + 1)
                return Optional.of("edge " + edge.edgeId() + " has sequenceId " + edge.sequenceId() + ", must be "
                        + (first + 2L * i + 1));
            if (node.sequenceId() != first + 2L * i + 2)
                return Optional.of("node " + node.nodeId() + " has sequenceId " + node.sequenceId() + ", must be "
                        + (first + 2L * i + 2));
            if (edge.released() != node.released())
                return Optional.of("edge " + edge.edgeId() + " and its end node are not released together");
            if (edge.released() && !released)
                return Optional.of("edge " + edge.edgeId() + " is released after one that is not");
            released = edge.released();
            var curve = edge.trajectory() == null
                    ? Optional.<String>empty()
                    : edge.trajectory().fault();
            if (curve.isPresent()) return Optional.of("the trajectory of edge " + edge.edgeId() + ": " + curve.get());
        }
        var seen = new HashSet<String>();
        return actions(order)
                .filter(action -> !seen.add(action.actionId()))
                .findFirst()
                .map(action -> "actionId " + action.actionId() + " comes twice");
    }

    static Stream<Action> actions(Order order) {
        return Stream.concat(
                order.nodes().stream().flatMap(node -> node.actions().stream()),
                order.edges().stream().flatMap(edge -> edge.actions().stream()));
    }

    /// The last released node: where an update continues (§6.1.2). `nodes` begins with a released one.
    static Order.Node decision(List<Order.Node> nodes) {
        return nodes.stream()
                .filter(Order.Node::released)
                .reduce((_, last) -> last)
                .orElseThrow();
    }
}
