package org.diwan.cloud.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.diwan.sovereignty.vault.KeyShelf;
import org.jdbi.v3.core.Handle;

/// Wrapped keys in a SQLite file of their own, apart from what they open: a backup of the gateway's
/// database holds nothing that an erasure would have to reach.
///
/// What is deleted is written over (`secure_delete`), and after an erasure the write-ahead log is cut,
/// so that the bytes are in neither file any more.
public final class SqlKeyShelf implements KeyShelf {
    private static final List<String> PREPARE = List.of(
            "PRAGMA secure_delete = ON",
            "CREATE TABLE IF NOT EXISTS tenant_key (tenant TEXT PRIMARY KEY, root TEXT NOT NULL, wrapped BLOB NOT NULL)"
                    + " WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS person_key (tenant TEXT NOT NULL, person TEXT NOT NULL, wrapped BLOB NOT NULL,"
                    + " PRIMARY KEY (tenant, person)) WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS record_key (id TEXT PRIMARY KEY, tenant TEXT NOT NULL, person TEXT NOT NULL,"
                    + " wrapped BLOB NOT NULL) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS record_of ON record_key (tenant, person, id)");

    private final Path file;
    private final SqliteFile database;

    private SqlKeyShelf(Path file, SqliteFile database) {
        this.file = file;
        this.database = database;
    }

    /// The shelf in `file`, made when there is none.
    public static SqlKeyShelf open(Path file) throws IOException {
        return new SqlKeyShelf(file, SqliteFile.open(file, PREPARE));
    }

    @Override
    public Optional<TenantKey> tenantKey(String tenant) throws IOException {
        return database.locked(db -> db.createQuery("SELECT root, wrapped FROM tenant_key WHERE tenant = :tenant")
                .bind("tenant", tenant)
                .map((row, context) -> new TenantKey(row.getString("root"), row.getBytes("wrapped")))
                .findOne());
    }

    @Override
    public TenantKey addTenantKey(String tenant, TenantKey key) throws IOException {
        database.locked(
                db -> db.createUpdate("INSERT INTO tenant_key VALUES (:tenant, :root, :wrapped) ON CONFLICT DO NOTHING")
                        .bind("tenant", tenant)
                        .bind("root", key.root())
                        .bind("wrapped", key.wrapped())
                        .execute());
        return tenantKey(tenant).orElseThrow(() -> new IOException(file + ": tenant " + tenant + " was just erased"));
    }

    @Override
    public Optional<byte[]> personKey(String tenant, String person) throws IOException {
        return database.locked(
                db -> db.createQuery("SELECT wrapped FROM person_key WHERE tenant = :tenant AND person = :person")
                        .bind("tenant", tenant)
                        .bind("person", person)
                        .map((row, context) -> row.getBytes("wrapped"))
                        .findOne());
    }

    @Override
    public byte[] addPersonKey(String tenant, String person, byte[] wrapped) throws IOException {
        database.locked(db -> {
            db.useTransaction(inside -> {
                int rows = inside.createUpdate(
                                "INSERT INTO person_key VALUES (:tenant, :person, :wrapped) ON CONFLICT DO NOTHING")
                        .bind("tenant", tenant)
                        .bind("person", person)
                        .bind("wrapped", wrapped)
                        .execute();
                if (rows == 0) return;
                // Of a person that was erased before: those records must stay erased, not be damaged.
                inside.createUpdate("DELETE FROM record_key WHERE tenant = :tenant AND person = :person")
                        .bind("tenant", tenant)
                        .bind("person", person)
                        .execute();
            });
            return 0;
        });
        return personKey(tenant, person).orElseThrow(() -> new IOException(file + ": a person was just erased"));
    }

    @Override
    public Optional<RecordKey> recordKey(String id) throws IOException {
        return database.locked(db -> db.createQuery("SELECT tenant, person, wrapped FROM record_key WHERE id = :id")
                .bind("id", id)
                .map((row, context) ->
                        new RecordKey(row.getString("tenant"), row.getString("person"), row.getBytes("wrapped")))
                .findOne());
    }

    @Override
    public void addRecordKey(String id, RecordKey key) throws IOException {
        database.locked(db -> insert(db, id, key));
    }

