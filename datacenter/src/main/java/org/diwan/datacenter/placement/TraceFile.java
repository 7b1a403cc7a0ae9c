package org.diwan.datacenter.placement;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Nodes and pods as the openb traces write them (github.com/hkust-adsl/kubernetes-scheduler-simulator, data/csv):
/// a line of column names, then one line for each, separated by commas, nothing quoted. Further columns do
/// not matter.
/// ```
/// sn,cpu_milli,memory_mib,gpu,model
/// openb-node-0000,64000,262144,2,P100
///
/// name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec
/// openb-pod-0017,11300,49152,1,1000,V100M16|V100M32
/// ```
public final class TraceFile {
    /// In bytes; the largest published trace has 0.7 MB.
    public static final int MAX_SIZE = 64 << 20;

    /// Lines of pods.
    public static final int MAX_PODS = 1_000_000;

    /// The bit of models that no node has.
    private static final long ELSEWHERE = 1L << Fleet.MAX_MODELS;

    private TraceFile() {}

    /// The nodes in `file`, in its order.
    ///
    /// @throws IOException when it cannot be read
    /// @throws IllegalArgumentException naming file, line and what is wrong
    public static Fleet nodes(Path file) throws IOException {
        var models = new ArrayList<String>();
        var nodes = new ArrayList<Fleet.Node>();
        lines(file, Fleet.MAX_NODES, List.of("sn", "cpu_milli", "memory_mib", "gpu", "model"), line -> {
            int gpus = line.number("gpu");
            String model = line.text("model");
            if (gpus > 0 && model.isEmpty()) throw new IllegalArgumentException("has GPUs but no model");
            if (gpus > 0 && !models.contains(model)) models.add(model);
            nodes.add(new Fleet.Node(
                    line.text("sn"), line.number("cpu_milli"), line.number("memory_mib"), gpus, models.indexOf(model)));
        });
        try {
            return new Fleet(models, nodes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /// Pods for `fleet`, whose models a `gpu_spec` names.
    ///
    /// @throws IOException when it cannot be read
    /// @throws IllegalArgumentException naming file, line and what is wrong
    public static List<Pod> pods(Path file, Fleet fleet) throws IOException {
        var pods = new ArrayList<Pod>();
        lines(file, MAX_PODS, List.of("cpu_milli", "memory_mib", "num_gpu", "gpu_milli"), line -> {
            int gpus = line.number("num_gpu");
            pods.add(new Pod(
                    line.number("cpu_milli"),
                    line.number("memory_mib"),
                    gpus,
                    line.number("gpu_milli"),
                    gpus == 0 ? Pod.ANY_MODEL : models(line.textOrEmpty("gpu_spec"), fleet)));
        });
        if (pods.isEmpty()) throw new IllegalArgumentException(file + ": no pods");
        return pods;
    }

    private static long models(String spec, Fleet fleet) {
        if (spec.isEmpty()) return Pod.ANY_MODEL;
        long bits = 0;
        for (String name : spec.split(Pattern.quote("|"), -1)) {
            int model = fleet.models().indexOf(name);
            bits |= model < 0 ? ELSEWHERE : 1L << model;
        }
        return bits;
    }

    private record Line(List<String> columns, List<String> fields) {
        String text(String column) {
            return fields.get(columns.indexOf(column));
        }

        String textOrEmpty(String column) {
            return columns.contains(column) ? text(column) : "";
        }

        int number(String column) {
            String text = text(column);
            try {
                int number = Integer.parseInt(text);
                if (number >= 0) return number;
            } catch (NumberFormatException e) {
                // Answered below.
            }
            throw new IllegalArgumentException(
                    column + " is '" + text + "', must be a whole number from 0 to " + Pod.MAX_AMOUNT);
        }
    }

    private static void lines(Path file, int most, List<String> needed, Consumer<Line> each) throws IOException {
        if (Files.size(file) > MAX_SIZE)
            throw new IllegalArgumentException(
                    file + " has " + Files.size(file) + " bytes, at most " + MAX_SIZE + " are read");
        // Names may be anything; a byte that is no character spoils numbers only.
        var lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (lines.isEmpty()) throw new IllegalArgumentException(file + ": empty, the first line must name columns");
        if (lines.size() - 1 > most)
            throw new IllegalArgumentException(file + " has " + (lines.size() - 1) + " lines, at most " + most);
        var columns = List.of(lines.getFirst().split(",", -1));
        for (String column : needed)
            if (!columns.contains(column))
                throw new IllegalArgumentException(file + " line 1: no column '" + column + "'");
        for (int i = 1; i < lines.size(); i++) {
            try {
                var fields = List.of(lines.get(i).split(",", -1));
                if (fields.size() != columns.size())
                    throw new IllegalArgumentException(fields.size() + " fields, but " + columns.size() + " columns");
                each.accept(new Line(columns, fields));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + " line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
    }
}
