/// Steps of a build: folders that are made once and sealed with a manifest.
@NullMarked
package org.diwan.foundry.stage;

import org.jspecify.annotations.NullMarked;
