-- Who is served. The pseudonym stands for the tenant in the public ledger; nothing derives one from the other.
CREATE TABLE tenant (
    id        TEXT NOT NULL PRIMARY KEY,
    pseudonym TEXT NOT NULL UNIQUE
);

-- Keys are kept as SHA-256 in hexadecimal: a stolen table opens nothing. 32 random bytes need no salt.
CREATE TABLE api_key (
    hash   TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenant (id)
);

-- Where a receipt's entries stand in the ledger, and what only the tenant may read, sealed by the vault.
CREATE TABLE receipt (
    id             TEXT   NOT NULL PRIMARY KEY,
    tenant         TEXT   NOT NULL REFERENCES tenant (id),
    decided_index  BIGINT NOT NULL,
    answered_index BIGINT,
    sealed_request BLOB   NOT NULL,
    sealed_answer  BLOB
);
