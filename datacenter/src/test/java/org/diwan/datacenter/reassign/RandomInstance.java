package org.diwan.datacenter.reassign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Small problems, as files of the challenge's format: little room, services that keep apart, are spread
/// and depend on each other, and an assignment of today that is feasible.
final class RandomInstance {
    private RandomInstance() {}

    static Instance in(Path folder, int machines, int processes, SplittableRandom random) throws IOException {
        Path model = folder.resolve("model.txt");
        Path assignment = folder.resolve("assignment.sol");
        write(model, assignment, machines, processes, random);
        return Instance.read(model, assignment);
    }

    private static void write(Path model, Path assignment, int machines, int processes, SplittableRandom random)
            throws IOException {
        int resources = random.nextInt(1, 4);
        // As many as let every process find a machine of its own.
        int services = random.nextInt((processes + machines - 1) / machines, processes + 1);
        int[] location = random.ints(machines, 0, 3).toArray();
        int[] neighbourhood = random.ints(machines, 0, 2).toArray();
        int[] service = new int[processes];
        int[] home = new int[processes];
        for (int p = 0; p < processes; p++) {
            do {
                service[p] = random.nextInt(services);
                home[p] = random.nextInt(machines);
            } while (clash(service, home, p));
        }
        int[][] requirement = new int[processes][];
        for (int p = 0; p < processes; p++)
            requirement[p] = random.ints(resources, 0, 10).toArray();
        var lines = new ArrayList<String>();
        lines.add("" + resources);
        for (int r = 0; r < resources; r++) lines.add(random.nextInt(2) + " " + random.nextInt(1, 20));
        lines.add("" + machines);
        for (int m = 0; m < machines; m++) {
            int[] capacity = new int[resources];
            for (int p = 0; p < processes; p++)
                if (home[p] == m) for (int r = 0; r < resources; r++) capacity[r] += requirement[p][r];
            for (int r = 0; r < resources; r++) capacity[r] += random.nextInt(12);
            int[] safety =
                    Arrays.stream(capacity).map(c -> random.nextInt(c + 1)).toArray();
            int[] cost = random.ints(machines, 0, 3).toArray();
            cost[m] = 0;
            lines.add(neighbourhood[m] + " " + location[m] + " " + line(capacity) + line(safety) + line(cost));
        }
        lines.add("" + services);
        for (int s = 0; s < services; s++)
            lines.add(service(s, services, service, home, location, neighbourhood, random));
        lines.add("" + processes);
        for (int p = 0; p < processes; p++) lines.add(service[p] + " " + line(requirement[p]) + random.nextInt(4));
        int balances = resources > 1 ? random.nextInt(3) : 0;
        lines.add("" + balances);
        for (int b = 0; b < balances; b++) {
            lines.add("0 1 " + random.nextInt(4));
            lines.add("" + random.nextInt(1, 20));
        }
        lines.add(random.nextInt(3) + " " + random.nextInt(8) + " " + random.nextInt(5));
        Files.write(model, lines);
        Files.writeString(assignment, line(home).strip());
    }

    private static boolean clash(int[] service, int[] home, int p) {
        for (int other = 0; other < p; other++) if (service[other] == service[p] && home[other] == home[p]) return true;
        return false;
    }

    /// Spread over as many locations as today or fewer; dependent on what is near it today.
    private static String service(
            int s,
            int services,
            int[] service,
            int[] home,
            int[] location,
            int[] neighbourhood,
            SplittableRandom random) {
        long locations = places(s, service, home, location).stream().distinct().count();
        var near = places(s, service, home, neighbourhood);
        var needed = new ArrayList<Integer>();
        for (int other = 0; other < services; other++)
            if (random.nextInt(3) == 0
                    && places(other, service, home, neighbourhood).containsAll(near)) needed.add(other);
        return random.nextLong(locations + 1) + " " + needed.size() + " "
                + needed.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static List<Integer> places(int s, int[] service, int[] home, int[] place) {
        var places = new ArrayList<Integer>();
        for (int p = 0; p < service.length; p++) if (service[p] == s) places.add(place[home[p]]);
        return places;
    }

    private static String line(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(n -> n + " ").collect(Collectors.joining());
    }
}
