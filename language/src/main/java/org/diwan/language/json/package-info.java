/// JSON from outside into the JDK's own types, under limits.
///
/// Start reading at [org.diwan.language.json.JsonText]. It knows nothing of what the JSON means.
/// Limits: nesting of
/// [org.diwan.language.json.JsonText#MAX_DEPTH], length as the caller says.
@NullMarked
package org.diwan.language.json;

import org.jspecify.annotations.NullMarked;
