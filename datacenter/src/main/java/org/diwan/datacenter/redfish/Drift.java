package org.diwan.datacenter.redfish;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.Inventory.Placed;
import org.diwan.datacenter.inventory.Inventory.Server;

/// One way in which a machine is not what the inventory says.
///
/// @param place the server's path in the inventory, or the service's address where it has no place
/// @param what what is compared: `serial`, `gpus`, `memoryMib`, `maxWatts`, `power`, `bmc`
public record Drift(String place, String what, String intended, String found) {
    /// Memory may differ by a sixteenth: what firmware keeps, and GiB against GB.
    private static final int MEMORY_TOLERANCE = 16;

    /// Holds what was discovered against `inventory`: servers whose controller did not answer, machines
    /// that have no place, and each difference of those that have one. Sorted by the inventory's order.
    public static List<Drift> between(Inventory inventory, List<Discovered> discovered) {
        var byService = new HashMap<URI, Discovered>();
        for (var found : discovered) byService.put(found.service(), found);
        var drifts = new ArrayList<Drift>();
        for (var site : inventory.sites())
            for (var server : site.servers())
                server.thing()
                        .bmc()
                        .ifPresent(bmc -> compare(server, Optional.ofNullable(byService.remove(origin(bmc))), drifts));
        for (var stranger : byService.values())
            drifts.add(new Drift(stranger.service().toString(), "place", "none", names(stranger)));
        return drifts;
    }

    private static void compare(Placed<Server> server, Optional<Discovered> answer, List<Drift> drifts) {
        String place = server.path();
        var intent = server.thing();
        if (answer.isEmpty() || answer.get().machines().isEmpty()) {
            drifts.add(new Drift(place, "bmc", String.valueOf(intent.bmc().orElseThrow()), "no machine answers"));
            return;
        }
        var found = answer.get();
        var serials = found.machines().stream()
                .map(Discovered.Machine::serial)
                .filter(serial -> !serial.isEmpty())
                .toList();
        intent.serial().ifPresent(serial -> {
            if (!serials.contains(serial)) drifts.add(new Drift(place, "serial", serial, String.join(", ", serials)));
        });
        var gpus = found.machines().stream()
                .flatMap(machine -> machine.gpus().stream())
                .toList();
        var intended = counts(intent.gpus().stream().map(Inventory.Gpu::model).toList());
        var there = counts(gpus.stream().map(Discovered.Gpu::model).toList());
        if (!sameGpus(intended, there)) drifts.add(new Drift(place, "gpus", intended.toString(), there.toString()));
        int memory = found.machines().stream()
                .mapToInt(Discovered.Machine::memoryMib)
                .max()
                .orElse(0);
        if (memory > 0 && Math.abs((long) memory - intent.memoryMib()) > intent.memoryMib() / MEMORY_TOLERANCE)
            drifts.add(new Drift(place, "memoryMib", String.valueOf(intent.memoryMib()), String.valueOf(memory)));
        found.powerWatts().ifPresent(watts -> {
            if (watts > intent.maxWatts())
                drifts.add(new Drift(
                        place, "maxWatts", String.valueOf(intent.maxWatts()), String.valueOf(Math.round(watts))));
        });
    }

    /// As many GPUs of each model; a controller's name may be longer: `NVIDIA H100 80GB HBM3` is an H100.
    private static boolean sameGpus(Map<String, Integer> intended, Map<String, Integer> there) {
        var left = new HashMap<>(there);
        for (var entry : intended.entrySet()) {
            var match = left.keySet().stream()
                    .filter(name -> name.contains(entry.getKey()))
                    .findFirst();
            if (match.isEmpty() || !entry.getValue().equals(left.remove(match.get()))) return false;
        }
        return left.isEmpty();
    }

    private static Map<String, Integer> counts(List<String> names) {
        var counts = new TreeMap<String, Integer>();
        for (String name : names) counts.merge(name, 1, Integer::sum);
        return counts;
    }

    private static String names(Discovered found) {
        return found.machines().stream()
                .map(machine -> (machine.model() + " " + machine.serial()).strip())
                .toList()
                .toString();
    }

    private static URI origin(URI bmc) {
        return URI.create(bmc.getScheme() + "://" + bmc.getRawAuthority());
    }
}
