/// The League of Robot Runners (lifelong multi-agent path finding, competitions of 2023 and 2024): its
/// instances, its rules, a simulator and a checker of recorded solutions.
///
/// Start at [World], which is the rules; [Instance] reads what they are played on, [Recording] what was
/// played, [Checker] judges it, [Simulation] plays with a [Planner]. Years differ in who gives out tasks:
/// 2023 deals one errand at a time to each agent, 2024 shows a pool of tasks, each several errands in
/// order, and the planner gives them out. Limits: [Instance#MAX_AGENTS], [Instance#MAX_TASKS],
/// [Recording#MAX_STEPS]. Sources: the READMEs of github.com/MAPF-Competition/Benchmark-Archive, and the
/// published best solutions, whose moves and events these rules repeat exactly.
@NullMarked
package org.diwan.robots.league;

import org.jspecify.annotations.NullMarked;
