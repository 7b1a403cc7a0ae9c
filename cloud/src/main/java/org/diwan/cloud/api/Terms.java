package org.diwan.cloud.api;

import java.util.List;
import java.util.Locale;
import org.diwan.language.Tool;
import org.jspecify.annotations.Nullable;

/// What a request asks of the answer besides what it says: a form, and what tools may or must be
/// called.
///
/// @param form null for free text
/// @param tools in the order of the request
/// @param named the one tool that must be called; null unless `choice` is [Choice#REQUIRED]
/// @param parallel whether one answer may call more than once
public record Terms(
        @Nullable Form form,
        List<Tool> tools,
        Choice choice,
        @Nullable String named,
        boolean parallel) {
    /// Whether the model may call tools.
    public enum Choice {
        /// It may not, and is not told of them.
        NONE,
        /// It may.
        AUTO,
        /// It must call one.
        REQUIRED;

        /// As the API and receipts write it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The choice with that label.
        ///
        /// @throws IllegalArgumentException when there is none
        public static Choice of(String label) {
            for (Choice choice : values()) if (choice.label().equals(label)) return choice;
            throw new IllegalArgumentException("no tool choice '" + label + "'");
        }
    }

    /// Free text, no tools.
    public static final Terms NONE = new Terms(null, List.of(), Choice.NONE, null, true);

    public Terms {
        tools = List.copyOf(tools);
    }

    /// The tools that the model is told of.
    public List<Tool> offered() {
        return choice == Choice.NONE ? List.of() : tools;
    }

    /// The tools of which one must be called; none if the model is free to call.
    public List<Tool> demanded() {
        if (choice != Choice.REQUIRED) return List.of();
        return tools.stream()
                .filter(tool -> named == null || tool.name().equals(named))
                .toList();
    }
}
