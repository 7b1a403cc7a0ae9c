package org.diwan.robots.record;

import java.io.IOException;
import org.diwan.sovereignty.vault.Vault;

/// Words in a tenant's vault, where no gateway looks after it.
public record VaultSealing(Vault vault, String tenant) implements Sealing {
    /// What words are called among the parts of a record.
    public static final String PART = "words";

    @Override
    public byte[] seal(String id, String person, byte[] plain) throws IOException {
        String about = person.isEmpty() ? Vault.NOBODY : Vault.person(tenant, person);
        return vault.sealNew(tenant, about, id, PART, plain);
    }

    @Override
    public byte[] open(String id, byte[] sealed) throws IOException {
        return vault.open(tenant, id, PART, sealed);
    }
}
