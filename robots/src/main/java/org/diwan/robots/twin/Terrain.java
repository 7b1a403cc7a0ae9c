package org.diwan.robots.twin;

import java.util.List;
import org.diwan.robots.twin.Motion.Leg;

/// What the ground along a leg asks of whoever rides there.
@FunctionalInterface
interface Terrain {
    /// A part of a leg on which something holds.
    ///
    /// @param of what it belongs to
    /// @param from metres from the start of the leg
    /// @param speed metres per second at most; infinite: no limit
    /// @param shut whether it must not be entered
    /// @param inside whether the vehicle is in it now
    record Part(String of, double from, double to, double speed, boolean shut, boolean inside) {}

    /// The parts of `leg`, in any order; they may overlap.
    List<Part> parts(Leg leg, String mapId);
}
