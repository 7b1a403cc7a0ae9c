package org.diwan.datacenter.telemetry;

/// What is measured of a thing, with its unit and the range beyond which a sensor is broken.
public enum Metric {
    /// Draw in watts.
    POWER_WATTS(0, 1e7),
    /// Air going in, degrees Celsius (ASHRAE's sensor range with room).
    INLET_CELSIUS(-40, 120),
    /// The hottest GPU, degrees Celsius.
    GPU_CELSIUS(-40, 150),
    /// GPUs' time in use, percent, averaged over a server's GPUs.
    GPU_PERCENT(0, 100),
    /// GPU memory in use, MiB.
    GPU_MEMORY_MIB(0, 1e9);

    final double low;
    final double high;

    Metric(double low, double high) {
        this.low = low;
        this.high = high;
    }
}
