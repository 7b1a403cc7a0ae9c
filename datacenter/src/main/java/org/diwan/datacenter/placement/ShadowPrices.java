package org.diwan.datacenter.placement;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Places a pod where it takes least of what typical pods could still use, at prices that say how dear each
/// kind of pod is to house.
///
/// **The programme.** Typical pods come in known proportions `q`. How many fit, `θ`, if they could be cut up
/// and we chose where each goes, is a linear programme over the sets of pods that each node can hold
/// (Gilmore and Gomory 1961). Its dual gives each kind `k` a price `y` with `Σ q y` fixed, chosen so that
/// `θ Σ q y = Σ V(node)` is least, where `V(node)` is the highest sum of prices that fits into what is free on
/// the node. So `y` is the true cost of housing a pod: one that takes 810 of 1,000 thousandths costs the whole
/// GPU where little comes that fits into 190, one of 160 costs next to nothing, one with CPU only costs what
/// the CPU would have fed.
///
/// **The policy.** A pod goes where `V` falls least. That is bid-price control (Talluri and van Ryzin 1998)
/// without the refusals: whatever fits is placed. Losses are counted in steps of [#TIE], so that the order
/// of nodes decides between nodes that are alike, and nodes later in the order stay whole.
///
/// **V.** CPU is the one resource that a node's GPUs share. With a price `π` on it every GPU is a knapsack of
/// its own ([GpuPatterns]), and `V = min over π of π · free CPU + Σ worth of each GPU`, a sum of table entries for
/// each of [#CPU_PRICES] prices. Pods with CPU only set the lowest `π`. Memory is left out: it binds nowhere
/// in the published traces.
///
/// **The prices.** Multiplicative weights (Plotkin, Shmoys and Tardos 1995): fill every node at the present
/// prices, raise those of kinds that then fall short of their proportion, lower the others; the average of
/// the later rounds counts. They are improved a little every [#LEARN_EVERY] decisions, for what is free then.
final class ShadowPrices extends Potential {
    /// Prices of a thousandth of a core that are tried; a GPU is worth about 1,000.
    private static final double[] CPU_PRICES = cpuPrices();

    /// The least difference between losses that counts. From 10 to 30 the published traces differ little; at
    /// zero, equal nodes are told apart by rounding and 1 % is lost.
    private static final double TIE = 15;

    private static final int FIRST_ROUNDS = 1_000;
    private static final double FIRST_STEP = 0.15;
    private static final int LEARN_EVERY = 500;
    private static final int LEARN_ROUNDS = 20;
    private static final double LEARN_STEP = 0.04;

    private final Pod[] kinds;
    private final double[] shares;
    private final double[] prices;
    private final GpuPatterns[] byModel;
    private final double[] cpuPrices = new double[CPU_PRICES.length + 1];
    private int lowest;
    private int cpuOnly;
    private int decisions;
    /// Free parts of the node that is looked at.
    private final int[] steps = new int[Pod.MAX_GPUS];

    /// Free resources that are alike, with the parts of GPUs in ascending order.
    private record State(int cpuMilli, int model, IntBuffer gpuMilli) {}

    /// Prices for a cluster as it stands; takes about a tenth of a second.
    ShadowPrices(TypicalPods typical, Cluster cluster) {
        kinds = typical.kinds().toArray(Pod[]::new);
        shares = typical.shares().stream().mapToDouble(share -> share).toArray();
        // A first guess of any kind will do.
        prices = Arrays.stream(kinds)
                .mapToDouble(pod -> pod.totalGpuMilli() + 0.02 * pod.cpuMilli())
                .toArray();
        byModel = patterns(kinds, cluster.fleet().models().size());
        improve(cluster, FIRST_ROUNDS, FIRST_STEP);
    }

    private static double[] cpuPrices() {
        double[] prices = new double[19];
        for (int i = 0; i < prices.length; i++) prices[i] = 0.002 * StrictMath.pow(1.28, i);
        return prices;
    }

    /// Models that will do for the same kinds share their tables.
    private static GpuPatterns[] patterns(Pod[] kinds, int models) {
        var alike = new HashMap<String, GpuPatterns>();
        var patterns = new GpuPatterns[models];
        for (int m = 0; m < models; m++) {
            int model = m;
            var key = new StringBuilder();
            for (var pod : kinds) key.append(pod.accepts(m) ? '1' : '0');
            patterns[m] =
                    alike.computeIfAbsent(key.toString(), k -> new GpuPatterns(kinds, model, CPU_PRICES.length + 1));
        }
        return patterns;
    }

    @Override
    double of(int cpuMilli, int[] gpuMilli, int model) {
        if (gpuMilli.length == 0) return cpuPrices[lowest] * cpuMilli;
        var patterns = byModel[model];
        int whole = 0;
        int parts = 0;
        for (int milli : gpuMilli) {
            if (milli == Pod.WHOLE) whole++;
            else if (milli >= GpuPatterns.STEP) steps[parts++] = milli / GpuPatterns.STEP;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int price = lowest; price < cpuPrices.length; price++) {
            double worth = cpuPrices[price] * cpuMilli + patterns.worth(price, whole, steps, parts);
            if (worth > least) break; // convex in the price
            least = worth;
        }
        return least;
    }

    @Override
    int grade(double change) {
        return (int) Math.floor(change / TIE);
    }

    @Override
    public boolean learn(Cluster cluster) {
        if (++decisions % LEARN_EVERY != 0) return false;
        improve(cluster, LEARN_ROUNDS, LEARN_STEP);
        forget();
        return true;
    }

