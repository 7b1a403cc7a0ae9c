package org.diwan.robots.fleet;

import org.diwan.robots.vda5050.Connection.ConnectionState;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.EmergencyStop;
import org.diwan.robots.vda5050.State.ErrorLevel;

/// What can be asked of a vehicle now. In every condition but [#READY] it gets no new order and no new job, is
/// not moved by the planner, and where it is, and what was released to it, stays closed to others; a job none
/// of whose actions was released goes to another vehicle.
public enum Condition {
    /// It was never heard of, or says of no known place that it is there. It is asked again and again, and never
    /// ordered about; a person is told what it needs. Where it may stand, by the position that it is not sure of,
    /// nobody is sent, also not into a lift. One that says nothing at all keeps nobody from anything.
    UNKNOWN,
    READY,
    /// The broker lost it, or it did not answer in time. Any state ends that.
    LOST,
    /// It went, properly: `OFFLINE`, `HIBERNATING`.
    OFFLINE,
    /// Somebody else is in control (`MANUAL`, `SERVICE`, `TEACH_IN`, `STARTUP`, `INTERVENED`). But for the last
    /// it has cleared its order; its job goes on by a new one when control is back, if no action was under way,
    /// or fails.
    MANUAL,
    /// Its emergency stop is pressed. When it is released, it goes on with what it has.
    EMERGENCY_STOP,
    /// Somebody paused it.
    PAUSED,
    /// It does not know where it is: whoever does tells it ([Placement]). What it has of an order it does not drive.
    UNLOCALIZED,
    /// An error `FATAL`, which a person must see to; or `CRITICAL`: its order is cancelled, and it can take
    /// another.
    BROKEN;

    /// The worst that a connection and a state say together.
    ///
    /// @param ordered whether it has an order
    static Condition of(ConnectionState connection, State state, boolean ordered) {
        if (connection == ConnectionState.CONNECTION_BROKEN) return LOST;
        if (connection == ConnectionState.HIBERNATING) return OFFLINE;
        if (state.safetyState().activeEmergencyStop() != EmergencyStop.NONE) return EMERGENCY_STOP;
        switch (state.operatingMode()) {
            case AUTOMATIC, SEMIAUTOMATIC -> {}
            case STARTUP, INTERVENED, MANUAL, SERVICE, TEACH_IN -> {
                return MANUAL;
            }
        }
        var position = state.mobileRobotPosition();
        if (position != null && !position.localized()) return UNLOCALIZED;
        for (var error : state.errors())
            if (error.errorLevel() == ErrorLevel.FATAL || (ordered && isCritical(error))) return BROKEN;
        return Boolean.TRUE.equals(state.paused()) ? PAUSED : READY;
    }

    /// Whether instant actions may be sent (table 11).
    boolean takesActions() {
        return switch (this) {
            case READY, EMERGENCY_STOP, PAUSED, UNLOCALIZED, BROKEN -> true;
            case UNKNOWN, LOST, OFFLINE, MANUAL -> false;
        };
    }

    /// A refused order has an answer of its own ([Rejections]), whatever its level.
    static boolean isCritical(State.Fault error) {
        return error.errorLevel() == ErrorLevel.CRITICAL && !Rejections.isRejection(error);
    }
}
