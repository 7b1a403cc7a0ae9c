/// VDA 5050, the language between a fleet control and its vehicles: the messages of versions 2.0.0, 2.1.0
/// and 3.0.0, and the rules by which a vehicle takes an order or refuses it.
///
/// Start with [Message] (what is said), then [Codec] (how each version spells it) and [Vehicle] (what an
/// order may do, and what the vehicle may do next); [Inbox] judges headers and [Outbox] writes them.
/// What else a vehicle keeps: [Maps], [ZoneSets], [ZoneRequests], [ErrorLog]; [StateReport] puts all of it into
/// a [State]. [PredefinedAction] lists the actions of the standard. One record model speaks the words of 3.0.0;
/// [Version] alone knows where the older ones differ. The writer is strict, what it emits
/// is valid against the official schema; the reader keeps members that it does not know out, and refuses
/// by name what is missing, mistyped or out of range.
///
/// Nothing here opens a connection: that is for a [org.diwan.robots.bus.Bus]. To ask for the use of a corridor
/// (§6.6.10) is spelled and not acted on. Sections are those of VDA 5050 3.0.0, github.com/VDA5050/VDA5050.
@NullMarked
package org.diwan.robots.vda5050;

import org.jspecify.annotations.NullMarked;
