/// Bodies that the ledger must not hold: what was asked and answered, sealed for its tenant.
///
/// The ledger keeps salted commitments for ever; the vault keeps the texts behind them for as long as
/// the tenant wants. Deleting a sealed body (and the salt in it) leaves a commitment that nobody can
/// open: that is how something is erased beside a log that forgets nothing.
///
/// **Where to start.** [org.diwan.sovereignty.vault.Vault], the only class that does anything.
///
/// **What it does not know.** Where sealed bodies are stored, who may open them, when they expire.
///
/// **Limits.** Keys that were read into memory stay there until the collector and the system write over
/// them. A body has at most 16 MiB. One key seals at most 2^32 bodies (random 96-bit nonces, NIST SP
/// 800-38D §8.3). Destroying a key overwrites it in its file; what a file system or a disk kept of older
/// blocks is beyond a program: use an encrypted disk.
@NullMarked
package org.diwan.sovereignty.vault;

import org.jspecify.annotations.NullMarked;
