package org.diwan.robots.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Errand.Kind;

/// Which vehicle does which job.
///
/// All jobs that wait and all vehicles, those that are busy from when and where they will be free, are assigned
/// at once so that the sum of costs is least ([Assignment]): the seconds until a job's first stop, and ten times the
/// seconds that it would be later than need be, weighed by its priority. (What nobody can make up for is not counted,
/// or a job long overdue would be better left undone.) A job beyond the number of vehicles costs more the longer it
/// waited, so that none starves, and more by what it will be late when another was done before. Only pairs whose
/// vehicle is free now begin; everything else is decided anew the next time, with what is then known.
final class Allocation {
    /// Jobs that are looked at together, the most urgent ones: the time grows with their square.
    static final int MAX_BATCH = 200;

    /// A job that nobody can begin, or that is for later, makes room among them for so long, times the batches that
    /// wait, so that each job is looked at before the first comes again.
    static final Duration POSTPONED = Duration.ofSeconds(10);

    /// A vehicle that would be there so long before a job may begin does something else meanwhile.
    static final Duration FORESIGHT = Duration.ofMinutes(1);

    /// What a job that nobody does now costs, in seconds, beside the time that it has waited.
    static final double LATER = 3_600;

    /// A second too late costs as much as so many seconds of waiting.
    static final double LATE = 10;

    /// Seconds that the actions of a stop take, as far as anybody knows.
    static final double STOP = 20;

    /// More than anything that is possible costs.
    private static final double IMPOSSIBLE = 1e12;

    private final RoadMap map;
    private final Travel travel;
    private final Batteries batteries;

    /// A vehicle and the job that it should begin now.
    record Pair(Robot robot, Jobs.Entry entry) {}

    /// A vehicle, when it is free, and where.
    private record Free(Robot robot, double seconds, int vertex, boolean now) {}

    Allocation(RoadMap map, Travel travel, Batteries batteries) {
        this.map = map;
        this.travel = travel;
        this.batteries = batteries;
    }

