package org.diwan.datacenter.telemetry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.util.OptionalDouble;
import org.diwan.datacenter.inventory.Inventory.Meter;
import org.diwan.datacenter.redfish.ChassisReading;
import org.diwan.datacenter.redfish.RedfishClient;

/// Somebody who can be asked how a thing feels.
public sealed interface Probe {
    /// The thing, a path of the inventory.
    String thing();

    /// Asks, and puts what was said at `second` (Unix time) into `readings`, which may refuse it; false when
    /// nothing was said.
    boolean ask(Readings readings, long second);

    /// A server's controller.
    ///
    /// @param chassis its chassis resource, such as `/redfish/v1/Chassis/1`
    record Chassis(String thing, RedfishClient client, String chassis) implements Probe {
        @Override
        public boolean ask(Readings readings, long second) {
            var reading = ChassisReading.of(client, chassis);
            boolean power = store(readings, thing, Metric.POWER_WATTS, second, reading.powerWatts());
            boolean inlet = store(readings, thing, Metric.INLET_CELSIUS, second, reading.celsius());
            return power || inlet;
        }
    }

    /// The exporter of a server's GPUs.
    record Exporter(String thing, HttpClient http, URI page) implements Probe {
        @Override
        public boolean ask(Readings readings, long second) {
            try {
                var samples = MetricsPage.fetch(http, page);
                PrometheusText.store(samples, thing, second, readings);
                return !samples.samples().isEmpty();
            } catch (IOException e) {
                return false;
            }
        }
    }

    /// A power strip.
    record Strip(String thing, PduProbe snmp, Meter meter) implements Probe {
        @Override
        public boolean ask(Readings readings, long second) {
            try {
                var address = InetAddress.getByName(meter.host());
                return store(readings, thing, Metric.POWER_WATTS, second, snmp.powerWatts(address, meter));
            } catch (UnknownHostException e) {
                return false;
            }
        }
    }

    private static boolean store(Readings readings, String thing, Metric metric, long second, OptionalDouble value) {
        value.ifPresent(number -> readings.add(thing, metric, second, number));
        return value.isPresent();
    }
}
