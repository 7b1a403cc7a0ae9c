package org.diwan.cloud;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.diwan.cloud.store.Tenant;

/// Keeps sealing and erasing of one tenant's texts apart: many seal at a time, or one erases.
///
/// What an erasure makes unreadable it names in the ledger, and an answer's entry stands before the
/// entry that says it is erased. Neither would hold if a record came between the naming and the
/// destruction. The price is that a tenant's requests wait while one of its erasures is written, one
/// append for each [org.diwan.cloud.receipt.ErasedEntry#MAX_RECEIPTS] receipts; other tenants do not notice.
final class SealingGate {
    /// A turn, which ends when the thread that took it closes it.
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    // One for each tenant that was ever heard of: the operator names them, clients cannot.
    private final Map<String, ReentrantReadWriteLock> tenants = new ConcurrentHashMap<>();

    /// Waits until nobody erases; what is sealed and entered before the turn ends is not erased before.
    Turn sealing(Tenant tenant) {
        return take(lock(tenant).readLock());
    }

    /// Waits until nobody seals or erases.
    Turn erasing(Tenant tenant) {
        return take(lock(tenant).writeLock());
    }

    private ReentrantReadWriteLock lock(Tenant tenant) {
        return tenants.computeIfAbsent(tenant.id(), id -> new ReentrantReadWriteLock());
    }

    private static Turn take(Lock lock) {
        lock.lock();
        return lock::unlock;
    }
}
