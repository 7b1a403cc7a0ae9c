/// The data centre over HTTP: what is asked below `/v1/datacenter/`, as functions of a path and a body.
///
/// Start at [org.diwan.datacenter.api.DatacenterApi]. Whoever serves it has authenticated the caller, and
/// hands in where entries go; nothing here opens a port. Limits: bodies as the server has them, answers as
/// large as an inventory.
@NullMarked
package org.diwan.datacenter.api;

import org.jspecify.annotations.NullMarked;
