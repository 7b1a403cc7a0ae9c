/// What the JDK lacks and at least two modules need, one small file each.
///
/// Start anywhere: no class here knows another, and none knows what Diwan does. Everything is
/// stateless and safe to share between threads.
@NullMarked
package org.diwan.base;

import org.jspecify.annotations.NullMarked;
