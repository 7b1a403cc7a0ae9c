package org.diwan.engine.generate;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Who is next. Every tenant has a queue of its own and a counter of the tokens it has been served;
/// the waiting tenant with the smallest counter comes first: virtual token counters (Sheng et al.
/// 2024, "Fairness in serving large language models", alg. 2). A tenant that comes back after a
/// while starts at the smallest counter of those who are active: being absent saves nothing up.
///
/// Counters alone bound nothing when one tenant's long answers hold all slots. So a running slot is
/// put off for a waiting tenant ([#yields]) that has been served no more, where slots become more
/// evenly shared by it; and where there are more tenants than slots, when its tenant is
/// [#QUANTUM] tokens ahead. The one who is put off then holds fewer slots or has been served more, so
/// no two tenants take a slot from each other in turns shorter than a quantum.
///
/// Guarded by the engine's lock.
final class Tenants {
    /// By how many tokens a tenant may be ahead of one that waits for its slot.
    static final int QUANTUM = 512;

    /// Counters of absent tenants that are kept; beyond, the smallest are forgotten.
    private static final int MAX_ABSENT = 4_096;

    /// One tenant.
    private static final class Tenant {
        final Deque<Slot> waiting = new ArrayDeque<>();
        int running;
        long served;

        boolean active() {
            return running > 0 || !waiting.isEmpty();
        }
    }

    private final Map<String, Tenant> tenants = new LinkedHashMap<>();
    private int waiting;

    int waiting() {
        return waiting;
    }

    int waiting(String tenant) {
        @Nullable Tenant known = tenants.get(tenant);
        return known == null ? 0 : known.waiting.size();
    }

    int running(String tenant) {
        return of(tenant).running;
    }

    /// Queues a new request behind those of its tenant.
    void add(Slot slot) {
        Tenant tenant = arrive(slot.tenant());
        tenant.waiting.add(slot);
        waiting++;
    }

    /// Queues a request that was put off, before those of its tenant.
    void putOff(Slot slot) {
        Tenant tenant = of(slot.tenant());
        tenant.running--;
        tenant.waiting.push(slot);
        waiting++;
    }

    /// Drops the requests that have ended while they waited.
    void dropEnded() {
        for (Iterator<Tenant> each = tenants.values().iterator(); each.hasNext(); ) {
            Tenant tenant = each.next();
            int before = tenant.waiting.size();
            tenant.waiting.removeIf(slot -> slot.generation.ended());
            waiting -= before - tenant.waiting.size();
        }
    }

    /// The request that is next, or null where nobody waits. It stays in its queue until [#enter].
    @Nullable
    Slot next() {
        @Nullable Tenant least = null;
        for (Tenant tenant : tenants.values()) {
            if (!tenant.waiting.isEmpty() && (least == null || before(tenant, least))) least = tenant;
        }
        return least == null ? null : least.waiting.element();
    }

    /// Equals go in the order of their requests.
    private static boolean before(Tenant a, Tenant b) {
        if (a.served != b.served) return a.served < b.served;
        return a.waiting.element().number < b.waiting.element().number;
    }

    /// The request that [#next] gave begins to run.
    void enter(Slot slot) {
        Tenant tenant = of(slot.tenant());
        Slot first = tenant.waiting.remove();
        assert first == slot : "requests of a tenant run in order";
        waiting--;
        tenant.running++;
    }

    /// A request that ran has ended.
    void leave(Slot slot) {
        of(slot.tenant()).running--;
    }

    /// A step served `tokens` to a tenant.
    void charge(String tenant, int tokens) {
        of(tenant).served += tokens;
    }

    long served(String tenant) {
        return of(tenant).served;
    }

    /// Which of the running slots is put off so that `next` can run: the youngest of the tenant that
    /// has been served most; null where none has to yield.
    @Nullable
    Slot yields(Slot next, Collection<Slot> running) {
        Tenant waits = of(next.tenant());
        @Nullable Slot victim = null;
        for (Slot slot : running) {
            Tenant tenant = of(slot.tenant());
            boolean evener = waits.running + 1 < tenant.running && waits.served <= tenant.served;
            boolean ahead = tenant.served > waits.served + QUANTUM && waits.running < tenant.running;
            if (tenant == waits || !(evener || ahead)) continue;
            if (victim == null || comesAfter(slot, victim)) victim = slot;
        }
        return victim;
    }

    private boolean comesAfter(Slot a, Slot b) {
        long servedA = of(a.tenant()).served;
        long servedB = of(b.tenant()).served;
        return servedA != servedB ? servedA > servedB : a.number > b.number;
    }

    /// All requests that wait; afterwards none does.
    List<Slot> clear() {
        List<Slot> all = tenants.values().stream()
                .flatMap(tenant -> tenant.waiting.stream())
                .toList();
        tenants.clear();
        waiting = 0;
        return all;
    }

    private Tenant arrive(String name) {
        forget();
        @Nullable Tenant known = tenants.get(name);
        if (known != null && known.active()) return known;
        long least = tenants.values().stream()
                .filter(Tenant::active)
                .mapToLong(tenant -> tenant.served)
                .min()
                .orElse(0);
        Tenant tenant = known != null ? known : new Tenant();
        tenant.served = Math.max(tenant.served, least);
        tenants.put(name, tenant);
        return tenant;
    }

    /// Forgets absent tenants: all of them when nobody is active, those whose counter no longer says
    /// anything, and the smallest beyond [#MAX_ABSENT].
    private void forget() {
        if (tenants.size() <= 1) return;
        long least = tenants.values().stream()
                .filter(Tenant::active)
                .mapToLong(tenant -> tenant.served)
                .min()
                .orElse(Long.MAX_VALUE);
        tenants.values().removeIf(tenant -> !tenant.active() && tenant.served <= least);
        if (tenants.size() <= MAX_ABSENT) return;
        Queue<Map.Entry<String, Tenant>> absent = new ArrayDeque<>(tenants.entrySet().stream()
                .filter(entry -> !entry.getValue().active())
                .sorted((a, b) -> Long.compare(a.getValue().served, b.getValue().served))
                .toList());
        while (tenants.size() > MAX_ABSENT && !absent.isEmpty())
            tenants.remove(absent.remove().getKey());
    }

    private Tenant of(String name) {
        @Nullable Tenant tenant = tenants.get(name);
        if (tenant == null) throw new AssertionError("tenant " + name + " has neither waited nor run");
        return tenant;
    }
}
