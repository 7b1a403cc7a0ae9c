package org.diwan.datacenter.reassign;

import java.util.Arrays;
import org.diwan.datacenter.reassign.Instance.Balance;

/// Where every process runs, and what follows from it, kept up to date move by move; always feasible.
/// Owned by one thread.
///
/// Every move is a *rotation*: processes `p₀ … p₍ₖ₋₁₎` on distinct machines `m₀ … m₍ₖ₋₁₎`, of which each goes
/// to the next one's machine and the last to the first's. [#NOBODY] may stand for a process, with no
/// requirements. So two machines and nobody are a shift, two machines a swap, three and nobody an ejection
/// chain, three an exchange in a ring. Each machine loses one process and gains one, so that what it costs
/// afterwards is one pass over its row.
///
/// A rotation is tried in the order of what it takes: whether it fits and what it costs are read off rows of
/// `resources` numbers, and end most; only then the counts of its services are changed, the constraints that
/// these now break looked at, and everything taken back when there is one.
final class Assignment {
    /// Longest rotation.
    static final int MAX_LENGTH = 4;

    /// A process that is none: the number of processes.
    final int nobody;

    private final Instance instance;
    private final int resources;

    /// [processes + 1, resources]; nobody's row is zero.
    private final int[] requirement;

    /// As `requirement`, and 0 for what is transient: what a process takes on the machine where it is at
    /// home, which holds the rest for it in any case.
    private final int[] lasting;

    private final long[] awayCost;
    private final int[][] dependents;

    private final int[] machine;

    /// What is left of capacity, [machines, resources].
    private final int[] left;

    /// What is left of capacity beside what processes that moved away still hold, [machines, resources].
    private final int[] free;

    /// Capacity less safety capacity, [machines, resources]: what may be left and cost nothing.
    private final int[] reserve;

    private final long[] machineCost;

    /// What each machine adds to the least that load must cost: for a resource that all machines together
    /// have too little of, its part below safety capacity that lies idle; for any other, what is above.
    private final long[] machineExcess;

    private final boolean[] isScarce;

    /// Processes on each machine, and the place of each process in its machine's list.
    private final int[][] members;

    private final int[] memberCount;
    private final int[] place;

    /// Processes away from home, and the place of each in that list.
    private final int[] moved;

    private int movedCount;
    private final int[] movedPlace;

    /// One bit for each service and machine.
    private final long[] runsOn;

    private final int[] inLocation;
    private final int[] inNeighbourhood;
    private final int[] locationsOf;

    private final int[] movedOf;
    private final int[] servicesWithMoved;
    private int mostMoved;

    private long cost;

    /// Every process where `plan` says.
    ///
    /// @throws IllegalArgumentException naming a constraint that the plan breaks
    Assignment(Instance instance, int[] plan) {
        var verdict = Evaluator.check(instance, plan);
        if (!verdict.isFeasible())
            throw new IllegalArgumentException(
                    "not a feasible plan to start from: " + verdict.violations().getFirst());
        this.instance = instance;
        resources = instance.resourceCount;
        int processes = instance.processCount;
        int machines = instance.machineCount;
        int services = instance.serviceCount;
        nobody = processes;
        requirement = Arrays.copyOf(instance.requirement, (processes + 1) * resources);
        lasting = requirement.clone();
        for (int i = 0; i < lasting.length; i++) if (instance.isTransient[i % resources]) lasting[i] = 0;
        awayCost = new long[processes];
        for (int p = 0; p < processes; p++) awayCost[p] = instance.processMoveWeight * instance.processMoveCost[p];
        dependents = dependents(instance);

        machine = plan.clone();
        left = instance.capacity.clone();
        reserve = new int[left.length];
        for (int i = 0; i < left.length; i++) reserve[i] = instance.capacity[i] - instance.safety[i];
        members = new int[machines][];
        memberCount = new int[machines];
        place = new int[processes];
        for (int m : machine) memberCount[m]++;
        for (int m = 0; m < machines; m++) members[m] = new int[memberCount[m] + 8];
        Arrays.fill(memberCount, 0);
        moved = new int[processes];
        movedPlace = new int[processes];
        runsOn = new long[(int) (((long) services * machines + 63) / 64)];
        inLocation = new int[services * instance.locationCount];
        inNeighbourhood = new int[services * instance.neighbourhoodCount];
        locationsOf = new int[services];
        movedOf = new int[services];
        servicesWithMoved = new int[processes + 2];
        servicesWithMoved[0] = services;
        for (int p = 0; p < processes; p++) {
            int m = machine[p];
            for (int r = 0; r < resources; r++) left[m * resources + r] -= requirement[p * resources + r];
            join(p, m);
            arrive(p, m);
        }
        free = left.clone();
        for (int p = 0; p < processes; p++) if (machine[p] != instance.home[p]) depart(p);
        machineCost = new long[machines];
        isScarce = scarce(instance);
        machineExcess = new long[machines];
        for (int m = 0; m < machines; m++) assess(m);
        cost = verdict.cost();
    }

