package org.diwan.datacenter.reassign;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.diwan.datacenter.reassign.Instance.Balance;

/// Reads the challenge's two files, whole numbers separated by blanks.
///
/// A model, a line each: the number of resources, then for each `transient loadWeight`; of machines,
/// `neighbourhood location capacity… safety… moveCost…`; of services, `spread n service…`; of processes,
/// `service requirement… moveCost`; of balances, `first second target` and `weight` below; last
/// `processMoveWeight serviceMoveWeight machineMoveWeight`. An assignment is one line, a machine for
/// each process.
final class InstanceReader {
    /// Largest file in bytes: the largest published model has 4 MB.
    static final long MAX_SIZE = 256L << 20;

    final Map<Integer, Integer> locations = new HashMap<>();
    final Map<Integer, Integer> neighbourhoods = new HashMap<>();
    final boolean[] isTransient;
    final long[] loadWeight;
    final int[] location;
    final int[] neighbourhood;
    final int[] capacity;
    final int[] safety;
    final int[] machineMoveCost;
    final int[] spread;
    final int[][] dependsOn;
    final int[] service;
    final int[] requirement;
    final int[] processMoveCost;
    final Balance[] balances;
    final int[] moveWeights;
    final int[] home;

    private InstanceReader(Path modelFile, Path assignmentFile) throws IOException {
        try (var in = new Lines(modelFile)) {
            int resources = in.count("resources", 1, Instance.MAX_RESOURCES);
            isTransient = new boolean[resources];
            loadWeight = new long[resources];
            for (int r = 0; r < resources; r++) {
                int[] line = in.next(2, "resource " + r + ": transient, weight of load");
                isTransient[r] = in.below(line[0], 2, "transient") == 1;
                loadWeight[r] = line[1];
            }
            int machines = in.count("machines", 1, Instance.MAX_MACHINES);
            location = new int[machines];
            neighbourhood = new int[machines];
            capacity = new int[machines * resources];
            safety = new int[machines * resources];
            machineMoveCost = new int[machines * machines];
            for (int m = 0; m < machines; m++) machine(in, m, resources);

            int services = in.count("services", 1, Instance.MAX_PROCESSES);
            spread = new int[services];
            dependsOn = new int[services][];
            for (int s = 0, left = Instance.MAX_DEPENDENCIES; s < services; s++) {
                service(in, s, left);
                left -= dependsOn[s].length;
            }
            in.check(
                    (long) services * Math.max(locations.size(), neighbourhoods.size()) <= Instance.MAX_CELLS,
                    "services times locations or neighbourhoods are more than " + Instance.MAX_CELLS);

            int processes = in.count("processes", 1, Instance.MAX_PROCESSES);
            service = new int[processes];
            requirement = new int[processes * resources];
            processMoveCost = new int[processes];
            for (int p = 0; p < processes; p++) {
                int[] line = in.next(resources + 2, "process " + p + ": service, requirements, cost of a move");
                service[p] = in.below(line[0], services, "service");
                System.arraycopy(line, 1, requirement, p * resources, resources);
                processMoveCost[p] = line[resources + 1];
            }
            balances = new Balance[in.count("balances", 0, Instance.MAX_BALANCES)];
            for (int b = 0; b < balances.length; b++) {
                int[] line = in.next(3, "balance " + b + ": resource, resource, target");
                int first = in.below(line[0], resources, "resource");
                int second = in.below(line[1], resources, "resource");
                balances[b] = new Balance(first, second, line[2], in.next(1, "weight of balance " + b)[0]);
            }
            moveWeights = in.next(3, "weights of moves: process, service, machine");
            in.end();
        }
        home = assignment(assignmentFile, service.length, location.length);
    }

    private void machine(Lines in, int m, int resources) throws IOException {
        int machines = location.length;
        int[] line = in.next(
                2 + 2 * resources + machines,
                "machine " + m + ": neighbourhood, location, capacities, safety capacities, move costs");
        neighbourhood[m] = number(neighbourhoods, line[0]);
        location[m] = number(locations, line[1]);
        System.arraycopy(line, 2, capacity, m * resources, resources);
        System.arraycopy(line, 2 + resources, safety, m * resources, resources);
        System.arraycopy(line, 2 + 2 * resources, machineMoveCost, m * machines, machines);
    }

