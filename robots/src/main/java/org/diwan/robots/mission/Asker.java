package org.diwan.robots.mission;

import java.util.Optional;
import java.util.Set;

/// Who speaks.
///
/// @param name stable for one person; dialogues and cancelling go by it
/// @param tenant whose places are theirs
/// @param here the place where they are, if that is known
/// @param permissions restricted zones that may be entered for them
/// @param person what an erasure of what they say will name; empty for nobody
public record Asker(String name, String tenant, Optional<String> here, Set<String> permissions, String person) {
    public Asker {
        permissions = Set.copyOf(permissions);
    }

    /// Somebody whose words are about nobody.
    public Asker(String name, String tenant, Optional<String> here, Set<String> permissions) {
        this(name, tenant, here, permissions, "");
    }
}
