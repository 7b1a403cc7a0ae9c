/// The command line: `./diwan VERB`. Configuration in, exit code out; the only place that puts the
/// modules together.
///
/// Start with [org.diwan.app.Main], which lists the verbs and the exit codes; each verb is one class
/// of its name. No logic lives here: a verb reads its options, calls one module, prints. Errors are
/// one line on standard error, results are on standard output. It never loads the foundry.
@NullMarked
package org.diwan.app;

import org.jspecify.annotations.NullMarked;
