package org.diwan.robots.mission;

import java.util.List;

/// What came of an utterance. Texts are in the speaker's language.
public sealed interface Understanding {
    /// What a person would read.
    String text();

    /// It can be done.
    ///
    /// @param text the mission read back
    record Understood(Mission mission, String text) implements Understanding {}

    /// It could mean several things, or lacks one; the next utterance may answer.
    ///
    /// @param choices at most [#MAX_CHOICES], empty where anything may be said
    record Question(About about, String text, List<Choice> choices) implements Understanding {
        /// Most choices that are told.
        public static final int MAX_CHOICES = 8;

        public Question {
            choices = List.copyOf(choices);
        }
    }

    /// What a question asks for.
    enum About {
        /// Where to.
        PLACE,
        /// Where from.
        SOURCE,
        ITEM,
        /// What should be done at all.
        TASK,
        /// Whether the readback is what was meant.
        CONFIRM
    }

    /// One answer.
    ///
    /// @param id of the place or item, or `yes` and `no`
    /// @param label what to call it
    record Choice(String id, String label) {}

    /// It is not done, whoever proposes it and however often.
    record Refused(Rule rule, String text) implements Understanding {}

    /// Why something is refused.
    enum Rule {
        RESTRICTED_ZONE,
        HARM,
        PRIVACY,
        SAFETY_STOP,
        DANGEROUS_GOODS,
        OTHER_TENANT,
        INJECTION,
        /// Characters that nobody sees, or that hide what is written.
        HIDDEN_TEXT
    }

    /// It was understood, but it cannot be done.
    ///
    /// @param subject by name: the place, the item, the time
    record Infeasible(Why why, String subject, String text) implements Understanding {}

    /// Why something cannot be done.
    enum Why {
        NO_SUCH_PLACE,
        UNREACHABLE,
        TOO_HEAVY,
        NO_VEHICLE,
        TOO_LATE,
        NO_ABILITY,
        /// A trial run in the model of the building failed.
        REHEARSAL
    }

    /// Nothing is done.
    record NotUnderstood(String text) implements Understanding {}
}
