/// A witness as a web server ([org.diwan.cloud.witness.WitnessServer], C2SP tlog-witness). It turns HTTP
/// into calls of [org.diwan.sovereignty.ledger.Witness] and back; what a witness may sign is decided
/// there. Limits: 64 requests at a time, bodies of
/// [org.diwan.sovereignty.ledger.Cosigner#MAX_REQUEST] bytes.
@NullMarked
package org.diwan.cloud.witness;

import org.jspecify.annotations.NullMarked;
