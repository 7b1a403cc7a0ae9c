package org.diwan.datacenter.placement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Decides for one pod after another where it goes, and places it there; whatever fits somewhere is placed.
///
/// Scores depend on node and kind of pod only, so they are kept: a decision computes those of nodes that
/// changed since a pod of its kind came, and looks at the others.
final class Placer {
    /// No node has room.
    static final int NOWHERE = -1;

    /// Kinds of pods whose scores are kept: all are forgotten when there are more.
    static final int MAX_KINDS = 1_000;

    private static final int UNFIT = Integer.MIN_VALUE;

    private final Cluster cluster;
    private final Policy policy;
    private final Map<Pod, Scores> known = new HashMap<>();

    /// Of one kind of pod on each node, with the version of the node that they hold for.
    private static final class Scores {
        final int[] scores;
        final int[] versions;

        Scores(int nodes) {
            scores = new int[nodes];
            versions = new int[nodes];
            forget();
        }

        void forget() {
            Arrays.fill(versions, -1);
        }
    }

    Placer(Cluster cluster, Policy policy) {
        this.cluster = cluster;
        this.policy = policy;
    }

    /// The node where `pod` now runs, or [#NOWHERE].
    int place(Pod pod) {
        int node = choose(pod);
        if (node != NOWHERE) cluster.place(node, pod, pod.shares() ? policy.gpu(cluster, node, pod) : -1);
        if (policy.learn(cluster)) known.values().forEach(Scores::forget);
        return node;
    }

    private int choose(Pod pod) {
        if (known.size() >= MAX_KINDS && !known.containsKey(pod)) known.clear();
        var kept = known.computeIfAbsent(pod, k -> new Scores(cluster.size()));
        int best = NOWHERE;
        int ties = 0;
        for (int node = 0; node < cluster.size(); node++) {
            int score = score(kept, node, pod);
            if (score == UNFIT || (best != NOWHERE && score < kept.scores[best])) continue;
            ties = best != NOWHERE && score == kept.scores[best] ? ties + 1 : 1;
            if (ties == 1 || (policy instanceof RandomFit(var random) && random.nextInt(ties) == 0)) best = node;
        }
        return best;
    }

    private int score(Scores kept, int node, Pod pod) {
        if (kept.versions[node] != cluster.version(node)) {
            kept.scores[node] = cluster.fits(node, pod) ? policy.score(cluster, node, pod) : UNFIT;
            kept.versions[node] = cluster.version(node);
        }
        return kept.scores[node];
    }
}
