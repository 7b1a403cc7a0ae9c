package org.diwan.sovereignty.policy;

import java.util.List;
import java.util.Set;

/// The answer to a [DecisionRequest], with the rules that made it.
public sealed interface Decision {
    /// The rules that determined the answer, by id; empty if no rule spoke and the default denied.
    List<Rule> rules();

    /// Go ahead, and meet every obligation.
    record Allow(List<Rule> rules, Set<Obligation> obligations) implements Decision {
        public Allow {
            rules = List.copyOf(rules);
            obligations = Set.copyOf(obligations);
        }
    }

    /// Do not. Without rules it is the default: what nothing permits is denied.
    record Deny(List<Rule> rules) implements Decision {
        public Deny {
            rules = List.copyOf(rules);
        }
    }
}
