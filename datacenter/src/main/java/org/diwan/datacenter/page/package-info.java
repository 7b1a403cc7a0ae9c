/// What people look at: runs and plans as pages that need no library and ask nobody for anything.
///
/// [org.diwan.datacenter.page.SimulationPage] is one file of plots. [org.diwan.datacenter.page.Demo] is an
/// operator that does not exist, to be shown: where its replicas are, what moves when a site is lost, and why.
/// Pages know what they are given and no server; whoever serves them hands in what was clicked.
@NullMarked
package org.diwan.datacenter.page;

import org.jspecify.annotations.NullMarked;
