package org.diwan.datacenter.reassign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One problem: machines, services and their processes, what everything costs, and where each process
/// runs today. Read-only; shared by all threads. Indices count from 0; tables are row-major.
///
/// The names are those of the [problem statement of ROADEF/EURO
/// 2012](https://roadef.org/challenge/2012/files/problem_definition_v1.pdf), written out. Locations and
/// neighbourhoods are numbered afresh, in order of appearance.
public final class Instance {
    /// Five times what the largest published instance has.
    public static final int MAX_RESOURCES = 64;

    /// The challenge's own limit; the table of move costs is its square.
    public static final int MAX_MACHINES = 5_000;

    /// The challenge's own limit.
    public static final int MAX_PROCESSES = 50_000;

    /// Pairs of services of which one depends on the other.
    public static final int MAX_DEPENDENCIES = 1_000_000;

    public static final int MAX_BALANCES = 64;

    /// Largest number in a file: the sum of two still fits an `int`.
    public static final int MAX_VALUE = 1_000_000_000;

    /// Cells of the largest table: [machines, machines] or [services, neighbourhoods or locations].
    static final int MAX_CELLS = 250_000_000;

    /// Largest cost a plan could have, so that sums of costs fit a `long`.
    private static final double MAX_COST = 4e18;

    final int resourceCount;
    final int machineCount;
    final int serviceCount;
    final int processCount;
    final int locationCount;
    final int neighbourhoodCount;

    /// Whether a resource is needed on both machines while a process moves.
    final boolean[] isTransient;

    /// Cost of one unit of a resource above a machine's safety capacity.
    final long[] loadWeight;

    final int[] location;
    final int[] neighbourhood;

    /// [machines, resources]
    final int[] capacity;

    /// [machines, resources]
    final int[] safety;

    /// [from, to]
    final int[] machineMoveCost;

    /// Fewest locations that a service runs in.
    final int[] spread;

    /// Services that must run in every neighbourhood where this one runs; never itself.
    final int[][] dependsOn;

    final int[] service;

    /// [processes, resources]
    final int[] requirement;

    final int[] processMoveCost;
    final Balance[] balances;
    final long processMoveWeight;
    final long serviceMoveWeight;
    final long machineMoveWeight;

    /// Where each process runs today.
    final int[] home;

    /// Of resource `second` at least `target` times as much should be left on a machine as of `first`; each
    /// unit lacking costs `weight`.
    record Balance(int first, int second, int target, long weight) {}

    /// Takes over what `reader` read.
    Instance(InstanceReader reader) {
        resourceCount = reader.isTransient.length;
        machineCount = reader.location.length;
        serviceCount = reader.spread.length;
        processCount = reader.service.length;
        locationCount = reader.locations.size();
        neighbourhoodCount = reader.neighbourhoods.size();
        isTransient = reader.isTransient;
        loadWeight = reader.loadWeight;
        location = reader.location;
        neighbourhood = reader.neighbourhood;
        capacity = reader.capacity;
        safety = reader.safety;
        machineMoveCost = reader.machineMoveCost;
        spread = reader.spread;
        dependsOn = reader.dependsOn;
        service = reader.service;
        requirement = reader.requirement;
        processMoveCost = reader.processMoveCost;
        balances = reader.balances;
        processMoveWeight = reader.moveWeights[0];
        serviceMoveWeight = reader.moveWeights[1];
        machineMoveWeight = reader.moveWeights[2];
        home = reader.home;
        double most = mostCost();
        if (most > MAX_COST)
            throw new IllegalArgumentException(
                    "a plan could cost " + most + ", at most " + MAX_COST + " can be counted; use smaller weights");
    }

    /// The problem in two files of the challenge's format: a model and the assignment of today.
    ///
    /// @throws IOException when one cannot be read
    /// @throws IllegalArgumentException naming file, line and what is wrong
    public static Instance read(Path model, Path assignment) throws IOException {
        return InstanceReader.read(model, assignment);
    }

    /// Writes `plan` as the challenge's assignments are written, one line.
    public static void write(int[] plan, Path file) throws IOException {
        var line = new StringBuilder(6 * plan.length);
        for (int machine : plan) line.append(line.isEmpty() ? "" : " ").append(machine);
        Files.writeString(file, line.append('\n'));
    }

    public int machineCount() {
        return machineCount;
    }

    public int processCount() {
        return processCount;
    }

    public int serviceCount() {
        return serviceCount;
    }

    /// The machine of each process today; a copy.
    public int[] home() {
        return home.clone();
    }

    private double mostCost() {
        double most = 0;
        for (int p = 0; p < processCount; p++) {
            for (int r = 0; r < resourceCount; r++) most += (double) loadWeight[r] * requirement[p * resourceCount + r];
            most += (double) processMoveWeight * processMoveCost[p];
        }
        long dearest = 0;
        for (int cost : machineMoveCost) dearest = Math.max(dearest, cost);
        most += (double) machineMoveWeight * dearest * processCount + (double) serviceMoveWeight * processCount;
        for (var balance : balances) most += (double) balance.weight * balance.target * MAX_VALUE * machineCount;
        return most;
    }
}
