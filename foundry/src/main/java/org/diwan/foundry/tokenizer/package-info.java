/// From text to rows of tokens: learning byte pairs, cutting dialogues, packing rows.
@NullMarked
package org.diwan.foundry.tokenizer;

import org.jspecify.annotations.NullMarked;
