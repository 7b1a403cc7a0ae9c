package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.util.List;

/// Too few witnesses have cosigned a checkpoint for the policy. It was not published; what was published
/// before stays in force, entries go on being acknowledged, and publishing may be tried again.
public final class NoQuorum extends IOException {
    private static final long serialVersionUID = 1;

    NoQuorum(long size, List<String> troubles) {
        super("the checkpoint of size " + size + " is not cosigned by enough witnesses"
                + (troubles.isEmpty() ? "" : ": " + String.join("; ", troubles)));
    }
}
