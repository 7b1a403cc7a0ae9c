package org.diwan.engine.generate;

/// A token that could have been chosen.
///
/// @param logit as the model gave it; minus the `logSumExp` of the position it is the log
///     probability
public record Alternative(int id, float logit) {}