    /// How many typical pods fit, at most, into what is free if they come in their proportions: no policy
    /// that turns nobody away places more, with or without foresight. Holds where shares of GPUs are
    /// multiples of [GpuPatterns#STEP].
    double bound(Cluster cluster) {
        double sum = 0;
        for (int node = 0; node < cluster.size(); node++)
            sum += of(cluster.cpuMilli(node), cluster.gpuMilli(node), cluster.model(node));
        double mean = 0;
        for (int k = 0; k < prices.length; k++) mean += shares[k] * prices[k];
        return sum / mean;
    }

    /// What housing a typical pod of a kind costs.
    double price(int kind) {
        return prices[kind];
    }

    // --- prices --------------------------------------------------------------------------------------

    private void improve(Cluster cluster, int rounds, double step) {
        var states = states(cluster);
        boolean[] room = room(cluster);
        double mean = mean(room);
        if (mean == 0) return; // full
        double[] sums = new double[kinds.length];
        for (int round = 0; round < rounds; round++) {
            fillTables();
            adjust(held(states), room, step / Math.sqrt(1 + round));
            normalize(room, mean);
            if (round >= rounds / 2) for (int k = 0; k < sums.length; k++) sums[k] += prices[k];
        }
        for (int k = 0; k < sums.length; k++) prices[k] = room[k] ? sums[k] : prices[k];
        normalize(room, mean);
        fillTables();
    }

    private static Map<State, Integer> states(Cluster cluster) {
        var states = new HashMap<State, Integer>();
        for (int node = 0; node < cluster.size(); node++) {
            int[] gpus = cluster.gpuMilli(node).clone();
            Arrays.sort(gpus);
            states.merge(new State(cluster.cpuMilli(node), cluster.model(node), IntBuffer.wrap(gpus)), 1, Integer::sum);
        }
        return states;
    }

    /// All tables at the present prices. CPU is never cheaper than what pods with CPU only pay for it.
    private void fillTables() {
        cpuOnly = -1;
        double floor = 0;
        for (int k = 0; k < kinds.length; k++) {
            if (kinds[k].gpus() > 0 || kinds[k].cpuMilli() == 0) continue;
            double paid = prices[k] / kinds[k].cpuMilli();
            if (paid <= floor) continue;
            floor = paid;
            cpuOnly = k;
        }
        lowest = 0;
        cpuPrices[0] = floor;
        for (int i = 0; i < CPU_PRICES.length; i++) {
            cpuPrices[i + 1] = Math.max(floor, CPU_PRICES[i]);
            if (CPU_PRICES[i] <= floor) lowest = i + 1;
        }
        for (int m = 0; m < byModel.length; m++) {
            if (Arrays.asList(byModel).indexOf(byModel[m]) < m) continue;
            for (int price = lowest; price < cpuPrices.length; price++)
                byModel[m].price(price, prices, cpuPrices[price]);
        }
    }

    /// How many pods of each kind there are when every node is filled at the present prices.
    private double[] held(Map<State, Integer> states) {
        double[] held = new double[kinds.length];
        states.forEach((state, count) -> fill(state, count, held));
        return held;
    }

    /// The cheapest CPU price at which the best sets' CPU suffices, mixed with the one below so that it is
    /// just used up; what is left at the lowest price goes to pods with CPU only.
    private void fill(State state, int times, double[] held) {
        int[] gpus = state.gpuMilli.array();
        int price = lowest;
        double over = 0;
        double taken = gpus.length == 0 ? 0 : byModel[state.model].cpu(price, gpus);
        while (taken > state.cpuMilli && price + 1 < cpuPrices.length) {
            over = taken;
            taken = byModel[state.model].cpu(++price, gpus);
        }
        double below = price == lowest || taken >= state.cpuMilli ? 0 : (state.cpuMilli - taken) / (over - taken);
        if (gpus.length > 0) byModel[state.model].count(price, gpus, times * (1 - below), held);
        if (below > 0) byModel[state.model].count(price - 1, gpus, times * below, held);
        if (price == lowest && cpuOnly >= 0 && taken < state.cpuMilli)
            held[cpuOnly] += times * (state.cpuMilli - taken) / kinds[cpuOnly].cpuMilli();
    }

    private void adjust(double[] held, boolean[] room, double step) {
        double worth = 0;
        for (int k = 0; k < kinds.length; k++) worth += prices[k] * held[k];
        double fit = worth / mean(room);
        for (int k = 0; k < kinds.length; k++) {
            if (!room[k]) continue;
            double due = fit * shares[k];
            double lack = due == 0 ? 0 : Math.clamp((due - held[k]) / due, -1.5, 1);
            prices[k] = Math.max(1e-3, prices[k] * StrictMath.exp(step * lack));
        }
    }

    /// Kinds whose prices mean something: those that fit on some node, and ask for something. The price of
    /// others would rise for ever, or fall.
    private boolean[] room(Cluster cluster) {
        boolean[] room = new boolean[kinds.length];
        for (int k = 0; k < kinds.length; k++)
            for (int node = 0; node < cluster.size() && !room[k]; node++)
                room[k] = prices[k] > 0 && cluster.fits(node, kinds[k]);
        return room;
    }

    private double mean(boolean[] room) {
        double mean = 0;
        for (int k = 0; k < prices.length; k++) mean += room[k] ? shares[k] * prices[k] : 0;
        return mean;
    }

    private void normalize(boolean[] room, double mean) {
        double scale = mean / mean(room);
        for (int k = 0; k < prices.length; k++) prices[k] *= room[k] ? scale : 1;
    }
}
