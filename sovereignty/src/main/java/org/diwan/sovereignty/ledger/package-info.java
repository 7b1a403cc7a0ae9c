/// The transparency log: what the platform did, in an order that nobody can rewrite unseen.
///
/// Entries go into an append-only Merkle tree (RFC 6962 §2.1) that lies on disk as static files
/// (C2SP tlog-tiles), below a signed checkpoint (C2SP tlog-checkpoint, signed-note). An auditor
/// needs a web server that hands out these files, two verifier keys, and any tool that knows the
/// format: golang.org/x/mod/sumdb will do.
///
/// **Where to start.** [org.diwan.sovereignty.ledger.Ledger] appends and says how it survives a
/// crash; [org.diwan.sovereignty.ledger.Merkle] is the tree and its proofs;
/// [org.diwan.sovereignty.ledger.Checkpoint] is the signed root;
/// [org.diwan.sovereignty.ledger.TlogProof] is what a receipt carries;
/// [org.diwan.sovereignty.ledger.Fsck] trusts nothing and recomputes everything. Against a log that
/// shows two people two histories stand its witnesses ([org.diwan.sovereignty.ledger.Witness] cosigns,
/// [org.diwan.sovereignty.ledger.Cosigners] asks, [org.diwan.sovereignty.ledger.WitnessPolicy] says how
/// many) and whoever remembers ([org.diwan.sovereignty.ledger.Monitor]).
///
/// **What it does not know.** What an entry means: entries are bytes, and nobody should log more than
/// commitments. It knows no HTTP server; only [org.diwan.sovereignty.ledger.TileSource] may read a
/// log over the network, and only [org.diwan.sovereignty.ledger.Cosigner] may speak to a witness.
///
/// **Limits.** An entry has at most 65,535 bytes, a log at most 2^63 − 1 entries, one process writes
/// it. A folder restored from an old backup is an old log: only somebody who remembers a newer
/// checkpoint (a client, a witness) can tell.
@NullMarked
package org.diwan.sovereignty.ledger;

import org.jspecify.annotations.NullMarked;
