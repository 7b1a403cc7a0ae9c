package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.store.Caller;
import org.jspecify.annotations.Nullable;

/// Who used how much: answers, tokens and, where there is a [Meter], the energy that they took.
///
/// Time is cut into intervals. An interval's energy is its draw times its length times PUE. Of it, what the
/// machine draws when it does nothing, for as long as it did nothing, is nobody's and is kept as *idle*. The rest
/// is shared among the answers by engine time: while n are in the engine, each is charged an n-th of every second
/// (waiting for a slot counts). So what answers took and what was idle add up to what was drawn, exactly but for
/// the rounding of doubles.
///
/// What is kept is since the start of the process. Safe to share between threads.
final class UsageBook {
    /// Answers that are told one by one, per tenant: the latest.
    static final int MAX_ANSWERS = 100;

    /// Accounts of tenant, key and model; more are counted together under the key `other`.
    static final int MAX_ACCOUNTS = 100_000;

    private static final double JOULES_PER_WATT_HOUR = 3600;

    /// For whom and by which model.
    private record Account(String tenant, String key, String model) {}

    /// Sums of an account, or of one answer. Guarded by the book.
    private static final class Sum {
        private long answers;
        private long promptTokens;
        private long completionTokens;
        private double joules;
        private double grams;

        /// Engine seconds in the interval that is not closed yet.
        private double seconds;

        private void charge(double joules, double grams) {
            this.joules += joules;
            this.grams += grams;
        }
    }

    private static final class Told {
        private final String receipt;
        private final String model;
        private final Sum sum = new Sum();

        Told(String receipt, String model) {
            this.receipt = receipt;
            this.model = model;
        }
    }

    /// One answer while it is in the engine.
    final class Work implements AutoCloseable {
        private final String tenant;
        private final Sum account;
        private final Told told;

        private Work(String tenant, Sum account, Told told) {
            this.tenant = tenant;
            this.account = account;
            this.told = told;
        }

        /// It has left the engine, and took and gave so many tokens.
        void end(int prompt, int completion) {
            synchronized (UsageBook.this) {
                close();
                count(account, prompt, completion);
                count(told.sum, prompt, completion);
            }
        }

        /// It has left the engine, with an answer or without one.
        @Override
        public void close() {
            synchronized (UsageBook.this) {
                advance();
                if (!working.remove(this)) return;
                var latest = answers.computeIfAbsent(tenant, unseen -> new ArrayDeque<>());
                latest.addLast(told);
                if (latest.size() > MAX_ANSWERS) latest.removeFirst();
            }
        }
    }

    private final @Nullable Meter meter;
    private final Instant since;
    private final LongSupplier nanos;
    private final Map<Account, Sum> accounts = new LinkedHashMap<>();
    private final Map<String, ArrayDeque<Told>> answers = new LinkedHashMap<>();
    private final List<Work> working = new ArrayList<>();

    /// Everything with engine time in the open interval.
    private final List<Sum> busy = new ArrayList<>();

    private final Sum idle = new Sum();
    private double busySeconds;
    private double unmeasuredSeconds;
    private long opened;
    private long advanced;

    /// @param nanos the time that passes, as [System#nanoTime]
    UsageBook(@Nullable Meter meter, Instant since, LongSupplier nanos) {
        this.meter = meter;
        this.since = since;
        this.nanos = nanos;
        opened = nanos.getAsLong();
        advanced = opened;
    }

    /// `model` begins to work on the answer that `receipt` proves.
    synchronized Work begin(Caller caller, String model, String receipt) {
        advance();
        String tenant = caller.tenant().id();
        var work = new Work(tenant, account(tenant, caller.key(), model), new Told(receipt, model));
        working.add(work);
        return work;
    }

    /// An answer that was given elsewhere: tokens are counted, its energy is not known.
    synchronized void elsewhere(Caller caller, String model, int prompt, int completion) {
        count(account(caller.tenant().id(), caller.key(), model), prompt, completion);
    }

    private Sum account(String tenant, String key, String model) {
        var account = new Account(tenant, key, model);
        if (accounts.size() >= MAX_ACCOUNTS && !accounts.containsKey(account))
            account = new Account(tenant, "other", "other");
        return accounts.computeIfAbsent(account, unseen -> new Sum());
    }

    private static void count(Sum sum, int prompt, int completion) {
        sum.answers++;
        sum.promptTokens += prompt;
        sum.completionTokens += completion;
    }

    /// Shares the time since the last event among those in the engine.
    private void advance() {
        long now = nanos.getAsLong();
        double seconds = (now - advanced) / 1e9;
        advanced = now;
        if (meter == null || working.isEmpty() || seconds <= 0) return;
        busySeconds += seconds;
        for (var work : working) {
            charge(work.account, seconds / working.size());
            charge(work.told.sum, seconds / working.size());
        }
    }

    private void charge(Sum sum, double seconds) {
        if (sum.seconds == 0) busy.add(sum);
        sum.seconds += seconds;
    }

    /// Closes the interval: asks the meter and shares out its energy.
    synchronized void tick() {
        advance();
        double seconds = (advanced - opened) / 1e9;
        opened = advanced;
        if (meter != null && seconds > 0) share(meter.now(), seconds);
        for (var sum : busy) sum.seconds = 0;
        busy.clear();
        busySeconds = 0;
    }

    private void share(Meter.Draw draw, double seconds) {
        double joules = draw.watts() * seconds * draw.pue();
        double gramsPerJoule = draw.gramsPerKwh() / 3.6e6;
        if (!draw.measured()) unmeasuredSeconds += seconds;
        double unused = busySeconds == 0
                ? joules
                : Math.min(joules, draw.idleWatts() * draw.pue() * Math.max(0, seconds - busySeconds));
        idle.charge(unused, unused * gramsPerJoule);
        for (var sum : busy) {
            double share = (joules - unused) * sum.seconds / busySeconds;
            sum.charge(share, share * gramsPerJoule);
        }
    }

    /// What `tenant` used until now. Idle energy and other tenants are the operator's to see.
    synchronized ObjectNode usage(String tenant, boolean operator) {
        tick();
        var body = Json.object();
        body.put("object", "usage");
        body.put("since", since.toString());
        body.put("metered", meter != null);
        if (operator && meter != null) {
            energy(body.putObject("idle"), idle);
            body.put("unmeasured_seconds", unmeasuredSeconds);
        }
        ArrayNode list = body.putArray("accounts");
        accounts.forEach((account, sum) -> {
            if (!operator && !account.tenant().equals(tenant)) return;
            var node = list.addObject();
            if (operator) node.put("tenant", account.tenant());
            node.put("key", account.key());
            node.put("model", account.model());
            sums(node, sum);
        });
        ArrayNode latest = body.putArray("answers");
        for (var told : answers.getOrDefault(tenant, new ArrayDeque<>())) {
            var node = latest.addObject();
            node.put("receipt", told.receipt);
            node.put("model", told.model);
            sums(node, told.sum);
        }
        return body;
    }

    private void sums(ObjectNode node, Sum sum) {
        node.put("answers", sum.answers);
        node.put("prompt_tokens", sum.promptTokens);
        node.put("completion_tokens", sum.completionTokens);
        if (meter != null) energy(node, sum);
    }

    private static void energy(ObjectNode node, Sum sum) {
        node.put("watt_hours", sum.joules / JOULES_PER_WATT_HOUR);
        node.put("grams_co2", sum.grams);
    }
}
