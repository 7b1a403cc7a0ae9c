package org.diwan.robots.building;

import java.util.List;
import java.util.stream.Collectors;

/// A building that is not sound, or a file that is none: every fault that was found, where it is, what the limit is
/// and what would mend it.
public final class BuildingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /// Of more faults only the count is told.
    static final int MAX_SHOWN = 20;

    private final transient List<String> faults;

    BuildingException(String fault) {
        this(List.of(fault));
    }

    BuildingException(List<String> faults) {
        super(faults.stream().limit(MAX_SHOWN).collect(Collectors.joining("\n"))
                + (faults.size() > MAX_SHOWN ? "\nand " + (faults.size() - MAX_SHOWN) + " more" : ""));
        this.faults = List.copyOf(faults);
    }

    /// All of them, a sentence each.
    public List<String> faults() {
        return faults;
    }
}
