package org.diwan.robots.record;

import java.io.IOException;

/// Makes words unreadable but for whoever has the keys, and for everybody once those are destroyed. Any thread may
/// call it.
public interface Sealing {
    /// `plain`, sealed as the new record `id`.
    ///
    /// @param person whom it is about, as requests name it; empty for nobody
    byte[] seal(String id, String person, byte[] plain) throws IOException;

    /// What was sealed as the record `id`.
    ///
    /// @throws org.diwan.sovereignty.vault.ErasedException when its keys were destroyed
    /// @throws org.diwan.sovereignty.vault.SealBrokenException when it is not what was sealed
    byte[] open(String id, byte[] sealed) throws IOException;
}
