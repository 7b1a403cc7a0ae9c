/// Documents: reading, cleaning, finding duplicates, setting apart what is measured on.
@NullMarked
package org.diwan.foundry.corpus;

import org.jspecify.annotations.NullMarked;
