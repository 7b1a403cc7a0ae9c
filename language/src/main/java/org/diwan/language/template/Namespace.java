package org.diwan.language.template;

import java.util.Map;

/// What `namespace(…)` returns: the one object that a loop's body can change for the code after it.
record Namespace(Map<Text, Object> attributes) {}
