package org.diwan.cloud;

import java.util.Set;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Trait;

/// What a client says of its data in headers.
///
/// @param traits besides those that the classifier finds in the texts
/// @param purpose [org.diwan.sovereignty.policy.DecisionRequest#CHAT] if it says nothing
record Declared(DataClass dataClass, Set<Trait> traits, String purpose) {}
