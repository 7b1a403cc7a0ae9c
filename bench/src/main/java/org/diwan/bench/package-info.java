/// To be written by whoever fills this module.
@NullMarked
package org.diwan.bench;

import org.jspecify.annotations.NullMarked;
