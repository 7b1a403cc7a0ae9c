package org.diwan.robots.twin;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Connection;
import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.ErrorLog;
import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Maps;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.Info;
import org.diwan.robots.vda5050.State.Reference;
import org.diwan.robots.vda5050.StateReport;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Vehicle;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.Visualization;

/// What a vehicle says: that it is there, what it is, how it is, and while it moves, where.
///
/// A state follows once all that happens at an instant is over, and [#STATE_PERIOD] after the one before at the latest
/// (§6.6).
final class Voice {
    /// A state is sent at least that often.
    static final Duration STATE_PERIOD = Duration.ofSeconds(30);

    /// Whose voice it is: what none of its parts knows.
    interface Self {
        /// Its side of the order, which a restart replaces.
        Vehicle vehicle();

        /// The node that it stands on, or passed last; empty for none.
        String nodeId();

        /// What its odometer showed then, metres.
        double passedAt();

        /// Whether it knows where it is.
        boolean isLocalized();

        /// Whether its button is pressed.
        boolean isEmergency();

        /// Whether something is in its way.
        boolean isObstructed();

        /// Whether it sends no state: it has gone, or sleeps.
        boolean isSilent();

        /// It looks around, and a state follows.
        void react();
    }

    /// What it is made of.
    record Parts(
            Drive drive,
            Pilot pilot,
            Battery battery,
            Cargo cargo,
            Maps maps,
            Surroundings surroundings,
            ErrorLog errors) {}

    private final Version version;
    private final VehicleType type;
    private final Optional<Factsheet> sheet;
    private final Timeline timeline;
    private final Wire wire;
    private final Self self;
    private final Parts parts;
    private final StateReport report;
    private final Map<String, Info> information = new HashMap<>();
    private Timeline.Scheduled beating = () -> {};
    private Timeline.Scheduled showing = () -> {};
    private boolean due;
    private Instant sent;

    /// @param sheet what it says of itself, or nothing
    Voice(
            Address address,
            VehicleType type,
            Optional<Factsheet> sheet,
            Timeline timeline,
            Wire wire,
            Self self,
            Parts parts) {
        version = address.version();
        this.type = type;
        this.sheet = sheet;
        this.timeline = timeline;
        this.wire = wire;
        this.self = self;
        this.parts = parts;
        report = new StateReport(version);
        sent = timeline.instant();
    }

    /// Says whether it is there.
    void connection(ConnectionState state) {
        wire.send(Topic.CONNECTION, true, header -> new Connection(header, state));
    }

    /// Says what it is.
    void factsheet() {
        sheet.ifPresent(own -> wire.send(Topic.FACTSHEET, true, own::with));
    }

    /// Something that its states tell from now on; it replaces what was of that type.
    void note(String infoType, String key, String about, String text) {
        information.put(infoType, new Info(infoType, List.of(new Reference(key, about)), text, State.InfoLevel.INFO));
    }

    /// Its states no longer tell of that.
    void drop(String infoType) {
        information.remove(infoType);
    }

    /// Its states tell of nothing.
    void forget() {
        information.clear();
    }

    /// A state follows once all that happens at this instant is over.
    void report() {
        if (due) return;
        due = true;
        timeline.post(() -> {
            if (due) flush();
        });
    }

    /// A state follows at once.
    void flush() {
        due = false;
        if (self.isSilent()) return;
        sent = timeline.instant();
        parts.battery().advance(sent, parts.drive().odometer());
        wire.send(Topic.STATE, false, header -> report.of(header, self.vehicle(), body()));
    }

    /// From now on it is never quiet for longer than [#STATE_PERIOD].
    void beat() {
        var quiet = Duration.between(sent, timeline.instant());
        if (quiet.compareTo(STATE_PERIOD) >= 0) {
            if (!self.isSilent()) self.react();
            quiet = Duration.ZERO;
        }
        beating = timeline.after(STATE_PERIOD.minus(quiet), this::beat);
    }

    private StateReport.Body body() {
        double part = parts.battery().part();
        return new StateReport.Body(
                self.nodeId(),
                self.nodeId().isEmpty() ? null : (Double) (parts.drive().odometer() - self.passedAt()),
                self.vehicle().isDriving() || !parts.drive().isStill(),
                parts.pilot().runsShort(),
                position(),
                velocity(),
                parts.cargo().loads(),
                new State.PowerSupply(
                        part * 100,
                        null,
                        null,
                        null,
                        parts.battery().isCharging(),
                        Math.rint(part * type.capacityWh() / type.whPerMetre())),
                new State.SafetyState(
                        self.isEmergency() ? State.EmergencyStop.MANUAL : State.EmergencyStop.NONE,
                        self.isObstructed()),
                parts.errors().faults(),
                List.copyOf(information.values()),
                parts.maps().entries(),
                parts.surroundings().sets().entries(),
                parts.surroundings().requests());
    }

    private State.Position position() {
        var pose = parts.drive().pose();
        return new State.Position(pose.x(), pose.y(), pose.theta(), pose.mapId(), self.isLocalized(), null, null);
    }

    private State.Velocity velocity() {
        return new State.Velocity(parts.drive().speed(), 0.0, parts.drive().omega());
    }

    /// Says where it is every `period` while it moves.
    void visualize(Duration period) {
        showing.cancel();
        showing = timeline.every(period, () -> {
            if (parts.drive().isStill()) return;
            Long state = version == Version.V3_0 ? (Long) wire.last(Topic.STATE) : null;
            wire.send(
                    Topic.VISUALIZATION,
                    false,
                    header -> new Visualization(header, state, null, null, position(), velocity()));
        });
    }

    /// It says nothing more of itself.
    void stop() {
        beating.cancel();
        showing.cancel();
    }
}
