package org.diwan.robots.record;

import java.io.IOException;

/// Where entries go and how it is shown that they are there; in production
/// [org.diwan.sovereignty.ledger.Ledger]. Any thread may call it, and may wait.
public interface EntryBook {
    /// The index of `entry`, which is on disk when this returns.
    long append(byte[] entry) throws IOException;

    /// The proof ([org.diwan.sovereignty.ledger.TlogProof]) that it is in the log, under a published checkpoint.
    String prove(long index) throws IOException;
}
