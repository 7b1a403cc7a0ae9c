/// The platform's hands: service robots of any maker, commanded through one fleet manager.
///
/// `vda5050` speaks to vehicles, `traffic` finds their ways without collision, `league` plays the
/// League of Robot Runners' instances by its rules. A vehicle moves only on an order that was decided and
/// recorded; nothing here knows a vendor above the adapter, or a language model but through the public API.
@NullMarked
package org.diwan.robots;

import org.jspecify.annotations.NullMarked;
