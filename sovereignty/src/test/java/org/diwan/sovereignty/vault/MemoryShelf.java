package org.diwan.sovereignty.vault;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// A shelf in memory: the slow obvious twin of the one in SQLite.
final class MemoryShelf implements KeyShelf {
    final Map<String, TenantKey> tenants = new TreeMap<>();
    final Map<List<String>, byte[]> persons = new HashMap<>();
    final Map<String, RecordKey> records = new TreeMap<>();

    @Override
    public synchronized Optional<TenantKey> tenantKey(String tenant) {
        return Optional.ofNullable(tenants.get(tenant));
    }

    @Override
    public synchronized TenantKey addTenantKey(String tenant, TenantKey key) {
        tenants.putIfAbsent(tenant, key);
        return Objects.requireNonNull(tenants.get(tenant));
    }

    @Override
    public synchronized Optional<byte[]> personKey(String tenant, String person) {
        return Optional.ofNullable(persons.get(List.of(tenant, person)));
    }

    @Override
    public synchronized byte[] addPersonKey(String tenant, String person, byte[] wrapped) {
        if (persons.putIfAbsent(List.of(tenant, person), wrapped) == null)
            records.values()
                    .removeIf(record ->
                            record.tenant().equals(tenant) && record.person().equals(person));
        return Objects.requireNonNull(persons.get(List.of(tenant, person)));
    }

    @Override
    public synchronized Optional<RecordKey> recordKey(String id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public synchronized void addRecordKey(String id, RecordKey key) {
        if (records.putIfAbsent(id, key) != null) throw new IllegalStateException("record " + id + " has a key");
    }

    @Override
    public synchronized void replaceTenantKey(String tenant, TenantKey key, Rewrap rewrap) {
        Map<List<String>, byte[]> next = new HashMap<>(persons);
        next.replaceAll((place, wrapped) ->
                place.getFirst().equals(tenant) ? rewrap.rewrap(place.getLast(), wrapped) : wrapped);
        persons.putAll(next);
        tenants.put(tenant, key);
    }

    @Override
    public synchronized List<String> tenants() {
        return List.copyOf(tenants.keySet());
    }

    @Override
    public synchronized List<String> records(String tenant, String person, String after, int limit) {
        return records.entrySet().stream()
                .filter(entry -> entry.getValue().tenant().equals(tenant)
                        && entry.getValue().person().equals(person)
                        && entry.getKey().compareTo(after) > 0)
                .map(Map.Entry::getKey)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized boolean eraseRecord(String tenant, String id) {
        var record = records.get(id);
        if (record == null || !record.tenant().equals(tenant)) return false;
        records.remove(id);
        return true;
    }

    @Override
    public synchronized void erasePerson(String tenant, String person) {
        persons.remove(List.of(tenant, person));
    }

    @Override
    public synchronized void eraseTenant(String tenant) {
        tenants.remove(tenant);
        persons.keySet().removeIf(place -> place.getFirst().equals(tenant));
    }

    @Override
    public void close() {}
}
