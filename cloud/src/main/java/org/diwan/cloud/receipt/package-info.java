/// What an auditor takes home: the record of one answer, and how to check it trusting nobody.
///
/// Start with [org.diwan.cloud.receipt.Receipt], the file format, then
/// [org.diwan.cloud.receipt.DecidedEntry] and [org.diwan.cloud.receipt.AnsweredEntry], the two
/// ledger entries that it proves, then [org.diwan.cloud.receipt.ReceiptVerifier], which checks every
/// binding and in the end generates the answer again.
///
/// It knows no server and no database: everything is in the receipt, the log, the verifier keys and
/// the model file. Limits: a receipt has at most [org.diwan.cloud.receipt.Receipt#MAX_SIZE] bytes.
@NullMarked
package org.diwan.cloud.receipt;

import org.jspecify.annotations.NullMarked;
