package org.diwan.engine.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.diwan.engine.model.Batch;
import org.diwan.engine.model.Model;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.PagePool;
import org.diwan.engine.model.Sequence;
import org.jspecify.annotations.Nullable;

/// The slots of an engine and their steps. It has no thread and no lock, so that a test can count
/// steps: [#admit] fills slots from the queues, [#step] runs all of them once.
///
/// Memory. A request moves in when the pages of its text are there and one more for every slot that
/// runs, to grow into. Nothing is kept back for how long an answer may become: when a step lacks a
/// page, a slot is put off, the youngest of the tenant that has most, and goes on later by reading its
/// text again. The oldest is never put off for memory, and alone it always fits, so some request
/// always ends.
final class Batcher {
    private final Model model;
    private final EngineLimits limits;
    private final Batch batch;
    private final PagePool pool;
    private final PrefixCache cache;
    private final List<Slot> slots = new ArrayList<>();

    /// Served since the last [#admit], by tenant.
    private final Map<String, Integer> served = new HashMap<>();

    private final List<Slot> putOff = new ArrayList<>();

    /// @param pages that keys and values may take
    Batcher(Model model, EngineLimits limits, int pages) {
        this.model = model;
        this.limits = limits;
        int outputs = limits.slots() + limits.drafts();
        this.batch = model.batch(outputs + limits.prefillChunk(), outputs);
        this.pool = model.pool(limits.cacheType(), pages);
        this.cache = new PrefixCache(pool);
    }

    /// Slots that run.
    List<Slot> slots() {
        return slots;
    }

    /// Slots that the last step put off, which no queue has yet.
    List<Slot> putOff() {
        return putOff;
    }

    /// Pages that no text holds: free, or kept in case a text begins like an earlier one.
    int availablePages() {
        return cache.available();
    }

    /// Between steps: settles with the queues, lets go of what has ended and moves in who is next.
    void admit(Tenants tenants) {
        served.forEach(tenants::charge);
        served.clear();
        putOff.forEach(tenants::putOff);
        putOff.clear();
        leave(tenants);
        tenants.dropEnded();
        for (Slot next = tenants.next(); next != null; next = tenants.next()) {
            while (slots.size() == limits.slots() || !fits(next)) {
                @Nullable Slot victim = tenants.yields(next, slots);
                if (victim == null) return;
                stop(victim);
                tenants.putOff(victim);
            }
            tenants.enter(next);
            start(next);
        }
    }

    private void leave(Tenants tenants) {
        for (Iterator<Slot> each = slots.iterator(); each.hasNext(); ) {
            Slot slot = each.next();
            if (slot.generation.ended()) {
                each.remove();
                cache.release(slot.stop());
                tenants.leave(slot);
            }
        }
    }

    private boolean fits(Slot slot) {
        int known = known(slot);
        int needed = Math.ceilDiv(slot.text.count(), Page.POSITIONS) - known + cache.idle(slot.text, known);
        for (Slot running : slots) needed += running.pagesFor(running.unread()) + 1;
        return needed <= cache.available();
    }

    /// Pages at the start of a text that need not be computed. The last token must be read, to know
    /// what follows it.
    private int known(Slot slot) {
        return cache.known(slot.text, (slot.text.count() - 1) / Page.POSITIONS);
    }

    private void start(Slot slot) {
        Sequence sequence = pool.sequence();
        cache.adopt(sequence, slot.text, known(slot));
        slot.start(sequence, model.vocabularySize());
        slots.add(slot);
    }

    private void stop(Slot slot) {
        slots.remove(slot);
        cache.release(slot.stop());
    }

    /// One token of every decoding slot, with what it guesses after it, and up to `prefillChunk`
    /// tokens of the others; then every slot that got logits chooses its next tokens.
    void step() {
        plan();
        batch.clear();
        for (Slot slot : slots) slot.fill(batch);
        model.forward(batch);
        var answered = slots.stream().mapToInt(Slot::answered).toArray();
        // Samplers share nothing: each looks at its own rows.
        model.workers().run(slots.size(), i -> sample(slots.get(i)));
        for (int i = 0; i < answered.length; i++) {
            Slot slot = slots.get(i);
            served.merge(slot.tenant(), slot.settle(cache, answered[i]), Integer::sum);
        }
    }

    private void sample(Slot slot) {
        try {
            slot.sample(batch.logits(), model.vocabularySize());
        } catch (EngineFailure e) {
            slot.generation.fail(e);
        }
    }

    /// Says how many tokens each slot reads in this step, for which pages are free afterwards. Where
    /// they are not, guessing ends first, then slots are put off.
    private void plan() {
        int drafts = limits.drafts();
        while (true) {
            planDecode(drafts);
            planPrefill();
            if (cache.makeRoom(slots.stream().mapToInt(Slot::pagesPlanned).sum())) return;
            if (drafts > 0) {
                drafts = 0;
                continue;
            }
            Slot victim = leastEntitled();
            stop(victim);
            putOff.add(victim);
        }
    }

    /// The youngest slot of the tenant that has most of them, but never the oldest of all.
    private Slot leastEntitled() {
        assert slots.size() > 1 : "one text alone fits the pool";
        long oldest = slots.stream().mapToLong(slot -> slot.number).min().orElseThrow();
        Map<String, Long> held = slots.stream().collect(Collectors.groupingBy(Slot::tenant, Collectors.counting()));
        return slots.stream()
                .filter(slot -> slot.number != oldest)
                .max(Comparator.<Slot>comparingLong(slot -> held.getOrDefault(slot.tenant(), 0L))
                        .thenComparingLong(slot -> slot.number))
                .orElseThrow();
    }

    private void planDecode(int drafts) {
        int decoding = (int) slots.stream().filter(Slot::decoding).count();
        for (Slot slot : slots) if (slot.decoding()) slot.planToken(drafts / decoding);
    }

    /// Each tenant gets an equal part of the chunk, and what one leaves over goes to the next; within
    /// a tenant the oldest comes first.
    private void planPrefill() {
        var tenants = slots.stream()
                .filter(slot -> !slot.decoding())
                .sorted(Comparator.comparingLong(slot -> slot.number))
                .collect(Collectors.groupingBy(Slot::tenant, LinkedHashMap::new, Collectors.toList()));
        int room = limits.prefillChunk();
        int left = tenants.size();
        for (List<Slot> tenant : tenants.values()) {
            int part = Math.ceilDiv(room, left--);
            for (Slot slot : tenant) {
                int count = slot.planUnread(part);
                part -= count;
                room -= count;
            }
        }
    }
}
