/// To be written by whoever fills this module.
@NullMarked
package org.diwan.engine;

import org.jspecify.annotations.NullMarked;
