package org.diwan.datacenter.redfish;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What one controller says it is. Texts are empty and numbers 0 where it does not say.
///
/// @param resources how many of each schema were read, by name
public record Discovered(
        URI service,
        String vendor,
        String version,
        List<Machine> machines,
        List<Sensor> sensors,
        Map<String, Integer> resources,
        List<Problem> problems) {
    public Discovered {
        machines = List.copyOf(machines);
        sensors = List.copyOf(sensors);
        problems = List.copyOf(problems);
    }

    /// Everything that was read.
    public int resourceCount() {
        return resources.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// What the whole of it draws now in watts: the largest that any chassis says of itself; empty
    /// where none is believable.
    public OptionalDouble powerWatts() {
        return sensors.stream()
                .filter(sensor -> sensor.isTotalPower() && sensor.reading().isPresent())
                .mapToDouble(sensor -> sensor.reading().getAsDouble())
                .max();
    }

    /// A computer system.
    ///
    /// @param power `On`, `Off`, `PoweringOn`, `PoweringOff`, `Paused`, or empty
    /// @param resetTypes what the system says it can be told, such as `ForceOff`
    public record Machine(
            String path,
            String manufacturer,
            String model,
            String serial,
            String power,
            int memoryMib,
            int processors,
            List<Gpu> gpus,
            List<String> resetTypes) {}

    /// An accelerator.
    public record Gpu(String path, String manufacturer, String model, String serial) {}

    /// A sensor and its reading, which is empty where the controller has none or an impossible one.
    ///
    /// @param type `Power`, `Temperature`, `Rotational` …, as Redfish's ReadingType
    /// @param context what it measures, such as `GPU` or `Intake`
    public record Sensor(String path, String name, String type, String units, String context, OptionalDouble reading) {
        boolean isTotalPower() {
            return type.equals("Power") && (context.equals("Chassis") || context.equals("Total"));
        }
    }
}
