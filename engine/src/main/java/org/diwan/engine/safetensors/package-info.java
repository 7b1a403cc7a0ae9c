/// Weights as Hugging Face publishes them: safetensors files, one or many to a model.
///
/// Start at [SafetensorsFile] (the format), then [Shards] (a folder). What the tensors are for is
/// not known here. A file is outside data: its limits are constants of [SafetensorsFile], checked against
/// the size of the file before anything is allocated, and a [SafetensorsException] says which field of
/// which file broke which.
@NullMarked
package org.diwan.engine.safetensors;

import org.jspecify.annotations.NullMarked;
