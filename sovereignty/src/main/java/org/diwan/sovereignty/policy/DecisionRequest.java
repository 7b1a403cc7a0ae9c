package org.diwan.sovereignty.policy;

import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;

/// May data of this kind, under the law of `origin`, be processed in `destination`?
///
/// @param dataClass declared by the owner of the data
/// @param personal it leads to a person
/// @param sensitive it speaks of a specially protected matter; the law looks at this only if the
///     data is personal as well
/// @param origin whose law the data is under
/// @param destination where it would be processed
/// @param purpose one of the purposes that the packs declare; [#CHAT] for ordinary questions
public record DecisionRequest(
        DataClass dataClass,
        boolean personal,
        boolean sensitive,
        Jurisdiction origin,
        Jurisdiction destination,
        String purpose) {
    /// The purpose of answering a user's question.
    public static final String CHAT = "chat";
}
