package org.diwan.engine.generate;

/// How much an engine takes on. Results do not depend on it.
///
/// @param slots sequences that generate at the same time, 1 to [#MAX_SLOTS]
/// @param queue requests that may wait for a slot, 0 to [#MAX_QUEUE]; one more is [Overloaded]
/// @param prefillChunk prompt tokens that one step takes on, all sequences together, 1 to
///     [#MAX_CHUNK]: larger is faster for prompts and longer between tokens of the others
public record EngineLimits(int slots, int queue, int prefillChunk) {
    public static final int MAX_SLOTS = 256;
    public static final int MAX_QUEUE = 65_536;
    public static final int MAX_CHUNK = 4_096;

    /// For a machine of few cores.
    public static final EngineLimits DEFAULT = new EngineLimits(8, 64, 128);

    public EngineLimits {
        check("slots", slots, 1, MAX_SLOTS);
        check("queue", queue, 0, MAX_QUEUE);
        check("prefillChunk", prefillChunk, 1, MAX_CHUNK);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + ", must be " + least + " to " + most);
        }
    }
}
