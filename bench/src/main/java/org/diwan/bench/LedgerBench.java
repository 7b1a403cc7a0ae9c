package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.diwan.base.CanonicalJson;
import org.diwan.sovereignty.ledger.Fsck;
import org.diwan.sovereignty.ledger.Ledger;
import org.diwan.sovereignty.ledger.LogSigner;

/// `bench ledger`: how many entries a second the ledger takes, each on disk before its caller goes on,
/// while a checkpoint is published every second.
///
/// Many threads append in a closed loop: each waits for its entry, then appends the next. Latencies are
/// of single appends as the callers see them, after a warm-up. At the end the log is grown to a million
/// entries (`--verify`) and checked by fsck on one thread, which is measured too: no number is printed for
/// a log that is not right.
final class LedgerBench {
    private static final long WARM_UP_SECONDS = 3;
    private static final int MAX_APPENDERS = 4096;
    private static final int MAX_SECONDS = 600;
    private static final int MAX_VERIFIED = 100_000_000;
    private static final int FSYNC_TRIALS = 100;

    /// What is measured: `folder` is on the disk in question; the log in it is removed afterwards.
    private record Load(int appenders, int entryBytes, int seconds, int verified, Path folder) {
        static Load of(Options options) {
            return new Load(
                    options.number("appenders", 256, 1, MAX_APPENDERS),
                    options.number("bytes", 500, 1, Ledger.MAX_ENTRY_SIZE),
                    options.number("seconds", 10, 1, MAX_SECONDS),
                    options.number("verify", 1_000_000, 1, MAX_VERIFIED),
                    Path.of(options.named().getOrDefault("folder", System.getProperty("java.io.tmpdir"))));
        }
    }

    private LedgerBench() {}

    /// Measures, prints, returns the exit code 0.
    static int run(Options options, PrintStream out) throws Exception {
        var result = measure(Load.of(options));
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else result.forEach((name, value) -> out.println(name + ": " + value));
        return 0;
    }

    private static Map<String, Object> measure(Load load) throws Exception {
        Path folder = Files.createTempDirectory(load.folder(), "diwan-ledger-bench");
        try {
            var signer = LogSigner.create(folder.resolve("log.key"), "bench.example/log");
            Path log = folder.resolve("log");
            var result = new LinkedHashMap<String, Object>();
            try (var ledger = Ledger.open(log, signer)) {
                run(ledger, load, Math.min(load.seconds(), WARM_UP_SECONDS));
                result.putAll(summary(run(ledger, load, load.seconds()), load));
                while (ledger.size() < load.verified()) run(ledger, load, 1);
                ledger.publish();
                result.put("entries", ledger.size());
            }
            result.putAll(verification(log, signer));
            result.put("fsyncMillis", rounded(fsyncMillis(folder)));
            return result;
        } finally {
            remove(folder);
        }
    }

    /// How long an auditor with one core takes for a million of these entries: reading each, hashing it,
    /// comparing every tile.
    private static Map<String, Object> verification(Path log, LogSigner signer) throws IOException {
        var processor = ManagementFactory.getThreadMXBean();
        long startCpu = processor.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        var report = Fsck.check(log, signer.keys());
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (processor.getCurrentThreadCpuTime() - startCpu) / 1e9;
        if (!report.clean()) throw new IOException("the log is not right: " + report.difference());
        double millions = report.size() / 1e6;
        return Map.of(
                "verifyMillionSeconds", rounded(seconds / millions),
                "verifyMillionCpuSeconds", rounded(cpuSeconds / millions));
    }

    /// What a run gave: nanoseconds of every append and every publish, and of the whole.
    @SuppressWarnings("ArrayRecordComponent") // Millions of them, and nobody compares runs by equals.
    private record Run(long[] appends, long[] publishes, long elapsedNanos) {}

    private static Run run(Ledger ledger, Load load, long seconds) throws Exception {
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        var threads = new ArrayList<Callable<long[]>>();
        for (int i = 0; i < load.appenders(); i++) {
            int seed = i;
            threads.add(() -> append(ledger, load.entryBytes(), seed, end));
        }
        threads.add(() -> publish(ledger, end));
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<long[]>>();
            for (var thread : threads) futures.add(pool.submit(thread));
            long[] publishes = futures.removeLast().get();
            var appends = new ArrayList<long[]>();
            for (var future : futures) appends.add(future.get());
            long elapsed = System.nanoTime() - start;
            long[] all = appends.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Run(all, publishes, elapsed);
        }
    }

    private static long[] append(Ledger ledger, int bytes, int seed, long end) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] entry = new byte[bytes];
        long[] nanos = new long[1024];
        int count = 0;
        for (long before = System.nanoTime(); before < end; ) {
            random.nextBytes(entry);
            ledger.append(entry);
            long after = System.nanoTime();
            if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
            nanos[count++] = after - before;
            before = after;
        }
        return Arrays.copyOf(nanos, count);
    }

    private static long[] publish(Ledger ledger, long end) throws IOException, InterruptedException {
        var nanos = new ArrayList<Long>();
        while (System.nanoTime() < end) {
            long before = System.nanoTime();
            ledger.publish();
            nanos.add(System.nanoTime() - before);
            Thread.sleep(1000);
        }
        return nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static Map<String, Object> summary(Run run, Load load) {
        long[] appends = run.appends();
        var result = new LinkedHashMap<String, Object>();
        result.put("appendsPerSecond", Math.round(appends.length / (run.elapsedNanos() / 1e9)));
        result.put("p50Millis", rounded(appends[appends.length / 2] / 1e6));
        result.put("p99Millis", rounded(appends[(int) (appends.length * 0.99)] / 1e6));
        result.put("maxMillis", rounded(appends[appends.length - 1] / 1e6));
        result.put("publishMedianMillis", rounded(run.publishes()[run.publishes().length / 2] / 1e6));
        result.put("publishP99Millis", rounded(run.publishes()[(int) (run.publishes().length * 0.99)] / 1e6));
        result.put("appenders", load.appenders());
        result.put("entryBytes", load.entryBytes());
        result.put("seconds", load.seconds());
        result.put("machine", Machine.name());
        return result;
    }

    /// What this disk takes to force 20 kB at the end of a file: the floor under every append.
    private static double fsyncMillis(Path folder) throws IOException {
        try (var file =
                FileChannel.open(folder.resolve("fsync"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long start = System.nanoTime();
            for (int i = 0; i < FSYNC_TRIALS; i++) {
                file.write(ByteBuffer.allocate(20_000));
                file.force(false);
            }
            return (System.nanoTime() - start) / 1e6 / FSYNC_TRIALS;
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
