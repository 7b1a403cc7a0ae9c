package org.diwan.datacenter.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import org.diwan.datacenter.redfish.Answer.Found;
import org.diwan.datacenter.redfish.Discovered.Gpu;
import org.diwan.datacenter.redfish.Discovered.Machine;
import org.diwan.datacenter.redfish.Discovered.Sensor;

/// Reads machines, GPUs and sensors out of a controller's tree. Sensors are Redfish's `Sensor`
/// resources; controllers from before 2020 have `Power` and `Thermal` instead, which are read where a
/// chassis has no sensors of its own.
public final class Discovery {
    /// Watts, degrees or rpm beyond this are a broken sensor, whatever range it claims.
    private static final double IMPOSSIBLE = 1e9;

    private final ResourceTree tree;
    private final List<Problem> problems;
    private final List<Sensor> sensors = new ArrayList<>();

    private Discovery(ResourceTree tree) {
        this.tree = tree;
        this.problems = new ArrayList<>(tree.problems());
    }

    /// Walks the service of `client` to its end; what is wrong with it is in the answer.
    public static Discovered of(RedfishClient client) {
        var discovery = new Discovery(ResourceTree.read(client));
        return discovery.read(client);
    }

    private Discovered read(RedfishClient client) {
        var root = tree.resources().getOrDefault(ResourceTree.ROOT, RedfishClient.object());
        var machines = new ArrayList<Machine>();
        var systems = tree.ofType("ComputerSystem");
        // What a system is to become at its next start has the same type, and is no machine.
        var pending = new HashSet<String>();
        for (var system : systems) pending.add(pending(system.getValue()));
        for (var system : systems)
            if (!pending.contains(system.getKey())) machines.add(machine(system.getKey(), system.getValue()));
        for (var sensor : tree.ofType("Sensor")) sensor(sensor.getKey(), sensor.getValue());
        for (var metrics : tree.ofType("EnvironmentMetrics")) total(metrics.getKey(), metrics.getValue());
        for (var power : tree.ofType("Power")) legacyPower(power.getKey(), power.getValue());
        for (var thermal : tree.ofType("Thermal")) legacyThermal(thermal.getKey(), thermal.getValue());
        return new Discovered(
                client.service(),
                Found.text(root, "Vendor"),
                Found.text(root, "RedfishVersion"),
                machines,
                sensors,
                tree.counts(),
                problems);
    }

    private static String pending(ObjectNode system) {
        return ResourceTree.target(Found.text(system.path("@Redfish.Settings").path("SettingsObject"), "@odata.id"));
    }

    private Machine machine(String path, ObjectNode system) {
        var gpus = new ArrayList<Gpu>();
        int processors = 0;
        for (var entry : tree.ofType("Processor")) {
            if (!entry.getKey().startsWith(path + "/")) continue;
            var processor = entry.getValue();
            String type = Found.text(processor, "ProcessorType");
            if (type.equals("GPU") || type.equals("Accelerator"))
                gpus.add(new Gpu(
                        entry.getKey(),
                        Found.text(processor, "Manufacturer"),
                        Found.text(processor, "Model"),
                        Found.text(processor, "SerialNumber")));
            else if (type.equals("CPU") || type.isEmpty()) processors++;
        }
        return new Machine(
                path,
                Found.text(system, "Manufacturer"),
                Found.text(system, "Model"),
                Found.text(system, "SerialNumber"),
                Found.text(system, "PowerState"),
                (int) Math.min(
                        Integer.MAX_VALUE,
                        1024
                                * number(system.path("MemorySummary").path("TotalSystemMemoryGiB"))
                                        .orElse(0)),
                processors,
                List.copyOf(gpus),
                resetTypes(system));
    }

    static List<String> resetTypes(ObjectNode system) {
        var types = new ArrayList<String>();
        for (var type : system.path("Actions").path("#ComputerSystem.Reset").path("ResetType@Redfish.AllowableValues"))
            if (type.isTextual()) types.add(type.textValue());
        return List.copyOf(types);
    }

    private void sensor(String path, ObjectNode sensor) {
        add(
                path,
                Found.text(sensor, "Name"),
                Found.text(sensor, "ReadingType"),
                Found.text(sensor, "ReadingUnits"),
                Found.text(sensor, "PhysicalContext"),
                sensor,
                "Reading");
    }

    /// What a chassis draws in all, where the controller says so in one place.
    private void total(String path, ObjectNode metrics) {
        if (path.startsWith(ResourceTree.ROOT + "/Chassis/")
                && metrics.path("PowerWatts").isObject())
            add(path, "PowerWatts", "Power", "W", "Total", (ObjectNode) metrics.path("PowerWatts"), "Reading");
    }

    private void legacyPower(String path, ObjectNode power) {
        for (var control : power.path("PowerControl"))
            if (control instanceof ObjectNode one && one.has("PowerConsumedWatts"))
                add(path, Found.text(one, "Name"), "Power", "W", "Total", one, "PowerConsumedWatts");
    }

    private void legacyThermal(String path, ObjectNode thermal) {
        boolean modern = sensors.stream()
                .anyMatch(sensor ->
                        sensor.type().equals("Temperature") && sensor.path().startsWith(parent(path) + "/"));
        if (modern) return;
        for (var temperature : thermal.path("Temperatures"))
            if (temperature instanceof ObjectNode one && one.has("ReadingCelsius"))
                add(
                        path,
                        Found.text(one, "Name"),
                        "Temperature",
                        "Cel",
                        Found.text(one, "PhysicalContext"),
                        one,
                        "ReadingCelsius");
    }

    private void add(
            String path, String name, String type, String units, String context, ObjectNode holder, String member) {
        var value = holder.path(member);
        var reading = number(value);
        if (reading.isEmpty() && !value.isMissingNode() && !value.isNull())
            problems.add(
                    new Problem(path, Problem.Kind.IMPLAUSIBLE, name + " reads " + value + ", which is no number"));
        if (reading.isPresent() && !plausible(reading.getAsDouble(), type, holder)) {
            problems.add(new Problem(
                    path, Problem.Kind.IMPLAUSIBLE, name + " reads " + reading.getAsDouble() + " " + units));
            reading = OptionalDouble.empty();
        }
        sensors.add(new Sensor(path, name, type, units, context, reading));
    }

    /// Within the range the sensor itself gives, above absolute zero, and no negative power.
    private static boolean plausible(double reading, String type, ObjectNode holder) {
        if (type.equals("Temperature") && reading < -273.15) return false;
        if (type.equals("Power") && reading < 0) return false;
        // Counters of energy grow for years; everything else has an end.
        if (!type.startsWith("Energy") && Math.abs(reading) > IMPOSSIBLE) return false;
        var low = number(holder.path("ReadingRangeMin"));
        var high = number(holder.path("ReadingRangeMax"));
        if (low.isPresent() && high.isPresent() && low.getAsDouble() < high.getAsDouble())
            return reading >= low.getAsDouble() && reading <= high.getAsDouble();
        return true;
    }

    /// A finite number; some controllers write it as a text.
    static OptionalDouble number(JsonNode node) {
        double value = Double.NaN;
        if (node.isNumber()) value = node.doubleValue();
        else if (node.isTextual()) {
            try {
                value = Double.parseDouble(node.textValue().strip());
            } catch (NumberFormatException e) {
                return OptionalDouble.empty();
            }
        }
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