    /// The pairs that should begin now, all different.
    List<Pair> decide(List<Robot> robots, List<Jobs.Entry> waiting, Instant now) {
        var free = robots.stream().filter(Robot::isReady).map(this::free).toList();
        if (waiting.isEmpty() || free.stream().noneMatch(Free::now)) return List.of();
        var batch = waiting.stream()
                .sorted(Comparator.comparing((Jobs.Entry entry) -> entry.isPostponed(now))
                        .thenComparing(entry -> -entry.job().priority())
                        .thenComparing(entry -> entry.job().due().orElse(Instant.MAX))
                        .thenComparing(Jobs.Entry::submitted))
                .limit(MAX_BATCH)
                .toList();
        var postponed = now.plus(POSTPONED.multipliedBy(1 + waiting.size() / MAX_BATCH));
        int n = batch.size();
        int m = free.size();
        double[][] costs = new double[n][m + n];
        double[][] arrivals = new double[n][m];
        double[] first = new double[n];
        for (int i = 0; i < n; i++) {
            var entry = batch.get(i);
            first[i] = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) {
                double arrival = arrival(free.get(j), entry);
                boolean early = isEarly(entry.job(), arrival, now.plus(FORESIGHT));
                arrivals[i][j] = early ? Double.POSITIVE_INFINITY : arrival;
                first[i] = Math.min(first[i], arrivals[i][j]);
            }
            if (first[i] == Double.POSITIVE_INFINITY) entry.postpone(postponed);
        }
        double[] behind = behind(batch, first);
        for (int i = 0; i < n; i++) {
            var entry = batch.get(i);
            double weight = 1 + entry.job().priority();
            double[] late = new double[m];
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) {
                late[j] = late(entry.job(), arrivals[i][j], now);
                least = Math.min(least, late[j]);
            }
            for (int j = 0; j < m; j++)
                costs[i][j] = arrivals[i][j] == Double.POSITIVE_INFINITY
                        ? IMPOSSIBLE
                        : (arrivals[i][j] + LATE * (late[j] - least)) * weight;
            double waited = seconds(entry.submitted(), now);
            double later = first[i] + behind[i] < Double.POSITIVE_INFINITY
                    ? LATE * (late(entry.job(), first[i] + behind[i], now) - least)
                    : 0;
            for (int j = m; j < m + n; j++) costs[i][j] = (LATER + waited + later) * weight;
        }
        int[] chosen = Assignment.solve(costs);
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < n; i++) {
            int j = chosen[i];
            if (j >= m || !free.get(j).now() || costs[i][j] >= IMPOSSIBLE) continue;
            if (!isEarly(batch.get(i).job(), arrivals[i][j], now))
                pairs.add(new Pair(free.get(j).robot(), batch.get(i)));
        }
        return pairs;
    }

    /// Of each job the seconds that it is put off at least if another of these goes first; infinite if none can.
    private double[] behind(List<Jobs.Entry> batch, double[] first) {
        int shortest = -1;
        double[] whole = new double[first.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = first[i] + work(batch.get(i).job());
            if (shortest < 0 || whole[i] < whole[shortest]) shortest = i;
        }
        double second = Double.POSITIVE_INFINITY;
        for (int i = 0; i < whole.length; i++) if (i != shortest) second = Math.min(second, whole[i]);
        double[] behind = new double[whole.length];
        for (int i = 0; i < behind.length; i++) behind[i] = i == shortest ? second : whole[shortest];
        return behind;
    }

    /// Whether a vehicle that sets out now is there before the job may begin.
    private static boolean isEarly(Job job, double arrival, Instant now) {
        return job.notBefore()
                .filter(from -> now.plusMillis((long) (1e3 * arrival)).isBefore(from))
                .isPresent();
    }

    private Free free(Robot robot) {
        var errand = robot.errand().orElse(null);
        if (errand == null || errand.kind() != Kind.JOB)
            return new Free(robot, 0, robot.at(), !robot.isLaden() && batteries.mayLeave(robot));
        double left = travel.seconds(robot.at(), errand.goalsLeft(), permissions(errand.job()))
                + STOP * errand.goalsLeft().size();
        return new Free(robot, left, errand.end(), false);
    }

    /// Seconds until the vehicle is at the job's first stop; infinite if it cannot do the job.
    private double arrival(Free free, Jobs.Entry entry) {
        var job = entry.job();
        var robot = free.robot();
        boolean fit = job.vehicle().map(robot.serial()::equals).orElse(true)
                && !entry.refusedBy().contains(robot.serial())
                && Fitness.isFit(robot, job);
        if (!fit) return Double.POSITIVE_INFINITY;
        var permissions = permissions(job);
        var stops = job.stops().stream().map(stop -> map.vertex(stop.place())).toList();
        double way = travel.seconds(free.vertex(), stops.getFirst(), permissions);
        double all = way + travel.seconds(stops.getFirst(), stops, permissions) + STOP * stops.size();
        return batteries.isEnough(robot, free.seconds() + all, stops.getLast())
                ? free.seconds() + way
                : Double.POSITIVE_INFINITY;
    }

    /// Seconds between when the job should be done and when it will be, with a vehicle that is there in `arrival`
    /// seconds.
    private double late(Job job, double arrival, Instant now) {
        if (job.due().isEmpty()) return 0;
        double begin = job.notBefore()
                .map(from -> Math.max(arrival, seconds(now, from)))
                .orElse(arrival);
        return Math.max(0, begin + work(job) - seconds(now, job.due().get()));
    }

    /// Seconds from the first stop on, with what is done there.
    private double work(Job job) {
        var stops = job.stops().stream().map(stop -> map.vertex(stop.place())).toList();
        return travel.seconds(stops.getFirst(), stops, permissions(job)) + STOP * stops.size();
    }

    private static double seconds(Instant from, Instant to) {
        var between = Duration.between(from, to);
        return between.getSeconds() + between.getNano() / 1e9;
    }

    private static Set<String> permissions(Job job) {
        return Set.copyOf(job.permissions());
    }
}
