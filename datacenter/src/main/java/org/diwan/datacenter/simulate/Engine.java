package org.diwan.datacenter.simulate;

import java.util.ArrayDeque;
import java.util.Arrays;

/// One replica with continuous batching, step by step: a waiting prompt is read as soon as there is room
/// for it, else all running sequences take one token. While nothing arrives and none ends, steps are all
/// alike and are taken together.
final class Engine {
    private final EngineProfile profile;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(int request, int promptTokens, int unread, int answerTokens) {}

    private final int[] request;
    private final int[] left;
    private final int[] held;
    private int running;
    private long kvTokens;

    /// Seconds of work that waits: prompts not yet read.
    private double waitingTokens;

    /// What the engine does from now until its next event.
    double until = Double.POSITIVE_INFINITY;

    double watts;
    double clock = 1;
    private int steps;
    private int reading = -1;

    Engine(EngineProfile profile) {
        this.profile = profile;
        this.request = new int[profile.batch()];
        this.left = new int[profile.batch()];
        this.held = new int[profile.batch()];
        this.watts = profile.idleWatts();
    }

    /// Puts a request in line. `unread` tokens of its prompt are in no cache.
    void add(int id, int promptTokens, int unread, int answerTokens) {
        waiting.add(new Waiting(id, promptTokens, unread, Math.max(1, answerTokens)));
        waitingTokens += unread;
    }

    boolean idle() {
        return until == Double.POSITIVE_INFINITY;
    }

    /// Seconds until a new prompt would be read, if the clock stays.
    double backlogSeconds() {
        return waitingTokens / (profile.prefillTokensPerSecond() * clock);
    }

    int load() {
        return running + waiting.size();
    }

    /// Begins what comes next at `now`; at most until `horizon` where steps can be cut.
    void begin(double now, double horizon) {
        var next = waiting.peek();
        if (next != null && running < request.length && fits(next)) {
            waiting.remove();
            waitingTokens -= next.unread();
            reading = running;
            request[running] = next.request();
            left[running] = next.answerTokens();
            held[running] = next.promptTokens();
            kvTokens += (long) next.promptTokens() + next.answerTokens();
            running++;
            steps = 0;
            until = now + profile.prefillSeconds(next.unread(), clock);
            watts = profile.prefillWatts(clock);
        } else if (running > 0) {
            reading = -1;
            double step = profile.stepSeconds(running, clock);
            steps = Math.max(1, (int) Math.min(least(), Math.ceil((horizon - now) / step)));
            until = now + steps * step;
            watts = profile.decodeWatts(running, clock);
        } else {
            until = Double.POSITIVE_INFINITY;
            watts = profile.idleWatts();
        }
    }

    /// A prompt longer than the whole memory is read alone rather than never.
    private boolean fits(Waiting next) {
        return running == 0 || kvTokens + next.promptTokens() + next.answerTokens() <= profile.kvTokens();
    }

    private int least() {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < running; i++) least = Math.min(least, left[i]);
        return least;
    }

    /// Tells `ledger` what has come of the step that ends now.
    void end(double now, Ledger ledger) {
        if (reading >= 0) {
            ledger.first(request[reading], now);
            take(reading, 1, now, ledger);
            reading = -1;
            return;
        }
        for (int i = running - 1; i >= 0; i--) take(i, steps, now, ledger);
    }

    private void take(int i, int tokens, double now, Ledger ledger) {
        left[i] -= tokens;
        if (left[i] > 0) return;
        ledger.last(request[i], now);
        kvTokens -= held[i] + ledger.answerTokens(request[i]);
        running--;
        request[i] = request[running];
        left[i] = left[running];
        held[i] = held[running];
    }

    /// Where times are written down.
    interface Ledger {
        void first(int request, double now);

        void last(int request, double now);

        /// At least 1.
        int answerTokens(int request);
    }

    @Override
    public String toString() {
        return running + " running " + Arrays.toString(Arrays.copyOf(left, running)) + ", " + waiting.size()
                + " waiting";
    }
}
