package org.diwan.datacenter.reassign;

/// Simulated annealing of one plan by one thread: a random rotation is taken when it makes the plan
/// cheaper, and by chance when it makes it dearer, the less likely the more it costs and the colder it is
/// [1].
///
/// *Moves at a price.* Load is counted in tens of millions where a move costs a few hundred. Cooled as it
/// stands, the plan forgets while it is hot where its processes were, and at the end no longer finds the
/// way home. So while it is hot, moves cost more than they do: above a temperature of the order of a move,
/// in proportion to it. From the first step to the last a move weighs as much against chance, load is
/// brought down with few moves, and when the price is the true one there is little left to bring home. On
/// the largest instances 20 s then gave better plans than 30 s without. On some tight ones it is the opposite:
/// the way to a good plan leads over many moves. So it is a choice, see [Solver].
///
/// *Where to look.* Part of the proposals bring a process home; most others take from, or give to, a machine
/// whose load adds to the least that load must cost (see [Assignment#machineExcess]); the rest is blind, as
/// convergence wants it.
///
/// 1. Kirkpatrick, Gelatt, Vecchi, *Optimization by simulated annealing*, Science 220 (1983); for this
///    problem Portal, Ritt, Borba, Buriol, *Simulated annealing for the machine reassignment problem*, Annals
///    of Operations Research 242 (2016).
final class Annealer {
    /// Steps between two looks at the clock, and at whether the plan is the best so far.
    private static final int STEPS = 1_024;

    /// Machines of which the one with the greatest excess is looked at.
    private static final int CONTESTANTS = 6;

    /// Sixteenths of all proposals that bring a process home, when a move's cost matters and when chance is
    /// so large that it does not.
    private static final int HOMEWARD = 8;

    private static final int HOMEWARD_HOT = 2;

    /// Of the temperature at which a move's cost matters: where it no longer does.
    private static final double HOT_FOR_MOVES = 10;

    /// Sixteenths of the others that look at a machine with excess.
    private static final int FOCUSED = 6;

    /// −ln of the middles of so many equal parts of (0, 1): a look-up is much cheaper than a logarithm.
    private static final double[] MINUS_LOG = minusLog(4_096);

    private final Assignment at;
    private final Random64 random;
    private final int machines;
    private final int processes;
    private final double moveTemperature;
    private final boolean pricesMoves;
    private final int[] who = new int[Assignment.MAX_LENGTH];
    private final int[] where = new int[Assignment.MAX_LENGTH];
    private final int[] best;
    private long bestCost;
    private long steps;
    private int homeward = HOMEWARD;

    private static double[] minusLog(int parts) {
        double[] table = new double[parts];
        for (int i = 0; i < parts; i++) table[i] = -StrictMath.log((i + 0.5) / parts);
        return table;
    }

    /// @param moveTemperature at and below it a move's cost matters
    /// @param pricesMoves whether above it moves cost more
    /// @throws IllegalArgumentException naming a constraint that `plan` breaks
    Annealer(Instance instance, int[] plan, double moveTemperature, boolean pricesMoves, long seed) {
        at = new Assignment(instance, plan);
        random = new Random64(seed);
        machines = instance.machineCount;
        processes = instance.processCount;
        this.moveTemperature = moveTemperature;
        this.pricesMoves = pricesMoves;
        best = plan.clone();
        bestCost = at.cost();
    }

    /// The cheapest plan seen; this annealer's own.
    int[] best() {
        return best;
    }

    long bestCost() {
        return bestCost;
    }

    long steps() {
        return steps;
    }

    /// Cools from `hot` to `cold`, geometrically, until the budget is spent.
    void run(double hot, double cold, Budget budget) {
        double ratio = cold / hot;
        for (double spent = budget.spent(steps); spent < 1; spent = budget.spent(steps)) {
            double temperature = hot * StrictMath.pow(ratio, spent);
            long price = pricesMoves ? Math.max(1, (long) (temperature / moveTemperature)) : 1;
            homeward = temperature < HOT_FOR_MOVES * price * moveTemperature ? HOMEWARD : HOMEWARD_HOT;
            for (int i = 0; i < STEPS; i++) step(temperature, price);
            steps += STEPS;
            if (at.cost() < bestCost) {
                bestCost = at.cost();
                at.copyTo(best);
            }
        }
    }

    /// Draws a rotation and takes it if it may be taken.
    private void step(double temperature, long price) {
        long draw = random.next();
        if (!drawShift(draw)) return;
        int shape = (int) ((draw >>> 32) & 127);
        int length = shape < 48 ? 2 : drawRest(shape);
        if (length > 0) at.rotate(length, who, where, price, (long) (temperature * MINUS_LOG[(int) (draw & 4_095)]));
    }

    /// Draws one process and where it goes.
    ///
    /// @return false if it is there already
    private boolean drawShift(long draw) {
        int process;
        int to;
        if (((draw >>> 12) & 15) < homeward && at.movedCount() > 0) {
            process = at.moved(random.below(at.movedCount()));
            to = at.homeOf(process);
        } else {
            process = random.below(processes);
            to = random.below(machines);
            if (((draw >>> 16) & 15) < FOCUSED) {
                int machine = machineWithExcess();
                if (((draw >>> 20) & 1) == 0) to = machine;
                else if (at.memberCount(machine) > 0)
                    process = at.member(machine, random.below(at.memberCount(machine)));
            }
        }
        who[0] = process;
        who[1] = at.nobody;
        where[0] = at.machineOf(process);
        where[1] = to;
        return where[0] != to;
    }

    private int machineWithExcess() {
        int machine = random.below(machines);
        for (int i = 1; i < CONTESTANTS; i++) {
            int other = random.below(machines);
            if (at.machineExcess(other) > at.machineExcess(machine)) machine = other;
        }
        return machine;
    }

    /// Makes the shift a swap, a chain over a third machine or a ring of three.
    ///
    /// @return the number of machines, or 0 if there is no such rotation
    private int drawRest(int shape) {
        int count = at.memberCount(where[1]);
        if (count == 0) return 0;
        who[1] = at.member(where[1], random.below(count));
        if (shape < 104) return 2;
        int third = (shape & 1) == 0 ? at.homeOf(who[1]) : random.below(machines);
        if (third == where[0] || third == where[1]) return 0;
        where[2] = third;
        who[2] = at.nobody;
        if (shape >= 120 && at.memberCount(third) > 0) who[2] = at.member(third, random.below(at.memberCount(third)));
        return 3;
    }
}
