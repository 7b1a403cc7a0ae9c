package org.diwan.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.diwan.base.Seeded;
import org.diwan.cloud.store.Caller;
import org.diwan.cloud.store.Tenant;
import org.junit.jupiter.api.Test;

/// Oracles: energy is conserved, whatever happens; small cases worked out by hand.
class UsageBookTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final AtomicReference<Meter.Draw> draw = new AtomicReference<>(new Meter.Draw(1000, 400, 1.5, 500, true));

    private UsageBook book() {
        return new UsageBook(draw::get, Instant.EPOCH, nanos::get);
    }

    private static Caller caller(String tenant, String key) {
        return new Caller(new Tenant(tenant, "t-" + tenant), key, "");
    }

    private void pass(double seconds) {
        nanos.addAndGet(Math.round(seconds * 1e9));
    }

    private static double sum(JsonNode list, String field) {
        double sum = 0;
        for (var one : list) sum += one.path(field).doubleValue();
        return sum;
    }

    /// 100 s at 1,000 W and PUE 1.5 are 150 kJ. For 60 s it did nothing: 400 W × 60 s × 1.5 are idle, 36 kJ. Of
    /// the other 114 kJ, a was alone for 20 s and shared 20 s with b: 30 s and 10 s of 40 s.
    @Test
    void energyIsSharedByEngineTime() {
        var book = book();
        var a = book.begin(caller("a", "k-a"), "m", "r-a");
        pass(20);
        var b = book.begin(caller("b", "k-b"), "m", "r-b");
        pass(20);
        a.end(10, 5);
        b.end(1, 2);
        pass(60);
        book.tick();
        var usage = book.usage("a", true);
        assertEquals(10, usage.path("idle").path("watt_hours").doubleValue(), 1e-9);
        assertEquals(5, usage.path("idle").path("grams_co2").doubleValue(), 1e-9);
        assertEquals(
                114_000.0 / 3600 * 0.75,
                usage.path("accounts").path(0).path("watt_hours").doubleValue(),
                1e-9);
        assertEquals(
                114_000.0 / 3600 * 0.25,
                usage.path("accounts").path(1).path("watt_hours").doubleValue(),
                1e-9);
        var own = book.usage("b", false);
        assertEquals(1, own.path("accounts").size());
        assertEquals(2, own.path("accounts").path(0).path("completion_tokens").intValue());
        assertEquals("r-b", own.path("answers").path(0).path("receipt").textValue());
        assertFalse(own.has("idle"), "what is idle is the operator's to see");
    }

    /// Answers and idle together are what was drawn; tenants together are the answers; the same in grams.
    @Test
    void nothingIsLostAndNothingIsInvented() {
        Seeded.forAll(300, random -> {
            var book = book();
            var open = new ArrayList<UsageBook.Work>();
            double joules = 0;
            double grams = 0;
            double interval = 0;
            int begun = 0;
            for (int event = 0; event < 60; event++) {
                double seconds = random.nextInt(4) == 0 ? 0 : random.nextDouble(20);
                pass(seconds);
                interval += seconds;
                switch (random.nextInt(3)) {
                    case 0 ->
                        open.add(book.begin(
                                caller("t" + random.nextInt(3), "k" + random.nextInt(2)),
                                "m" + random.nextInt(2),
                                "r-" + begun++));
                    case 1 -> {
                        if (!open.isEmpty())
                            open.remove(random.nextInt(open.size())).close();
                    }
                    default -> {
                        double watts = random.nextDouble(5000);
                        draw.set(new Meter.Draw(
                                watts, random.nextDouble(3000), 1 + random.nextDouble(), random.nextInt(900), true));
                        book.tick();
                        joules += watts * interval * draw.get().pue();
                        grams += watts
                                * interval
                                * draw.get().pue()
                                / 3.6e6
                                * draw.get().gramsPerKwh();
                        interval = 0;
                    }
                }
            }
            open.forEach(UsageBook.Work::close);
            pass(1);
            interval += 1;
            book.tick();
            joules += draw.get().watts() * interval * draw.get().pue();
            grams += draw.get().watts()
                    * interval
                    * draw.get().pue()
                    / 3.6e6
                    * draw.get().gramsPerKwh();
            var usage = book.usage("t0", true);
            double idle = usage.path("idle").path("watt_hours").doubleValue();
            double used = sum(usage.path("accounts"), "watt_hours");
            assertEquals(joules / 3600, idle + used, 1e-6 * (1 + joules / 3600));
            assertEquals(
                    grams,
                    usage.path("idle").path("grams_co2").doubleValue() + sum(usage.path("accounts"), "grams_co2"),
                    1e-6 * (1 + grams));
            double tenants = 0;
            for (int t = 0; t < 3; t++) {
                var own = book.usage("t" + t, false);
                double account = sum(own.path("accounts"), "watt_hours");
                assertEquals(account, sum(own.path("answers"), "watt_hours"), 1e-6 * (1 + account));
                tenants += account;
            }
            assertEquals(used, tenants, 1e-6 * (1 + used));
            assertTrue(idle >= 0);
        });
    }

    @Test
    void withoutAMeterTokensAreCountedAndNoEnergyIsClaimed() {
        var book = new UsageBook(null, Instant.EPOCH, nanos::get);
        try (var work = book.begin(caller("a", "k"), "m", "r")) {
            work.end(3, 4);
        }
        book.elsewhere(caller("a", "k"), "up/m", 5, 6);
        pass(10);
        book.tick();
        var usage = book.usage("a", false);
        assertFalse(usage.path("metered").booleanValue());
        assertEquals(8, sum(usage.path("accounts"), "prompt_tokens"));
        assertFalse(usage.path("accounts").path(0).has("watt_hours"));
    }

    @Test
    void onlyTheLatestAnswersAreToldOneByOne() {
        var book = book();
        for (int i = 0; i < 2 * UsageBook.MAX_ANSWERS; i++)
            book.begin(caller("a", "k"), "m", "r-" + i).close();
        var answers = book.usage("a", false).path("answers");
        assertEquals(UsageBook.MAX_ANSWERS, answers.size());
        assertEquals(
                "r-" + UsageBook.MAX_ANSWERS, answers.path(0).path("receipt").textValue());
    }
}
