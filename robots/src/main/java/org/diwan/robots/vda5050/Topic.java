package org.diwan.robots.vda5050;

/// The topics (§4.3), one message each; constants are spelled as on the wire in [#text].
public enum Topic {
    ORDER("order", Version.V2_0),
    INSTANT_ACTIONS("instantActions", Version.V2_0),
    STATE("state", Version.V2_0),
    CONNECTION("connection", Version.V2_0),
    VISUALIZATION("visualization", Version.V2_0),
    FACTSHEET("factsheet", Version.V2_0),
    ZONE_SET("zoneSet", Version.V3_0),
    RESPONSES("responses", Version.V3_0);

    private final String text;
    private final Version since;

    Topic(String text, Version since) {
        this.text = text;
        this.since = since;
    }

    /// The last level of the topic's name, as `instantActions`.
    public String text() {
        return text;
    }

    /// The first version that has it.
    public Version since() {
        return since;
    }

    /// Whether it leads to the vehicle; the others come from it.
    public boolean isForVehicle() {
        return switch (this) {
            case ORDER, INSTANT_ACTIONS, ZONE_SET, RESPONSES -> true;
            case STATE, CONNECTION, VISUALIZATION, FACTSHEET -> false;
        };
    }

    /// Where `message` belongs.
    public static Topic of(Message message) {
        return switch (message) {
            case Order _ -> ORDER;
            case InstantActions _ -> INSTANT_ACTIONS;
            case State _ -> STATE;
            case Connection _ -> CONNECTION;
            case Visualization _ -> VISUALIZATION;
            case Factsheet _ -> FACTSHEET;
            case ZoneSet _ -> ZONE_SET;
            case Responses _ -> RESPONSES;
        };
    }
}
