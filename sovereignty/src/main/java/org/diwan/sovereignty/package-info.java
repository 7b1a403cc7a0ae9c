/// To be written by whoever fills this module.
@NullMarked
package org.diwan.sovereignty;

import org.jspecify.annotations.NullMarked;
