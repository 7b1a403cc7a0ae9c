/// To be written by whoever fills this module.
@NullMarked
package org.diwan.cloud;

import org.jspecify.annotations.NullMarked;
