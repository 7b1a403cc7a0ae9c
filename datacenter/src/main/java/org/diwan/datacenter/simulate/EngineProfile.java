package org.diwan.datacenter.simulate;

/// How fast one replica is and what it draws, at full clock; a replica is one server here.
///
/// Prefill is bound by arithmetic: its time grows as the clock falls. Decoding is bound by memory: it
/// hardly notices. Dynamic power falls with the clock to the power of [#POWER_EXPONENT]. The shape follows
/// Patel et al., "Characterizing Power Management Opportunities for LLMs in the Cloud" (ASPLOS 2024); the
/// numbers are ours, and a measured profile can take their place.
///
/// @param prefillTokensPerSecond of one prompt after the other
/// @param stepMillis one decoding step of one sequence
/// @param sequenceMillis added to a step by each further sequence
/// @param batch most sequences at once
/// @param kvTokens most tokens of all sequences together
/// @param idleWatts drawn when on
/// @param decodeWatts drawn while decoding a full batch
/// @param prefillWatts drawn during prefill
public record EngineProfile(
        double prefillTokensPerSecond,
        double stepMillis,
        double sequenceMillis,
        int batch,
        int kvTokens,
        double idleWatts,
        double decodeWatts,
        double prefillWatts) {
    /// Eight H100s with a dense model of 70 billion weights in FP8, in round numbers.
    public static final EngineProfile DGX_70B =
            new EngineProfile(24_000, 18, 0.12, 128, 1_200_000, 2_000, 6_200, 9_400);

    private static final double POWER_EXPONENT = 1.3;

    /// How much of a decoding step scales with the clock.
    private static final double DECODE_SHARE = 0.1;

    public EngineProfile {
        if (!(prefillTokensPerSecond > 0) || !(stepMillis > 0) || !(sequenceMillis >= 0) || batch < 1 || kvTokens < 1)
            throw new IllegalArgumentException("an engine's speeds, batch and kvTokens must be above 0");
        if (!(idleWatts >= 0 && idleWatts <= decodeWatts && decodeWatts <= prefillWatts))
            throw new IllegalArgumentException("%s, %s, %s must be 0 ≤ idle ≤ decode ≤ prefill watts"
                    .formatted(idleWatts, decodeWatts, prefillWatts));
    }

    /// Seconds to read `tokens` at `clock`, a share of full speed in `(0, 1]`.
    double prefillSeconds(int tokens, double clock) {
        return tokens / (prefillTokensPerSecond * clock);
    }

    /// Seconds of one decoding step of `sequences` at `clock`.
    double stepSeconds(int sequences, double clock) {
        return (stepMillis + sequenceMillis * (sequences - 1)) / 1000 * (1 + DECODE_SHARE * (1 / clock - 1));
    }

    double prefillWatts(double clock) {
        return idleWatts + (prefillWatts - idleWatts) * StrictMath.pow(clock, POWER_EXPONENT);
    }

    /// Most of what decoding draws is there with the first sequences: half at once, the rest with the batch.
    double decodeWatts(int sequences, double clock) {
        if (sequences == 0) return idleWatts;
        double share = 0.5 + 0.5 * Math.min(1, (double) sequences / batch);
        return idleWatts + (decodeWatts - idleWatts) * share * StrictMath.pow(clock, POWER_EXPONENT);
    }
}
