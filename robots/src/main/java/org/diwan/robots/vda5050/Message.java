package org.diwan.robots.vda5050;

/// What goes over a topic; each carries the [Header] (§7.2).
public sealed interface Message
        permits Order, InstantActions, State, Connection, Visualization, ZoneSet, Responses, Factsheet {
    /// Who speaks to or as which vehicle, in which version, when.
    Header header();
}
