/// To be written by whoever fills this module.
@NullMarked
package org.diwan.language;

import org.jspecify.annotations.NullMarked;
