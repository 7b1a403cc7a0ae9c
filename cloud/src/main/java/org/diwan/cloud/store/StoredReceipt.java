package org.diwan.cloud.store;

import org.jspecify.annotations.Nullable;

/// What is kept of one receipt. The components ending in `sealed…` are opened by the vault for
/// `tenant` only.
///
/// @param id the receipt's id
/// @param tenant the id of the tenant who may fetch it
/// @param decidedIndex where the decision stands in the ledger
/// @param answeredIndex where the answer stands; null while there is none, and for a denial
/// @param sealedRequest the opening of the request's commitment
/// @param sealedAnswer the opening of the answer's commitment; null as `answeredIndex`
@SuppressWarnings("ArrayRecordComponent") // carried from the database to the vault, never compared
public record StoredReceipt(
        String id,
        String tenant,
        long decidedIndex,
        @Nullable Long answeredIndex,
        byte[] sealedRequest,
        byte @Nullable [] sealedAnswer) {}
