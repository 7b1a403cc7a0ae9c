package org.diwan.sovereignty.vault;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Where wrapped keys lie. Whoever steals it has nothing without the root keys; whoever has the root
/// keys has nothing without it. So what is gone from here is gone: a shelf keeps no old copies, and its
/// backups must be as easy to destroy as it is. Safe to share between threads; every change is durable
/// when its method returns.
public interface KeyShelf extends AutoCloseable {
    /// A key, wrapped by the root key named `root`.
    @SuppressWarnings("ArrayRecordComponent") // carried between shelf and vault, never compared
    record TenantKey(String root, byte[] wrapped) {}

    /// The key of a record, wrapped by its person's.
    @SuppressWarnings("ArrayRecordComponent") // as above
    record RecordKey(String tenant, String person, byte[] wrapped) {}

    /// Wraps a person's key another way.
    @FunctionalInterface
    interface Rewrap {
        byte[] rewrap(String person, byte[] wrapped);
    }

    Optional<TenantKey> tenantKey(String tenant) throws IOException;

    /// Keeps `key` unless the tenant has one.
    ///
    /// @return the one that it has now
    TenantKey addTenantKey(String tenant, TenantKey key) throws IOException;

    Optional<byte[]> personKey(String tenant, String person) throws IOException;

    /// Keeps `wrapped` unless the person has a key. Keys of records that are left of an erased person of
    /// the same name go.
    ///
    /// @return the one that it has now
    byte[] addPersonKey(String tenant, String person, byte[] wrapped) throws IOException;

    Optional<RecordKey> recordKey(String id) throws IOException;

    void addRecordKey(String id, RecordKey key) throws IOException;

    /// In one step: the tenant's key becomes `key`, and each of its persons' keys what `rewrap` makes of
    /// it; nothing changes when `rewrap` throws.
    void replaceTenantKey(String tenant, TenantKey key, Rewrap rewrap) throws IOException;

    /// Tenants that have a key.
    List<String> tenants() throws IOException;

    /// Ids of a person's records, at most `limit`, in order, those after `after`.
    List<String> records(String tenant, String person, String after, int limit) throws IOException;

    /// Destroys one record's key.
    ///
    /// @return whether the tenant had such a record
    boolean eraseRecord(String tenant, String id) throws IOException;

    /// Destroys a person's key and those of all its records.
    void erasePerson(String tenant, String person) throws IOException;

    /// Destroys the tenant's key and all below it.
    void eraseTenant(String tenant) throws IOException;

    @Override
    void close();
}
