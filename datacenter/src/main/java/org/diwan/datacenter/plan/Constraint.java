package org.diwan.datacenter.plan;

import java.util.Locale;

/// What bounds a placement. Each is a number that must not exceed another; the place it is said of, and
/// the unit, are given here.
public enum Constraint {
    /// A workload at a site: origins whose law denies it, of 0.
    RESIDENCY,
    /// A workload, some site lost: replicas moved out of the country in which the law keeps them, of 0.
    IN_COUNTRY,
    /// A workload: GPUs that it holds and that are of no model it may use, of 0.
    GPU_MODEL,
    /// The tightest GPU of a server: thousandths in use, of 1000.
    GPU,
    /// The tightest GPU of a server by memory: MiB in use, of its memory.
    GPU_MEMORY,
    /// A server: thousandths of a core in use, of all.
    CPU,
    /// A server: MiB in use, of all.
    MEMORY,
    /// A server: watts idle and of all parts at full load, of its maximum.
    SERVER_POWER,
    /// A rack: watts of all its servers, of its limit.
    RACK_POWER,
    /// A PDU: watts, whichever single feed is lost, of its capacity.
    PDU_POWER,
    /// A feed: watts of all that hangs on it, whichever other single feed is lost, of its capacity.
    FEED_POWER,
    /// A cooling zone: watts of all its racks, of its capacity.
    COOLING,
    /// A replica of several parts: fabrics that it reaches over, of 1.
    FABRIC,
    /// A server or rack that a tenant has to itself: tenants in it, of 1.
    ISOLATION,
    /// A workload: most of its replicas in one rack, of 1.
    SPREAD_RACK,
    /// A workload: most of its replicas that the loss of one feed ends, of 1.
    SPREAD_FEED,
    /// A workload: most of its replicas at one site, of 1.
    SPREAD_SITE,
    /// A replica of tier 1 at a site that is lost: replicas without a new place, of 0.
    SITE_LOSS;

    /// The name as certificates and messages write it: `rack-power`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The constraint that [#label] names.
    ///
    /// @throws IllegalArgumentException naming the text
    public static Constraint of(String label) {
        for (var constraint : values()) if (constraint.label().equals(label)) return constraint;
        throw new IllegalArgumentException("constraint '" + label + "' is none of those that a certificate claims");
    }
}
