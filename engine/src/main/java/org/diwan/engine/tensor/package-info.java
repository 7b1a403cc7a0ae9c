/// Weight matrices as a GGUF file stores them, one class per way of storing, and the quantiser that
/// makes them.
///
/// Start with [org.diwan.engine.tensor.Matrix]. [org.diwan.engine.tensor.BlockMatrix] tells how a
/// product with quantised weights is defined, and what is done to compute it fast.
///
/// Knows nothing of layers or tokens. Limits: rows and columns fit an int; columns of quantised
/// types are whole blocks.
@NullMarked
package org.diwan.engine.tensor;

import org.jspecify.annotations.NullMarked;
