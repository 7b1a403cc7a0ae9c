package org.diwan.datacenter.redfish;

import java.util.Optional;
import org.diwan.datacenter.redfish.Answer.Found;

/// Where a controller keeps its machine, in two or three requests instead of a walk through all it has.
///
/// @param system the first computer system, such as `/redfish/v1/Systems/1`
/// @param chassis the one that the system says it stands in, else the first
public record SystemPaths(String system, String chassis) {
    /// Asks the service of `client`; empty when it does not answer or has no system or chassis.
    public static Optional<SystemPaths> of(RedfishClient client) {
        var system = first(client, ResourceTree.ROOT + "/Systems");
        if (system.isEmpty() || !(client.get(system.get()) instanceof Found found)) return Optional.empty();
        String chassis = ResourceTree.target(
                Found.text(found.body().path("Links").path("Chassis").path(0), "@odata.id"));
        if (!chassis.isEmpty()) return Optional.of(new SystemPaths(system.get(), chassis));
        return first(client, ResourceTree.ROOT + "/Chassis").map(one -> new SystemPaths(system.get(), one));
    }

    private static Optional<String> first(RedfishClient client, String collection) {
        if (!(client.get(collection) instanceof Found found)) return Optional.empty();
        String path =
                ResourceTree.target(Found.text(found.body().path("Members").path(0), "@odata.id"));
        return path.isEmpty() ? Optional.empty() : Optional.of(path);
    }
}
