package org.diwan.robots.vda5050;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something to do other than driving, on a node, on an edge or at once (§6.2, §7.3).
///
/// @param retriable may be tried again after it failed; from 3.0.0 on
public record Action(
        String actionType,
        String actionId,
        @Nullable String actionDescriptor,
        BlockingType blockingType,
        List<Parameter> actionParameters,
        @Nullable Boolean retriable) {
    /// Whether it lets the vehicle drive, and other actions run, meanwhile (§6.2.2, table 3).
    public enum BlockingType {
        /// Driving and other actions go on.
        NONE,
        /// No driving; other actions go on.
        SOFT,
        /// Driving goes on; no other action. From 3.0.0 on.
        SINGLE,
        /// Nothing else goes on.
        HARD;

        boolean letsDrive() {
            return this == NONE || this == SINGLE;
        }

        boolean letsOthersRun() {
            return this == NONE || this == SOFT;
        }
    }

    /// One named argument of any JSON type but null (§7.3.1); the caller leaves `value` alone afterwards.
    public record Parameter(String key, JsonNode value) {
        public Parameter {
            Check.value("value", value);
        }
    }

    public Action {
        actionParameters = List.copyOf(actionParameters);
    }
}
