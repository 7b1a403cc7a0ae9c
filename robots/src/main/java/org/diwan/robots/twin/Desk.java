package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.vda5050.Action;
import org.diwan.robots.vda5050.ErrorLog;
import org.diwan.robots.vda5050.ErrorLog.Until;
import org.diwan.robots.vda5050.Factsheet.Scope;
import org.diwan.robots.vda5050.Maps;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.State.ActionState;
import org.diwan.robots.vda5050.State.ActionStatus;
import org.diwan.robots.vda5050.State.ErrorLevel;
import org.diwan.robots.vda5050.State.Fault;
import org.diwan.robots.vda5050.State.OperatingMode;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.Vehicle;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;

/// Does instant actions, and those on nodes that set something rather than move something (§6.2.1, §6.2.3).
///
/// Of the 29 that are predefined it does all but `updateCertificate`, which the connection to the broker would have
/// to take; that one and those of no version are refused as `INVALID_INSTANT_ACTION`.
final class Desk {
    /// A map or a zone set is here so long after it was asked for.
    static final Duration DOWNLOAD = Duration.ofSeconds(3);

    /// The vehicle around it.
    interface Robot {
        /// Its side of the order, which a restart replaces.
        Vehicle vehicle();

        /// Plugs in or out.
        ///
        /// @return false if there is no charger
        boolean plug(boolean in);

        /// Takes that for where it is.
        ///
        /// @return false if it cannot
        boolean initialize(Pose pose, String lastNodeId);

        /// Sends a factsheet.
        void sendFactsheet();

        /// What waits for a trigger has it.
        boolean trigger();

        /// Stops, says no more, and wakes at that time, if one is given.
        void hibernate(Action action, Optional<Instant> wakeUp);

        /// Ends hibernation, or the way there.
        ///
        /// @return false if it neither hibernates nor is about to
        boolean wake();

        /// Says goodbye, if it is idle.
        boolean shutDown();

        /// Whether it can do that in a zone.
        boolean canInZone(String actionType);

        /// Other zones hold.
        void zonesChanged();

        /// Something is to be said.
        void changed();
    }

    private final Version version;
    private final Timeline timeline;
    private final Robot robot;
    private final ErrorLog errors;
    private final Maps maps;
    private final Surroundings surroundings;
    private final Set<Timeline.Scheduled> downloads = new HashSet<>();
    private Function<String, Optional<ZoneSet>> library = _ -> Optional.empty();
    private int logs;

    Desk(Version version, Timeline timeline, Robot robot, ErrorLog errors, Maps maps, Surroundings surroundings) {
        this.version = version;
        this.timeline = timeline;
        this.robot = robot;
        this.errors = errors;
        this.maps = maps;
        this.surroundings = surroundings;
    }

    /// Where links of `downloadZoneSet` lead.
    void library(Function<String, Optional<ZoneSet>> next) {
        library = next;
    }

    /// Whether `actionType` may stand on a node and is done here.
    boolean isOnNode(String actionType) {
        return PredefinedAction.of(version, actionType)
                .filter(action -> switch (action) {
                    case INITIALIZE_POSITION, ENABLE_MAP, ENABLE_ZONE_SET, CLEAR_INSTANT_ACTIONS, CLEAR_ZONE_ACTIONS ->
                        action.scopes().contains(Scope.NODE);
                    default -> false;
                })
                .isPresent();
    }

    /// Takes an instant action; its state and its error say what came of it. One that was here before is passed over.
    void take(Action action) {
        var vehicle = robot.vehicle();
        if (vehicle.knowsInstant(action.actionId())) return;
        if (vehicle.isFull() && vehicle.instantActionStates().stream().noneMatch(Desk::isOver)) return;
        var mode = vehicle.mode();
        boolean cancel = action.actionType().equals("cancelOrder");
        var predefined = PredefinedAction.of(version, action.actionType())
                .filter(it -> it.scopes().contains(Scope.INSTANT));
        if (predefined.isEmpty() || (!takes(mode) && !(mode == OperatingMode.INTERVENED && cancel))) {
            fail(action);
            return;
        }
        if (Vehicle.OWN_ACTIONS.contains(action.actionType())) settle(action, vehicle.receive(action));
        else begin(action, predefined.get());
        if (action.actionType().equals("cancelOrder")) surroundings.drop();
    }