    private static int[][] dependents(Instance instance) {
        int[] count = new int[instance.serviceCount];
        for (int[] others : instance.dependsOn) for (int other : others) count[other]++;
        int[][] dependents = new int[instance.serviceCount][];
        for (int s = 0; s < dependents.length; s++) dependents[s] = new int[count[s]];
        for (int s = 0; s < dependents.length; s++)
            for (int other : instance.dependsOn[s]) {
                count[other]--;
                dependents[other][count[other]] = s;
            }
        return dependents;
    }

    /// Counts `p` as away from home, where it still holds what is transient.
    private void depart(int p) {
        int home = instance.home[p] * resources;
        for (int r = 0; r < resources; r++)
            free[home + r] -= requirement[p * resources + r] - lasting[p * resources + r];
        addMoved(p);
        countMoved(instance.service[p], 1);
    }

    private static boolean[] scarce(Instance instance) {
        int resources = instance.resourceCount;
        long[] over = new long[resources];
        for (int i = 0; i < instance.requirement.length; i++) over[i % resources] += instance.requirement[i];
        for (int i = 0; i < instance.safety.length; i++) over[i % resources] -= instance.safety[i];
        boolean[] scarce = new boolean[resources];
        for (int r = 0; r < resources; r++) scarce[r] = over[r] > 0;
        return scarce;
    }

    private void assess(int m) {
        machineCost[m] = costOf(m, nobody, nobody);
        long excess = 0;
        for (int r = 0; r < resources; r++) {
            int over = reserve[m * resources + r] - left[m * resources + r];
            excess += instance.loadWeight[r] * Math.max(0, isScarce[r] ? -over : over);
        }
        machineExcess[m] = excess;
    }

    // --- what there is -------------------------------------------------------------------------------

    long cost() {
        return cost;
    }

    int machineCount() {
        return memberCount.length;
    }

    int machineOf(int process) {
        return machine[process];
    }

    int homeOf(int process) {
        return instance.home[process];
    }

    int memberCount(int m) {
        return memberCount[m];
    }

    int member(int m, int index) {
        return members[m][index];
    }

    int movedCount() {
        return movedCount;
    }

    int moved(int index) {
        return moved[index];
    }

    long machineExcess(int m) {
        return machineExcess[m];
    }

    void copyTo(int[] plan) {
        System.arraycopy(machine, 0, plan, 0, machine.length);
    }

    // --- a rotation, tried ---------------------------------------------------------------------------

