package org.diwan.datacenter.redfish;

import java.util.Set;

/// What a system can be told about its power.
public sealed interface PowerCommand {
    /// One word for rules and records: `On`, `ForceOff`, … or `Cap`.
    String name();

    /// On, off, again: Redfish's ResetType (DSP2046, ComputerSystem).
    record Reset(String type) implements PowerCommand {
        /// The types that change power; `Nmi` and `PushPowerButton` do what nobody can foresee.
        static final Set<String> TYPES = Set.of(
                "On", "ForceOn", "ForceOff", "GracefulShutdown", "GracefulRestart", "ForceRestart", "PowerCycle");

        public Reset {
            if (!TYPES.contains(type))
                throw new IllegalArgumentException("reset type '" + type + "' must be one of " + TYPES);
        }

        @Override
        public String name() {
            return type;
        }
    }

    /// Draw no more than `watts`.
    record Cap(int watts) implements PowerCommand {
        public Cap {
            if (watts < 1 || watts > 1_000_000)
                throw new IllegalArgumentException("a cap of " + watts + " W must be 1 to 1000000 W");
        }

        @Override
        public String name() {
            return "Cap";
        }
    }
}