    private static boolean isOver(ActionState state) {
        return state.actionStatus() == ActionStatus.FINISHED || state.actionStatus() == ActionStatus.FAILED;
    }

    private static boolean takes(OperatingMode mode) {
        return mode == OperatingMode.AUTOMATIC || mode == OperatingMode.SEMIAUTOMATIC;
    }

    private void begin(Action action, PredefinedAction type) {
        switch (type) {
            case DOWNLOAD_MAP -> download(action, () -> addMap(action));
            case DOWNLOAD_ZONE_SET -> download(action, () -> addZoneSet(action));
            case START_HIBERNATION -> hibernate(action);
            case LOG_REPORT -> {
                robot.vehicle().report(action, ActionStatus.FINISHED, "log-" + logs++);
                errors.over(Until.INSTANT_ACTION);
            }
            default -> settle(action, does(action, type));
        }
    }

    /// Does `action`, wherever it stands.
    ///
    /// @return false if it failed
    boolean does(Action action) {
        return PredefinedAction.of(version, action.actionType())
                .filter(type -> does(action, type))
                .isPresent();
    }

    private boolean does(Action action, PredefinedAction type) {
        try {
            return switch (type) {
                case START_CHARGING -> robot.plug(true);
                case STOP_CHARGING -> robot.plug(false);
                case STATE_REQUEST -> true;
                case FACTSHEET_REQUEST -> {
                    robot.sendFactsheet();
                    yield true;
                }
                case TRIGGER -> robot.trigger();
                case INITIALIZE_POSITION -> robot.initialize(pose(action), text(action, "lastNodeId"));
                case ENABLE_MAP -> maps.enable(text(action, "mapId"), text(action, "mapVersion"));
                case DELETE_MAP -> maps.delete(text(action, "mapId"), text(action, "mapVersion"));
                case ENABLE_ZONE_SET -> {
                    boolean done = surroundings.sets().enable(text(action, "zoneSetId"));
                    if (done) robot.zonesChanged();
                    yield done;
                }
                case DELETE_ZONE_SET -> surroundings.sets().delete(text(action, "zoneSetId"));
                case CLEAR_INSTANT_ACTIONS -> {
                    robot.vehicle().clearInstantActions();
                    yield true;
                }
                case CLEAR_ZONE_ACTIONS -> {
                    robot.vehicle().clearZoneActions();
                    yield true;
                }
                case STOP_HIBERNATION -> robot.wake();
                case SHUTDOWN -> robot.shutDown();
                case UPDATE_CERTIFICATE,
                        START_PAUSE,
                        STOP_PAUSE,
                        START_HIBERNATION,
                        DOWNLOAD_MAP,
                        DOWNLOAD_ZONE_SET,
                        LOG_REPORT,
                        PICK,
                        DROP,
                        DETECT_OBJECT,
                        FINE_POSITIONING,
                        WAIT_FOR_TRIGGER,
                        RETRY,
                        SKIP_RETRY,
                        CANCEL_ORDER -> false;
            };
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Pose pose(Action action) {
        return new Pose(number(action, "x"), number(action, "y"), number(action, "theta"), text(action, "mapId"));
    }

    private static double number(Action action, String key) {
        double value = Double.parseDouble(text(action, key));
        if (!(Math.abs(value) <= SimulatedVehicle.FARTHEST)) throw new IllegalArgumentException(key + " is " + value);
        return value;
    }

    private static String text(Action action, String key) {
        return Vehicle.argument(action, key).orElseThrow(() -> new IllegalArgumentException("no " + key));
    }

    private void hibernate(Action action) {
        var wakeUp = Vehicle.argument(action, "wakeUpTime");
        try {
            robot.hibernate(action, wakeUp.map(Instant::parse));
        } catch (DateTimeParseException e) {
            fail(action);
        }
    }

    private void download(Action action, Runnable arrived) {
        robot.vehicle().report(action, ActionStatus.RUNNING, null);
        errors.over(Until.INSTANT_ACTION);
        var download = new Timeline.Scheduled[1];
        download[0] = timeline.after(DOWNLOAD, () -> {
            downloads.remove(download[0]);
            arrived.run();
            robot.changed();
        });
        downloads.add(download[0]);
    }

    /// Forgets what was on its way.
    void stop() {
        downloads.forEach(Timeline.Scheduled::cancel);
        downloads.clear();
    }

    private void addMap(Action action) {
        var id = Vehicle.argument(action, "mapId");
        var number = Vehicle.argument(action, "mapVersion");
        if (id.isEmpty()
                || number.isEmpty()
                || Vehicle.argument(action, "mapDownloadLink").isEmpty()) {
            fail(action);
            return;
        }
        if (maps.has(id.get(), number.get())) {
            robot.vehicle().report(action, ActionStatus.FAILED, null);
            errors.refuse(
                    Fault.of(
                            "DUPLICATE_MAP",
                            ErrorLevel.WARNING,
                            "it is here already",
                            new Reference("mapId", id.get()),
                            new Reference("mapVersion", number.get())),
                    Until.INSTANT_ACTION);
            return;
        }
        settle(action, maps.add(id.get(), number.get()));
    }

    private void addZoneSet(Action action) {
        var set = Vehicle.argument(action, "zoneSetDownloadLink").flatMap(library);
        boolean is = set.map(ZoneSet::zoneSetId).equals(Vehicle.argument(action, "zoneSetId"));
        if (set.isEmpty() || !is) {
            fail(action);
            return;
        }
        var refusal = add(set.get());
        robot.vehicle().report(action, refusal.isEmpty() ? ActionStatus.FINISHED : ActionStatus.FAILED, null);
    }

    /// Takes a zone set, or reports why not.
    Optional<Fault> add(ZoneSet set) {
        var fault = impossible(set).or(() -> surroundings.sets().add(set).map(refusal -> switch (refusal) {
            case DUPLICATE -> fault("DUPLICATE_ZONE_SET", ErrorLevel.WARNING, set, "it is here already");
            case AMBIGUOUS -> fault("VALIDATION_FAILURE", ErrorLevel.WARNING, set, "two zones of one name");
            case NO_ROOM -> fault("INSUFFICIENT_MEMORY", ErrorLevel.URGENT, set, "too many zones or sets");
        }));
        fault.ifPresent(it -> errors.refuse(it, Until.INSTANT_ACTION));
        return fault;
    }

    private Optional<Fault> impossible(ZoneSet set) {
        return set.zones().stream()
                .filter(zone -> zone.rule() instanceof ZoneSet.Actions)
                .flatMap(zone -> all((ZoneSet.Actions) zone.rule()))
                .map(ZoneSet.ZoneAction::actionType)
                .filter(type -> !robot.canInZone(type))
                .findFirst()
                .map(type -> fault("VALIDATION_FAILURE", ErrorLevel.WARNING, set, "no action " + type + " in a zone"));
    }

    private static Stream<ZoneSet.ZoneAction> all(ZoneSet.Actions actions) {
        return Stream.of(actions.entryActions(), actions.duringActions(), actions.exitActions())
                .flatMap(List::stream);
    }

    private static Fault fault(String errorType, ErrorLevel level, ZoneSet set, String why) {
        return Fault.of(errorType, level, why, new Reference("zoneSetId", set.zoneSetId()));
    }

    private void settle(Action action, boolean done) {
        if (!done) {
            fail(action);
            return;
        }
        robot.vehicle().report(action, ActionStatus.FINISHED, null);
        errors.over(Until.INSTANT_ACTION);
    }

    private void settle(Action action, Optional<String> errorType) {
        if (errorType.isEmpty()) {
            errors.over(Until.INSTANT_ACTION);
            return;
        }
        report(action, errorType.get());
    }

    private void fail(Action action) {
        robot.vehicle().report(action, ActionStatus.FAILED, null);
        report(action, "INVALID_INSTANT_ACTION");
    }

    private void report(Action action, String errorType) {
        errors.refuse(
                Fault.of(
                        errorType,
                        ErrorLevel.WARNING,
                        action.actionType(),
                        new Reference("actionId", action.actionId())),
                errorType.equals("NO_ORDER_TO_CANCEL") ? Until.ORDER : Until.INSTANT_ACTION);
    }
}
