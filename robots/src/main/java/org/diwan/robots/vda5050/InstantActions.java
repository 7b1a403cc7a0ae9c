package org.diwan.robots.vda5050;

import java.util.List;

/// To be done at once, whatever the order says (§6.2.1, §7.4). In 3.0.0 they block nothing.
public record InstantActions(Header header, List<Action> actions) implements Message {
    public InstantActions {
        actions = List.copyOf(actions);
    }
}
