/// How good a model is: bits per byte on text that it has never seen, beside baselines.
@NullMarked
package org.diwan.foundry.evaluate;

import org.jspecify.annotations.NullMarked;
