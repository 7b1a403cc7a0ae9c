/// What the gateway must remember between restarts and may not publish: tenants, hashed API keys,
/// and the sealed openings of receipts. Start with [org.diwan.cloud.store.Store].
///
/// It knows neither HTTP nor what a receipt means. One process, one SQLite file; the schema is in
/// `V1__tenants_keys_receipts.sql`.
@NullMarked
package org.diwan.cloud.store;

import org.jspecify.annotations.NullMarked;
