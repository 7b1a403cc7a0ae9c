package org.diwan.robots.twin;

import java.time.Instant;

/// What is left, worked out whenever it is asked: so much for each second, metre and action, and what a charger gives.
///
/// A charger gives full power up to [#TAPER], from there less and less, linearly down to a tenth when full, as
/// lithium cells are charged at constant voltage in the end. With x the charge as a part of the whole, T = [#TAPER] and
/// P over the capacity C: dx/dt = P/C below T, and P/C · (1 − 0.9 (x − T)/(1 − T)) above, which is an exponential.
final class Battery {
    static final double TAPER = 0.8;
    private static final double LAST = 0.1;

    private final VehicleType type;
    private double part;
    private boolean charging;
    private Instant at;
    private double odometer;

    Battery(VehicleType type, double part, Instant now) {
        this.type = type;
        this.part = part;
        this.at = now;
    }

    /// Brings it to `now`, when the vehicle has driven `metres` in all.
    void advance(Instant now, double metres) {
        double seconds = Motion.seconds(at, now);
        at = now;
        use((metres - odometer) * type.whPerMetre());
        odometer = metres;
        if (charging) charge(seconds);
        else use(seconds * type.idleWatts() / 3600);
    }

    /// Takes `wattHours` out.
    void use(double wattHours) {
        part = Math.max(0, part - wattHours / type.capacityWh());
    }

    private void charge(double seconds) {
        double rate = type.chargingWatts() / 3600 / type.capacityWh();
        double full = Math.max(0, TAPER - part) / rate;
        part += rate * Math.min(seconds, full);
        double rest = seconds - full;
        if (rest <= 0) return;
        double slope = (1 - LAST) / (1 - TAPER);
        double above = 1 / slope - (1 / slope - (part - TAPER)) * Math.exp(-slope * rate * rest);
        part = Math.min(1, TAPER + above);
    }

    /// As of the last [#advance], 0 to 1.
    double part() {
        return part;
    }

    void empty() {
        part = 0;
    }

    boolean isCharging() {
        return charging;
    }

    void charging(boolean is) {
        charging = is;
    }
}
