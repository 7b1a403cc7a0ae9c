package org.diwan.datacenter.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.diwan.base.Seeded;
import org.diwan.datacenter.telemetry.Alarms.Alarm;
import org.diwan.datacenter.telemetry.Alarms.Rule;
import org.diwan.datacenter.telemetry.Readings.Point;
import org.diwan.datacenter.telemetry.Readings.Refusal;
import org.junit.jupiter.api.Test;

/// Oracle: the plain list of all readings, from which every step is computed anew.
class ReadingsTest {
    private static final long START = 1_800_000_000L;

    private long now = START;
    private final Readings readings = new Readings(() -> Instant.ofEpochSecond(now));

    private record Reading(long second, double value) {}

    @Test
    void downSamplingKeepsLeastMeanAndGreatest() {
        Seeded.forAll(60, random -> {
            var store = new Readings(() -> Instant.ofEpochSecond(START + 100_000_000));
            var all = new ArrayList<Reading>();
            long second = START + random.nextInt(5_000);
            int count = random.nextInt(1, 3_000);
            for (int i = 0; i < count; i++, second += random.nextInt(1, 120)) {
                double value = random.nextInt(1_000);
                all.add(new Reading(second, value));
                assertTrue(store.add("s", Metric.POWER_WATTS, second, value));
            }
            long from = START + random.nextInt(200_000);
            long to = from + random.nextInt(1, 100_000);
            for (var point : store.between("s", Metric.POWER_WATTS, from, to)) {
                long length = point.count() == 1 && at(all, point.second()) ? 1 : step(all, from, point.second());
                var within = all.stream()
                        .filter(r -> r.second() >= point.second() && r.second() < point.second() + length)
                        .mapToDouble(Reading::value)
                        .summaryStatistics();
                assertEquals(
                        new Point(point.second(), within.getMin(), within.getAverage(), within.getMax(), (int)
                                within.getCount()),
                        point);
            }
            // The last hour as it came, and nothing missing of it.
            int raw = Math.min(120, all.size());
            var last = all.subList(all.size() - raw, all.size());
            assertEquals(
                    last.stream()
                            .map(r -> new Point(r.second(), r.value(), r.value(), r.value(), 1))
                            .toList(),
                    store.between("s", Metric.POWER_WATTS, last.getFirst().second(), Long.MAX_VALUE));
        });
    }

    private static boolean at(List<Reading> all, long second) {
        return all.stream().anyMatch(r -> r.second() == second);
    }

    /// Five minutes while the ring of 576 steps reaches back to `from`, else an hour.
    private static long step(List<Reading> all, long from, long start) {
        long steps =
                all.stream().map(r -> Math.floorDiv(r.second(), 300)).distinct().count();
        var kept = all.stream()
                .map(r -> Math.floorDiv(r.second(), 300))
                .distinct()
                .sorted()
                .skip(Math.max(0, steps - 576))
                .findFirst();
        boolean fine = steps <= 576 || kept.orElseThrow() * 300 <= from;
        return fine || start % 3600 != 0 ? 300 : 3600;
    }

    @Test
    void whatCannotBeIsRefusedAndCounted() {
        assertTrue(readings.add("s", Metric.POWER_WATTS, now, 100));
        assertFalse(readings.add("s", Metric.POWER_WATTS, now + 1, Double.NaN));
        assertFalse(readings.add("s", Metric.POWER_WATTS, now + 1, -5));
        assertFalse(readings.add("s", Metric.INLET_CELSIUS, now + 1, 4_000));
        assertFalse(readings.add("s", Metric.POWER_WATTS, now + 3_600, 100));
        assertFalse(readings.add("s", Metric.POWER_WATTS, now, 101));
        assertFalse(readings.add("s", Metric.POWER_WATTS, now - 500, 101));
        assertEquals(1, readings.refused(Refusal.NOT_A_NUMBER));
        assertEquals(2, readings.refused(Refusal.IMPOSSIBLE));
        assertEquals(1, readings.refused(Refusal.FROM_THE_FUTURE));
        assertEquals(2, readings.refused(Refusal.NOT_LATER));
        assertEquals(100, readings.fresh("s", Metric.POWER_WATTS).orElseThrow());
    }

    @Test
    void aSilentMachineCountsAsDrawingAllItCan() {
        assertEquals(10_200, readings.powerWatts("s", 10_200));
        readings.add("s", Metric.POWER_WATTS, now, 900);
        assertEquals(900, readings.powerWatts("s", 10_200));
        now += 91;
        assertEquals(10_200, readings.powerWatts("s", 10_200));
    }

    @Test
    void alarmsWaitAndTrembleOnceAndOutlastSilence() {
        var alarms = new Alarms(
                readings, List.of(new Rule(Metric.GPU_CELSIUS, 85, 80, 60)), () -> Instant.ofEpochSecond(now));
        assertEquals("[]", celsius(alarms, 90).toString(), "not yet a minute");
        now += 60;
        assertEquals(1, celsius(alarms, 91).size());
        now += 30;
        assertEquals(1, celsius(alarms, 82).size(), "between the limits it stands");
        now += 1_000;
        var silent = alarms.look(List.of("s"));
        assertEquals(
                List.of("GPU_CELSIUS", "SILENT"),
                silent.stream().map(Alarm::what).toList());
        assertEquals("[]", celsius(alarms, 79).toString());
    }

    private List<Alarm> celsius(Alarms alarms, double value) {
        readings.add("s", Metric.GPU_CELSIUS, now, value);
        return alarms.look(List.of("s"));
    }

    @Test
    void dcgmsBlanksAreNoReadings() {
        var page = PrometheusText.parse("""
                # HELP DCGM_FI_DEV_GPU_TEMP GPU temperature (in C).
                # TYPE DCGM_FI_DEV_GPU_TEMP gauge
                DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-1",Hostname="a \\"b\\""} 61
                DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-2"} 64 1800000000000
                DCGM_FI_DEV_GPU_UTIL{gpu="0"} 30
                DCGM_FI_DEV_GPU_UTIL{gpu="1"} 50
                DCGM_FI_DEV_GPU_UTIL{gpu="2"} 9223372036854775794
                DCGM_FI_DEV_FB_USED{gpu="0"} 2147483632
                DCGM_FI_DEV_FB_USED{gpu="1"} 1024
                DCGM_FI_DEV_X{gpu="0} 1
                node_bytes 2147483632
                nonsense
                """);
        assertEquals(6, page.samples().size());
        assertEquals(2, page.blank());
        assertEquals(2, page.unreadable());
        assertEquals("a \"b\"", page.samples().getFirst().labels().get("Hostname"));
        assertEquals(3, PrometheusText.store(page, "s", now, readings));
        assertEquals(40, readings.fresh("s", Metric.GPU_PERCENT).orElseThrow());
        assertEquals(64, readings.fresh("s", Metric.GPU_CELSIUS).orElseThrow());
        assertEquals(1024, readings.fresh("s", Metric.GPU_MEMORY_MIB).orElseThrow());
    }
}
