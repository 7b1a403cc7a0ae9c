package org.diwan.sovereignty.ledger;

import java.io.IOException;

/// More appends wait than the queue holds. Nothing was written; the same append may be tried again
/// when others have finished (over HTTP: 503 with Retry-After).
public final class Overloaded extends IOException {
    private static final long serialVersionUID = 1;

    Overloaded(int limit) {
        super("the ledger's queue is full: " + limit + " appends already wait; try again in a second");
    }
}
