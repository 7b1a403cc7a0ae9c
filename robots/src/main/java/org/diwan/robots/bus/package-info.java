/// Messages between fleet control, vehicles, lifts and doors, and the time they all live in.
///
/// [Bus] carries bytes by topic, as MQTT does; [Timeline] says what time it is and what comes next. Both come in
/// two kinds: live ones, and simulated ones in which a week passes in minutes and every run with the same seed
/// is the same. Whatever is built on them runs in both, and is called by one thread: the timeline's.
@NullMarked
package org.diwan.robots.bus;

import org.jspecify.annotations.NullMarked;
