package org.diwan.engine.generate;

/// A generation that could not go on: the model computed something that is no number, or the
/// engine stopped on an error, which is the cause.
public final class EngineFailure extends RuntimeException {
    EngineFailure(String message) {
        super(message);
    }

    EngineFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
