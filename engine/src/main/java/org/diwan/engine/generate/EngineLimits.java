package org.diwan.engine.generate;

import org.diwan.engine.kernel.KvType;

/// How much an engine takes on, and how it keeps keys and values. Of all this results depend on
/// `cacheType` alone.
///
/// @param slots sequences that generate at the same time, 1 to [#MAX_SLOTS]
/// @param queue requests that may wait for a slot, 0 to [#MAX_QUEUE]; one more is [Overloaded]
/// @param tenantQueue of them, those of one tenant, 0 to `queue`
/// @param prefillChunk prompt tokens that one step takes on, all sequences together, 1 to
///     [#MAX_CHUNK]: larger is faster for prompts and longer between tokens of the others
/// @param drafts tokens that one step guesses ahead ([Drafts]), all sequences together, 0 (off) to
///     [#MAX_DRAFTS]
/// @param cacheBytes for keys and values of all texts together, 1 or more; where one text alone would
///     need more, contexts are that much shorter ([Engine#contextLength()])
/// @param cacheType how keys and values are kept
public record EngineLimits(
        int slots, int queue, int tenantQueue, int prefillChunk, int drafts, long cacheBytes, KvType cacheType) {
    public static final int MAX_SLOTS = 256;
    public static final int MAX_QUEUE = 65_536;
    public static final int MAX_CHUNK = 4_096;
    public static final int MAX_DRAFTS = 64;

    /// The part of the heap's limit that keys and values take where nothing else is said.
    private static final double CACHE_SHARE = 0.5;

    private static final int DRAFTS = 8;

    /// For a machine of few cores.
    public static final EngineLimits DEFAULT = new EngineLimits(8, 64, 32, 128, DRAFTS, cacheShare(), KvType.F16);

    public EngineLimits {
        check("slots", slots, 1, MAX_SLOTS);
        check("queue", queue, 0, MAX_QUEUE);
        check("tenantQueue", tenantQueue, 0, queue);
        check("prefillChunk", prefillChunk, 1, MAX_CHUNK);
        check("drafts", drafts, 0, MAX_DRAFTS);
        if (cacheBytes < 1) throw new IllegalArgumentException("cacheBytes " + cacheBytes + ", must be 1 or more");
    }

    /// One tenant may fill the queue; the rest as in [#DEFAULT].
    public EngineLimits(int slots, int queue, int prefillChunk) {
        this(slots, queue, queue, prefillChunk, DRAFTS, cacheShare(), KvType.F16);
    }

    public EngineLimits withTenantQueue(int requests) {
        return new EngineLimits(slots, queue, requests, prefillChunk, drafts, cacheBytes, cacheType);
    }

    public EngineLimits withDrafts(int tokens) {
        return new EngineLimits(slots, queue, tenantQueue, prefillChunk, tokens, cacheBytes, cacheType);
    }

    public EngineLimits withCacheBytes(long bytes) {
        return new EngineLimits(slots, queue, tenantQueue, prefillChunk, drafts, bytes, cacheType);
    }

    public EngineLimits withCacheType(KvType type) {
        return new EngineLimits(slots, queue, tenantQueue, prefillChunk, drafts, cacheBytes, type);
    }

    private static long cacheShare() {
        return (long) (Runtime.getRuntime().maxMemory() * CACHE_SHARE);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + ", must be " + least + " to " + most);
        }
    }
}
