package org.diwan.engine.generate;

/// A queue is full, the engine's or the tenant's: nothing of the request was kept; try again when
/// others have finished.
public final class Overloaded extends RuntimeException {
    Overloaded(String whose, int queue) {
        super("all slots are taken and " + queue + " requests " + whose + " wait, which is the limit; try again later");
    }
}
