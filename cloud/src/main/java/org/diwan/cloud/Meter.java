package org.diwan.cloud;

/// What the machine that this engine runs on draws. Whoever knows the machine hands it in; the gateway knows
/// only watts.
@FunctionalInterface
public interface Meter {
    /// The draw now; called every few seconds by one thread.
    Draw now();

    /// A moment's draw and what it costs.
    ///
    /// @param watts at the machine's plug; what it draws at most where nobody has measured lately
    /// @param idleWatts of that, what it draws when it does nothing
    /// @param pue facility watts per watt at the plug, at least 1
    /// @param gramsPerKwh CO₂ equivalent of the electricity
    /// @param measured whether `watts` is a reading
    record Draw(double watts, double idleWatts, double pue, double gramsPerKwh, boolean measured) {
        public Draw {
            if (!(watts >= 0 && idleWatts >= 0 && pue >= 1 && gramsPerKwh >= 0))
                throw new IllegalArgumentException("a draw of " + watts + " W, idle " + idleWatts + " W, PUE " + pue
                        + ", " + gramsPerKwh + " g/kWh cannot be");
        }
    }
}
