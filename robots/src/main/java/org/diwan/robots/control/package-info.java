/// A building's robots under control: what an operator, a program or a page may ask and have done.
///
/// [Control] puts fleet, missions, records and facilities together around one bus; [RobotsApi] answers HTTP's
/// questions about it; [DryRun] plays a job in a simulated copy, among all others, before anything moves.
@NullMarked
package org.diwan.robots.control;

import org.jspecify.annotations.NullMarked;