    /// As [#addRecordKey] for many, in one transaction: what a migration or a measurement needs.
    public void addRecordKeys(Iterable<String> ids, RecordKey key) throws IOException {
        database.locked(db -> {
            db.useTransaction(inside -> {
                try (var batch =
                        inside.prepareBatch("INSERT INTO record_key VALUES (:id, :tenant, :person, :wrapped)")) {
                    int waiting = 0;
                    for (String id : ids) {
                        batch.bind("id", id)
                                .bind("tenant", key.tenant())
                                .bind("person", key.person())
                                .bind("wrapped", key.wrapped())
                                .add();
                        if (++waiting % 10_000 == 0) batch.execute();
                    }
                    if (waiting % 10_000 != 0) batch.execute();
                }
            });
            return 0;
        });
    }

    private static int insert(Handle db, String id, RecordKey key) {
        return db.createUpdate("INSERT INTO record_key VALUES (:id, :tenant, :person, :wrapped)")
                .bind("id", id)
                .bind("tenant", key.tenant())
                .bind("person", key.person())
                .bind("wrapped", key.wrapped())
                .execute();
    }

    @Override
    public void replaceTenantKey(String tenant, TenantKey key, Rewrap rewrap) throws IOException {
        database.locked(db -> {
            db.useTransaction(inside -> {
                inside.createUpdate("UPDATE tenant_key SET root = :root, wrapped = :wrapped WHERE tenant = :tenant")
                        .bind("tenant", tenant)
                        .bind("root", key.root())
                        .bind("wrapped", key.wrapped())
                        .execute();
                var persons = inside.createQuery("SELECT person FROM person_key WHERE tenant = :tenant")
                        .bind("tenant", tenant)
                        .mapTo(String.class)
                        .list();
                for (String person : persons) {
                    byte[] wrapped = inside.createQuery(
                                    "SELECT wrapped FROM person_key WHERE tenant = :tenant AND person = :person")
                            .bind("tenant", tenant)
                            .bind("person", person)
                            .map((row, context) -> row.getBytes("wrapped"))
                            .one();
                    inside.createUpdate("UPDATE person_key SET wrapped = :wrapped"
                                    + " WHERE tenant = :tenant AND person = :person")
                            .bind("tenant", tenant)
                            .bind("person", person)
                            .bind("wrapped", rewrap.rewrap(person, wrapped))
                            .execute();
                }
            });
            return 0;
        });
        cutLog();
    }

    @Override
    public List<String> tenants() throws IOException {
        return database.locked(db -> db.createQuery("SELECT tenant FROM tenant_key ORDER BY tenant")
                .mapTo(String.class)
                .list());
    }

    @Override
    public List<String> records(String tenant, String person, String after, int limit) throws IOException {
        return database.locked(
                db -> db.createQuery("SELECT id FROM record_key WHERE tenant = :tenant AND person = :person"
                                + " AND id > :after ORDER BY id LIMIT :limit")
                        .bind("tenant", tenant)
                        .bind("person", person)
                        .bind("after", after)
                        .bind("limit", limit)
                        .mapTo(String.class)
                        .list());
    }

    @Override
    public boolean eraseRecord(String tenant, String id) throws IOException {
        int rows = database.locked(db -> db.createUpdate("DELETE FROM record_key WHERE id = :id AND tenant = :tenant")
                .bind("id", id)
                .bind("tenant", tenant)
                .execute());
        cutLog();
        return rows > 0;
    }

    /// The person's key goes first and is what counts; its records' keys open nothing from then on.
    @Override
    public void erasePerson(String tenant, String person) throws IOException {
        database.locked(db -> db.createUpdate("DELETE FROM person_key WHERE tenant = :tenant AND person = :person")
                .bind("tenant", tenant)
                .bind("person", person)
                .execute());
        cutLog();
    }

    /// As [#erasePerson].
    @Override
    public void eraseTenant(String tenant) throws IOException {
        database.locked(db -> {
            db.useTransaction(inside -> {
                for (String table : List.of("tenant_key", "person_key"))
                    inside.createUpdate("DELETE FROM " + table + " WHERE tenant = :tenant")
                            .bind("tenant", tenant)
                            .execute();
            });
            return 0;
        });
        cutLog();
    }

    /// Writes the log's pages into the file, where deleted bytes are zeros, and cuts the log to nothing.
    ///
    /// @throws IOException when somebody reads the file meanwhile: SQLite then leaves the log as it is
    private void cutLog() throws IOException {
        boolean busy = database.locked(db -> db.createQuery("PRAGMA wal_checkpoint(TRUNCATE)")
                .map((row, context) -> row.getBoolean("busy"))
                .one());
        if (busy)
            throw new IOException(file + ": what was deleted may still stand in its write-ahead log, because another"
                    + " program reads the file; end it and erase again");
    }

    @Override
    public void close() {
        database.close();
    }
}
