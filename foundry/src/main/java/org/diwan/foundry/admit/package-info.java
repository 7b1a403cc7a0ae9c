/// Asks another program which documents may be learnt from.
///
/// Start at [Admission], what a recipe says, then [AdmissionFilter], the conversation. Law, licences and
/// identifiers are the other program's; nothing here knows them.
@NullMarked
package org.diwan.foundry.admit;

import org.jspecify.annotations.NullMarked;
