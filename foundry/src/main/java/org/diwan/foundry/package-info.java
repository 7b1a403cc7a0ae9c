/// To be written by whoever fills this module.
@NullMarked
package org.diwan.foundry;

import org.jspecify.annotations.NullMarked;
