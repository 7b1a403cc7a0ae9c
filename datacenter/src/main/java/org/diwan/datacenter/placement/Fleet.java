package org.diwan.datacenter.placement;

import java.util.List;

/// The nodes there are, empty, in the order in which ties are broken.
///
/// @param models names of GPU models; a node's and a pod's model numbers index them
public record Fleet(List<String> models, List<Node> nodes) {
    /// Scores are kept for each node and kind of pod: 20,000 × [Placer#MAX_KINDS] take 160 MB.
    public static final int MAX_NODES = 20_000;

    /// As many as a pod's bits can tell apart, less one that stands for models that no node has.
    public static final int MAX_MODELS = 62;

    /// One machine.
    ///
    /// @param cpuMilli thousandths of a core
    /// @param model index into [Fleet#models()]; without meaning where there is no GPU
    public record Node(String name, int cpuMilli, int memoryMib, int gpus, int model) {
        public Node {
            if (cpuMilli < 0 || cpuMilli > Pod.MAX_AMOUNT)
                throw new IllegalArgumentException("CPU of " + cpuMilli + ", must be 0 to " + Pod.MAX_AMOUNT);
            if (memoryMib < 0 || memoryMib > Pod.MAX_AMOUNT)
                throw new IllegalArgumentException("memory of " + memoryMib + ", must be 0 to " + Pod.MAX_AMOUNT);
            if (gpus < 0 || gpus > Pod.MAX_GPUS)
                throw new IllegalArgumentException(gpus + " GPUs, must be 0 to " + Pod.MAX_GPUS);
        }
    }

    public Fleet {
        models = List.copyOf(models);
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || nodes.size() > MAX_NODES)
            throw new IllegalArgumentException(nodes.size() + " nodes, must be 1 to " + MAX_NODES);
        if (models.size() > MAX_MODELS)
            throw new IllegalArgumentException(models.size() + " GPU models, at most " + MAX_MODELS);
        for (var node : nodes)
            if (node.gpus > 0 && (node.model < 0 || node.model >= models.size()))
                throw new IllegalArgumentException(
                        "node " + node.name + " has GPU model number " + node.model + ", there are " + models.size());
    }

    /// Thousandths of all GPUs.
    public long gpuMilli() {
        return nodes.stream().mapToLong(node -> (long) node.gpus * Pod.WHOLE).sum();
    }
}
