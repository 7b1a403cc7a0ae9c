/// GGUF v3 files: the one file format in which models come and go.
///
/// Start at [GgufFile] (reading, with the format field by field) or [GgufWriter] (writing). What a
/// tensor's bytes mean is [TensorType]'s block layout; what they are for is not known here: names
/// such as `blk.0.attn_q.weight` are the business of `engine.model`.
///
/// A file is outside data: every length, count, type and offset is checked against a stated limit
/// and against the size of the file before anything is allocated for it, and a [GgufException]
/// says which field of which file holds which value against which limit. Limits are constants of
/// [GgufFile]. A file that another process shortens while it is mapped stops the reader with an
/// `InternalError`: models are replaced by renaming, never written in place.
@NullMarked
package org.diwan.engine.gguf;

import org.jspecify.annotations.NullMarked;
