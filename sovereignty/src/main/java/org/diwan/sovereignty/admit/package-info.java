/// Which documents may be taken into a corpus or an index, and with what left out.
///
/// Start at [Admission#judge]. It looks at a document as [org.diwan.sovereignty.classify] sees it and
/// asks [org.diwan.sovereignty.policy]; reading and writing documents is the caller's.
@NullMarked
package org.diwan.sovereignty.admit;

import org.jspecify.annotations.NullMarked;
