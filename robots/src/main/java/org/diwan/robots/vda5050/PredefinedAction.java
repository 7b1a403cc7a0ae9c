package org.diwan.robots.vda5050;

import static org.diwan.robots.vda5050.Factsheet.Scope.EDGE;
import static org.diwan.robots.vda5050.Factsheet.Scope.INSTANT;
import static org.diwan.robots.vda5050.Factsheet.Scope.NODE;
import static org.diwan.robots.vda5050.Factsheet.Scope.ZONE;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.vda5050.Factsheet.Scope;

/// The 29 actions that VDA 5050 itself names, and where each may stand (§6.2.3.1, table 4).
public enum PredefinedAction {
    START_PAUSE("startPause", Version.V2_0, INSTANT),
    STOP_PAUSE("stopPause", Version.V2_0, INSTANT),
    START_HIBERNATION("startHibernation", Version.V3_0, INSTANT),
    STOP_HIBERNATION("stopHibernation", Version.V3_0, INSTANT),
    SHUTDOWN("shutdown", Version.V3_0, INSTANT),
    START_CHARGING("startCharging", Version.V2_0, INSTANT, NODE),
    STOP_CHARGING("stopCharging", Version.V2_0, INSTANT, NODE),
    /// Called `initPosition` up to 2.1.0.
    INITIALIZE_POSITION("initializePosition", Version.V2_0, INSTANT, NODE),
    ENABLE_MAP("enableMap", Version.V2_1, INSTANT, NODE),
    DOWNLOAD_MAP("downloadMap", Version.V2_1, INSTANT),
    DELETE_MAP("deleteMap", Version.V2_1, INSTANT),
    DOWNLOAD_ZONE_SET("downloadZoneSet", Version.V3_0, INSTANT),
    ENABLE_ZONE_SET("enableZoneSet", Version.V3_0, INSTANT, NODE),
    DELETE_ZONE_SET("deleteZoneSet", Version.V3_0, INSTANT),
    CLEAR_INSTANT_ACTIONS("clearInstantActions", Version.V3_0, INSTANT, NODE),
    CLEAR_ZONE_ACTIONS("clearZoneActions", Version.V3_0, INSTANT, NODE),
    STATE_REQUEST("stateRequest", Version.V2_0, INSTANT),
    LOG_REPORT("logReport", Version.V2_0, INSTANT),
    PICK("pick", Version.V2_0, NODE, EDGE),
    DROP("drop", Version.V2_0, NODE, EDGE),
    DETECT_OBJECT("detectObject", Version.V2_0, NODE, EDGE, ZONE),
    FINE_POSITIONING("finePositioning", Version.V2_0, NODE, EDGE, ZONE),
    WAIT_FOR_TRIGGER("waitForTrigger", Version.V2_0, NODE, ZONE),
    /// Named from 3.0.0 on, but what `waitForTrigger` waits for in all.
    TRIGGER("trigger", Version.V2_0, INSTANT),
    RETRY("retry", Version.V3_0, INSTANT),
    SKIP_RETRY("skipRetry", Version.V3_0, INSTANT),
    CANCEL_ORDER("cancelOrder", Version.V2_0, INSTANT),
    FACTSHEET_REQUEST("factsheetRequest", Version.V2_0, INSTANT),
    UPDATE_CERTIFICATE("updateCertificate", Version.V3_0, INSTANT);

    private final String type;
    private final Version since;

    @SuppressWarnings("ImmutableEnumChecker") // it is what Set.of gave
    private final Set<Scope> scopes;

    PredefinedAction(String type, Version since, Scope... scopes) {
        this.type = type;
        this.since = since;
        this.scopes = Set.of(scopes);
    }

    /// The `actionType` in `version`.
    public String type(Version version) {
        return this == INITIALIZE_POSITION && version != Version.V3_0 ? "initPosition" : type;
    }

    /// The one that `version` calls so.
    public static Optional<PredefinedAction> of(Version version, String actionType) {
        return Arrays.stream(values())
                .filter(action -> action.since.compareTo(version) <= 0
                        && action.type(version).equals(actionType))
                .findFirst();
    }

    /// The first version that has it.
    public Version since() {
        return since;
    }

    /// Where it may stand.
    public Set<Scope> scopes() {
        return scopes;
    }
}
