-- Erasures that were asked for and are not done yet: done again at the next start, should this one end before.
-- subject is a receipt's id, a person's id, or empty for a whole tenant.
CREATE TABLE erasure (
    id      INTEGER NOT NULL PRIMARY KEY,
    tenant  TEXT    NOT NULL REFERENCES tenant (id),
    scope   TEXT    NOT NULL,
    subject TEXT    NOT NULL
);
