package org.diwan.datacenter.api;

import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.sovereignty.policy.Policy;

/// A plan with what it is for and the law that it was made under.
public record Planned(Demand demand, Policy policy, PlanFile file) {}
