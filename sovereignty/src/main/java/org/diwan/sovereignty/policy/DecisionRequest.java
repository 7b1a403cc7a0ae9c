package org.diwan.sovereignty.policy;

import java.util.EnumSet;
import java.util.Set;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// May data of this kind, under the law of `origin`, be processed in `destination`?
///
/// @param dataClass declared by the owner of the data
/// @param sector of the body that answers for the data
/// @param traits found in the text or declared; the law looks at most of them only if the data is
///     personal as well
/// @param origin whose law the data is under
/// @param destination where it would be processed
/// @param purpose one of the purposes that the packs declare; [#CHAT] for ordinary questions
public record DecisionRequest(
        DataClass dataClass,
        Sector sector,
        Set<Trait> traits,
        Jurisdiction origin,
        Jurisdiction destination,
        String purpose) {
    /// The purpose of answering a user's question.
    public static final String CHAT = "chat";

    public DecisionRequest {
        traits = Set.copyOf(traits);
    }

    /// A request of no special sector about data with at most the two commonest traits.
    public DecisionRequest(
            DataClass dataClass,
            boolean personal,
            boolean sensitive,
            Jurisdiction origin,
            Jurisdiction destination,
            String purpose) {
        this(dataClass, Sector.GENERAL, traits(personal, sensitive), origin, destination, purpose);
    }

    /// It leads to a person.
    public boolean personal() {
        return traits.contains(Trait.PERSONAL);
    }

    /// It speaks of a specially protected matter.
    public boolean sensitive() {
        return traits.contains(Trait.SENSITIVE);
    }

    /// For people: `secret personal bank data from sa to us for chat`.
    @Override
    public String toString() {
        var text = new StringBuilder(dataClass.label());
        for (var trait : Trait.values())
            if (traits.contains(trait)) text.append(' ').append(trait.label());
        if (sector != Sector.GENERAL) text.append(' ').append(sector.label());
        return text + " data from " + origin + " to " + destination + " for " + purpose;
    }

    private static Set<Trait> traits(boolean personal, boolean sensitive) {
        var traits = EnumSet.noneOf(Trait.class);
        if (personal) traits.add(Trait.PERSONAL);
        if (sensitive) traits.add(Trait.SENSITIVE);
        return traits;
    }
}