    /// Rotates if everything fits, no constraint of services is broken thereby, and load with `price` times
    /// the cost of moves rises by at most `limit`.
    ///
    /// @param processes who goes from the machine at the same index to the next one's; the first `length` count
    /// @param machines distinct
    /// @return whether it rotated; otherwise all is as before
    boolean rotate(int length, int[] processes, int[] machines, long price, long limit) {
        long move = 0;
        int before = length - 1;
        for (int i = 0; i < length; i++) {
            if (!fits(machines[i], processes[i], processes[before])) return false;
            move += moveDelta(processes[before], machines[i]);
            before = i;
        }
        long load = 0;
        for (int i = 0; i < length; i++) {
            load += costOf(machines[i], processes[i], processes[before]) - machineCost[machines[i]];
            before = i;
        }
        if (load + price * (move - mostServiceGain(length)) > limit || hasConflict(length, processes, machines))
            return false;
        int mostBefore = mostMoved;
        for (int i = 0; i < length; i++) recount(processes[i], machines[i], machines[next(i, length)]);
        long services = instance.serviceMoveWeight * (mostMoved - mostBefore);
        if (load + price * (move + services) > limit || breaksService(length, processes, machines)) {
            for (int i = 0; i < length; i++) recount(processes[i], machines[next(i, length)], machines[i]);
            return false;
        }
        for (int i = 0; i < length; i++) carry(processes[i], machines[i], machines[next(i, length)]);
        for (int i = 0; i < length; i++) assess(machines[i]);
        cost += load + move + services;
        return true;
    }

    /// Whether machine `m` has room for `in` when `out` leaves.
    private boolean fits(int m, int out, int in) {
        int[] needs = in != nobody && instance.home[in] == m ? lasting : requirement;
        int[] frees = out != nobody && instance.home[out] == m ? lasting : requirement;
        int row = m * resources;
        int inRow = in * resources;
        int outRow = out * resources;
        for (int r = 0; r < resources; r++) if (needs[inRow + r] - frees[outRow + r] > free[row + r]) return false;
        return true;
    }

    /// What load and balance of machine `m` cost when `out` has left and `in` has come.
    private long costOf(int m, int out, int in) {
        int row = m * resources;
        int inRow = in * resources;
        int outRow = out * resources;
        long sum = 0;
        long[] weight = instance.loadWeight;
        for (int r = 0; r < resources; r++) {
            int over = reserve[row + r] - left[row + r] + (requirement[inRow + r] - requirement[outRow + r]);
            sum += weight[r] * Math.max(0, over);
        }
        for (Balance balance : instance.balances) {
            long first = leftWith(row, inRow, outRow, balance.first());
            long second = leftWith(row, inRow, outRow, balance.second());
            sum += balance.weight() * Math.max(0, balance.target() * first - second);
        }
        return sum;
    }

    private long leftWith(int row, int inRow, int outRow, int r) {
        return (long) left[row + r] + requirement[outRow + r] - requirement[inRow + r];
    }

    /// What moving `process` to machine `to` adds to the cost of moves, but for the services' share.
    private long moveDelta(int process, int to) {
        if (process == nobody) return 0;
        int home = instance.home[process];
        return moveCost(process, home, to) - moveCost(process, home, machine[process]);
    }

    private long moveCost(int process, int home, int at) {
        return (at == home ? 0 : awayCost[process])
                + instance.machineMoveWeight * instance.machineMoveCost[home * instance.machineCount + at];
    }

    /// The most that the services' share of the moves' cost can fall by in a rotation of `length`.
    private long mostServiceGain(int length) {
        return servicesWithMoved[mostMoved] > length ? 0 : instance.serviceMoveWeight * length;
    }

    private static int next(int i, int length) {
        return i + 1 == length ? 0 : i + 1;
    }

    /// Whether a process comes to a machine where another of its service stays.
    private boolean hasConflict(int length, int[] processes, int[] machines) {
        for (int i = 0; i < length; i++) {
            int p = processes[i];
            if (p == nobody) continue;
            int next = next(i, length);
            int s = instance.service[p];
            int leaves = processes[next];
            if (runs(s, machines[next]) && (leaves == nobody || instance.service[leaves] != s)) return true;
        }
        return false;
    }

    private boolean runs(int s, int m) {
        long bit = (long) s * instance.machineCount + m;
        return (runsOn[(int) (bit >>> 6)] & (1L << bit)) != 0;
    }

