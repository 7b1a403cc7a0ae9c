package org.diwan.engine.generate;

/// The queue is full: nothing of the request was kept; try again when others have finished.
public final class Overloaded extends RuntimeException {
    Overloaded(int queue) {
        super("all slots are taken and " + queue + " requests wait, which is the limit; try again later");
    }
}
