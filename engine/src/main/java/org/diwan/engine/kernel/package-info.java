/// Arithmetic of a forward pass: the same bits on every machine, at every vector width, with any
/// number of threads, for one token or a thousand.
///
/// Start with [org.diwan.engine.kernel.Lanes] (how lanes are used so that width cannot matter),
/// then [org.diwan.engine.kernel.Exp] (a kernel beside its scalar twin) and
/// [org.diwan.engine.kernel.Attention].
///
/// Knows nothing of models, files or tokens: float arrays in, float arrays out. Every sum of floats
/// has one order, written where the sum is. Shapes are the caller's promise: kernels assert, they do
/// not validate. Limits: what an array index can address.
@NullMarked
package org.diwan.engine.kernel;

import org.jspecify.annotations.NullMarked;
