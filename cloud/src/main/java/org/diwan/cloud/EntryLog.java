package org.diwan.cloud;

import java.io.IOException;

/// Where entries go; in production [org.diwan.sovereignty.ledger.Ledger#append]. A test puts a full
/// disk here.
@FunctionalInterface
public interface EntryLog {
    /// The index of `entry`, which is on disk when this returns.
    long append(byte[] entry) throws IOException;
}
