package org.diwan.cloud.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/// The gateway's memory, in one SQLite file. Every write is on disk when its method returns.
public final class Store implements AutoCloseable {
    private static final int ID_SIZE = 16;
    private static final int ID_LENGTH = 22; // 62^22 > 2^128

    private final SqliteFile database;

    private Store(SqliteFile database) {
        this.database = database;
    }

    /// The store in `file`, made or brought to the present schema.
    ///
    /// @throws IOException when the file cannot be opened, is no database, or is of a newer schema
    public static Store open(Path file) throws IOException {
        try {
            Flyway.configure(Store.class.getClassLoader())
                    .dataSource(SqliteFile.source(file))
                    .locations("classpath:org/diwan/cloud/store")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new IOException(file + ": cannot open the gateway's database: " + e.getMessage(), e);
        }
        return new Store(SqliteFile.open(file, List.of()));
    }

    /// The tenant named `id`, made when there is none.
    public Tenant tenant(String id) throws IOException {
        return database.locked(db -> {
            db.createUpdate("INSERT INTO tenant (id, pseudonym) VALUES (:id, :pseudonym) ON CONFLICT DO NOTHING")
                    .bind("id", id)
                    .bind("pseudonym", "t-" + ApiKey.base62(12, 17))
                    .execute();
            return db.createQuery("SELECT id, pseudonym FROM tenant WHERE id = :id")
                    .bind("id", id)
                    .map((row, context) -> new Tenant(row.getString("id"), row.getString("pseudonym")))
                    .one();
        });
    }

    /// From now on `key` speaks for `tenant`; adding it again changes nothing.
    public void addKey(ApiKey key, Tenant tenant) throws IOException {
        database.locked(db -> db.createUpdate(
                        "INSERT INTO api_key (hash, tenant) VALUES (:hash, :tenant) ON CONFLICT DO NOTHING")
                .bind("hash", key.hash())
                .bind("tenant", tenant.id())
                .execute());
    }

    /// Whom `key` speaks for; empty when it was never added.
    public Optional<Caller> authenticate(ApiKey key) throws IOException {
        return database.locked(db -> db.createQuery(
                        "SELECT t.id, t.pseudonym FROM api_key k JOIN tenant t ON t.id = k.tenant WHERE k.hash = :hash")
                .bind("hash", key.hash())
                .map((row, context) ->
                        new Caller(new Tenant(row.getString("id"), row.getString("pseudonym")), key.publicId(), ""))
                .findOne());
    }

    /// An id that no receipt has: `r-` and 22 digits in base 62, 128 random bits.
    public static String newReceiptId() {
        return "r-" + ApiKey.base62(ID_SIZE, ID_LENGTH);
    }

    /// An id that no breach has: `b-` and 22 digits in base 62, 128 random bits.
    public static String newBreachId() {
        return "b-" + ApiKey.base62(ID_SIZE, ID_LENGTH);
    }

    /// Keeps a receipt whose decision is recorded.
    public void addReceipt(String id, Tenant tenant, long decidedIndex, byte[] sealedRequest) throws IOException {
        database.locked(db -> db.createUpdate("INSERT INTO receipt (id, tenant, decided_index, sealed_request)"
                        + " VALUES (:id, :tenant, :index, :sealed)")
                .bind("id", id)
                .bind("tenant", tenant.id())
                .bind("index", decidedIndex)
                .bind("sealed", sealedRequest)
                .execute());
    }

    /// Completes a receipt whose outcome is recorded.
    ///
    /// @param sealedAnswer null when there is no answer: the request failed
    public void completeReceipt(String id, long answeredIndex, byte @Nullable [] sealedAnswer) throws IOException {
        int rows = database.locked(db -> db.createUpdate(
                        "UPDATE receipt SET answered_index = :index, sealed_answer = :sealed WHERE id = :id")
                .bind("id", id)
                .bind("index", answeredIndex)
                .bind("sealed", sealedAnswer)
                .execute());
        assert rows == 1 : "receipt " + id + " was added before it is completed";
    }

    /// The receipt `id`, if `tenant` may see it.
    public Optional<StoredReceipt> receipt(String id, Tenant tenant) throws IOException {
        return database.locked(db -> db.createQuery("SELECT * FROM receipt WHERE id = :id AND tenant = :tenant")
                .bind("id", id)
                .bind("tenant", tenant.id())
                .map((row, context) -> {
                    long index = row.getLong("answered_index");
                    // Asked at once: it speaks of the column that was read last.
                    @Nullable Long answered = row.wasNull() ? null : index;
                    return new StoredReceipt(
                            id,
                            tenant.id(),
                            row.getLong("decided_index"),
                            answered,
                            row.getBytes("sealed_request"),
                            row.getBytes("sealed_answer"));
                })
                .findOne());
    }

    /// An erasure that is to be done.
    ///
    /// @param subject a receipt's id, a person's id, or empty for a whole tenant
    public record Erasure(long id, Tenant tenant, String scope, String subject) {}

    /// Remembers an erasure until [#erased].
    public Erasure addErasure(Tenant tenant, String scope, String subject) throws IOException {
        long id = database.locked(
                db -> db.createUpdate("INSERT INTO erasure (tenant, scope, subject) VALUES (:tenant, :scope, :subject)")
                        .bind("tenant", tenant.id())
                        .bind("scope", scope)
                        .bind("subject", subject)
                        .executeAndReturnGeneratedKeys("id")
                        .mapTo(Long.class)
                        .one());
        return new Erasure(id, tenant, scope, subject);
    }

    /// Forgets an erasure that is done.
    public void erased(Erasure erasure) throws IOException {
        database.locked(db -> db.createUpdate("DELETE FROM erasure WHERE id = :id")
                .bind("id", erasure.id())
                .execute());
    }

    /// Erasures that are not done.
    public List<Erasure> erasures() throws IOException {
        return database.locked(db -> db.createQuery("SELECT e.id, e.scope, e.subject, t.id AS tenant, t.pseudonym"
                        + " FROM erasure e JOIN tenant t ON t.id = e.tenant ORDER BY e.id")
                .map((row, context) -> new Erasure(
                        row.getLong("id"),
                        new Tenant(row.getString("tenant"), row.getString("pseudonym")),
                        row.getString("scope"),
                        row.getString("subject")))
                .list());
    }

    @Override
    public void close() {
        database.close();
    }
}
