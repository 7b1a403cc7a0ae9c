package org.diwan.datacenter.placement;

/// Says which of the nodes that a pod fits on is best. It sees the pod and the cluster, never what is to come.
sealed interface Policy permits RandomFit, BestFit, DotProduct, GpuPacking, GpuClustering, Potential {
    /// How good `node` is for `pod`, which fits there: the highest score wins, of equals the first node. It
    /// depends on nothing but the node's state, the pod and what was learnt.
    int score(Cluster cluster, int node, Pod pod);

    /// The GPU that a sharing pod gets on the chosen node.
    default int gpu(Cluster cluster, int node, Pod pod) {
        return cluster.tightestGpu(node, pod);
    }

    /// Called after each decision; true if earlier scores no longer hold.
    default boolean learn(Cluster cluster) {
        return false;
    }
}