    private void service(Lines in, int s, int left) throws IOException {
        int[] line = in.next(-1, "service " + s + ": spread, number of services it depends on, these");
        spread[s] = line[0];
        in.check(
                line.length >= 2 && line.length == 2L + line[1],
                "service " + s + " has " + line.length + " numbers, must have 2 and as many as the second says");
        in.check(line[1] <= left, "more than " + Instance.MAX_DEPENDENCIES + " dependencies");
        for (int i = 2; i < line.length; i++) in.below(line[i], spread.length, "service");
        dependsOn[s] = Arrays.stream(line)
                .skip(2)
                .filter(other -> other != s)
                .distinct()
                .toArray();
    }

    private static int number(Map<Integer, Integer> known, int name) {
        return known.computeIfAbsent(name, fresh -> known.size());
    }

    static Instance read(Path model, Path assignment) throws IOException {
        var read = new InstanceReader(model, assignment);
        try {
            return new Instance(read);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(model + ": " + e.getMessage(), e);
        }
    }

    /// A machine for each of `processes`, from one line.
    static int[] assignment(Path file, int processes, int machines) throws IOException {
        try (var in = new Lines(file)) {
            int[] home = in.next(processes, "a machine for each process");
            for (int machine : home) in.below(machine, machines, "machine");
            in.end();
            return home;
        }
    }

    /// A file of lines of whole numbers, none negative, none above [Instance#MAX_VALUE].
    private static final class Lines implements AutoCloseable {
        private final Path file;
        private final BufferedReader reader;
        private int line;

        Lines(Path file) throws IOException {
            long size = Files.size(file);
            if (size > MAX_SIZE)
                throw new IllegalArgumentException(file + " has " + size + " bytes, at most " + MAX_SIZE + " are read");
            this.file = file;
            this.reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
        }

        /// The only number on the next line, how many `things` follow.
        int count(String things, int least, int most) throws IOException {
            int count = next(1, "the number of " + things)[0];
            check(count >= least && count <= most, count + " " + things + ", must be from " + least + " to " + most);
            return count;
        }

        /// The next line's numbers.
        ///
        /// @param wanted how many there must be, or -1
        int[] next(int wanted, String what) throws IOException {
            String text = reader.readLine();
            line++;
            check(text != null, "the file ends where there must be " + what);
            int[] numbers = new int[wanted < 0 ? 16 : wanted];
            int count = 0;
            for (int at = 0; at < text.length(); ) {
                char first = text.charAt(at);
                if (first == ' ' || first == '\t' || first == '\r') {
                    at++;
                    continue;
                }
                long value = 0;
                int begin = at;
                for (; at < text.length() && isDigit(text.charAt(at)) && value <= Instance.MAX_VALUE; at++)
                    value = 10 * value + text.charAt(at) - '0';
                check(at > begin, "'" + first + "' is no digit, in " + what);
                check(value <= Instance.MAX_VALUE, "a number above " + Instance.MAX_VALUE + ", in " + what);
                check(wanted < 0 || count < wanted, "more than " + wanted + " numbers, in " + what);
                if (count == numbers.length) numbers = Arrays.copyOf(numbers, 2 * count);
                numbers[count] = (int) value;
                count++;
            }
            check(count > 0 && (wanted < 0 || count == wanted), count + " numbers, must be " + what);
            return Arrays.copyOf(numbers, count);
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        int below(int value, int count, String what) {
            check(value < count, what + " " + value + ", must be below " + count);
            return value;
        }

        void end() throws IOException {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                check(text.isBlank(), "more than the format has");
            }
        }

        void check(boolean holds, String otherwise) {
            if (!holds) throw new IllegalArgumentException(file + ":" + line + ": " + otherwise);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
