package org.diwan.datacenter.plan;

import java.util.List;
import org.diwan.datacenter.inventory.Document;

/// Where everything is, on which inventory, for which demand, under which law.
///
/// @param inventory digest, as [org.diwan.datacenter.inventory.InventoryFile#digest]
/// @param demand digest, as [DemandFile#digest]
/// @param policy digest, as [org.diwan.sovereignty.policy.Policy#digest]
/// @param day whose law counts, ISO 8601
/// @param assignments every replica once, in the order of the demand
public record Plan(String inventory, String demand, String policy, String day, List<Assignment> assignments) {
    public Plan {
        assignments = List.copyOf(assignments);
    }

    /// One replica, counted from 0, and the servers of its parts in order.
    public record Assignment(String workload, int replica, List<Part> parts) {
        public Assignment {
            parts = List.copyOf(parts);
        }

        /// The name of the replica: `arabic-70b#0`.
        public String name() {
            return workload + "#" + replica;
        }
    }

    /// One part of a replica.
    ///
    /// @param server the path `site/hall/row/rack/server`
    /// @param gpus places in the server's list, in rising order
    public record Part(String server, List<Integer> gpus) {
        public Part {
            gpus = List.copyOf(gpus);
        }

        public String site() {
            return server.substring(0, server.indexOf('/'));
        }
    }

    /// SHA-256 of the plan's canonical JSON (RFC 8785), in lower-case hexadecimal.
    public String digest() {
        return Document.digest(PlanFile.tree(this));
    }
}