    /// Spread and dependencies of the services that the rotation touched, as the counts now are.
    private boolean breaksService(int length, int[] processes, int[] machines) {
        for (int i = 0; i < length; i++) {
            int p = processes[i];
            if (p == nobody) continue;
            int s = instance.service[p];
            if (locationsOf[s] < instance.spread[s]) return true;
            int from = instance.neighbourhood[machines[i]];
            int to = instance.neighbourhood[machines[next(i, length)]];
            if (from == to) continue;
            if (inNeighbourhood(s, from) == 0) {
                for (int other : dependents[s]) if (inNeighbourhood(other, from) != 0) return true;
            }
            for (int other : instance.dependsOn[s])
                if (inNeighbourhood(other, to) == 0 && inNeighbourhood(s, to) != 0) return true;
        }
        return false;
    }

    private int inNeighbourhood(int s, int n) {
        return inNeighbourhood[s * instance.neighbourhoodCount + n];
    }

    // --- a rotation, done ----------------------------------------------------------------------------

    /// The counts of its service when `p` goes; order does not matter, so that going back undoes it.
    private void recount(int p, int from, int to) {
        if (p == nobody) return;
        leave(p, from);
        arrive(p, to);
        int home = instance.home[p];
        if (from == home) countMoved(instance.service[p], 1);
        else if (to == home) countMoved(instance.service[p], -1);
    }

    private void leave(int p, int m) {
        int s = instance.service[p];
        int location = s * instance.locationCount + instance.location[m];
        inLocation[location]--;
        if (inLocation[location] == 0) locationsOf[s]--;
        inNeighbourhood[s * instance.neighbourhoodCount + instance.neighbourhood[m]]--;
    }

    private void arrive(int p, int m) {
        int s = instance.service[p];
        int location = s * instance.locationCount + instance.location[m];
        if (inLocation[location] == 0) locationsOf[s]++;
        inLocation[location]++;
        inNeighbourhood[s * instance.neighbourhoodCount + instance.neighbourhood[m]]++;
    }

    private void countMoved(int s, int more) {
        servicesWithMoved[movedOf[s]]--;
        movedOf[s] += more;
        servicesWithMoved[movedOf[s]]++;
        mostMoved = Math.max(mostMoved, movedOf[s]);
        while (mostMoved > 0 && servicesWithMoved[mostMoved] == 0) mostMoved--;
    }

    /// Everything else when `p` goes.
    private void carry(int p, int from, int to) {
        if (p == nobody) return;
        int home = instance.home[p];
        int row = p * resources;
        int[] frees = from == home ? lasting : requirement;
        int[] needs = to == home ? lasting : requirement;
        for (int r = 0; r < resources; r++) {
            left[from * resources + r] += requirement[row + r];
            left[to * resources + r] -= requirement[row + r];
            free[from * resources + r] += frees[row + r];
            free[to * resources + r] -= needs[row + r];
        }
        part(p, from);
        join(p, to);
        machine[p] = to;
        if (from == home) {
            addMoved(p);
        } else if (to == home) {
            movedCount--;
            moved[movedPlace[p]] = moved[movedCount];
            movedPlace[moved[movedCount]] = movedPlace[p];
        }
    }

    private void addMoved(int p) {
        movedPlace[p] = movedCount;
        moved[movedCount] = p;
        movedCount++;
    }

    private void part(int p, int m) {
        int last = members[m][memberCount[m] - 1];
        memberCount[m]--;
        members[m][place[p]] = last;
        place[last] = place[p];
        flip(p, m);
    }

    private void join(int p, int m) {
        if (memberCount[m] == members[m].length) members[m] = Arrays.copyOf(members[m], 2 * memberCount[m]);
        members[m][memberCount[m]] = p;
        place[p] = memberCount[m];
        memberCount[m]++;
        flip(p, m);
    }

    /// Changes a service's bit for a machine. Of one service at most one process leaves and one comes in
    /// a rotation: two changes are none, in either order.
    private void flip(int p, int m) {
        long bit = (long) instance.service[p] * instance.machineCount + m;
        runsOn[(int) (bit >>> 6)] ^= 1L << bit;
    }
}
