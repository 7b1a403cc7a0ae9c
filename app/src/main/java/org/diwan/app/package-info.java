/// To be written by whoever fills this module.
@NullMarked
package org.diwan.app;

import org.jspecify.annotations.NullMarked;
