/// The network and its training with libtorch, and the checkpoints in between.
@NullMarked
package org.diwan.foundry.train;

import org.jspecify.annotations.NullMarked;
