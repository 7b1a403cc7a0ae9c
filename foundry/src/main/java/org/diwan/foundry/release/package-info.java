/// A trained model in the forms that others read: GGUF and a Hugging Face folder.
@NullMarked
package org.diwan.foundry.release;

import org.jspecify.annotations.NullMarked;
