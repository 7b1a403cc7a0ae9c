package org.diwan.sovereignty.admit;

import java.util.Set;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// What whoever takes documents says of all of them together.
///
/// @param origin whose law a document is under that does not say
/// @param destination where the documents are processed
/// @param dataClass of all documents
/// @param sector of the body that answers for them
/// @param traits of all documents, besides what is found in each
/// @param purpose what they are taken for, one that a pack declares
/// @param licences terms under which a document may be used for that, word by word
public record Terms(
        Jurisdiction origin,
        Jurisdiction destination,
        DataClass dataClass,
        Sector sector,
        Set<Trait> traits,
        String purpose,
        Set<String> licences) {
    public Terms {
        traits = Set.copyOf(traits);
        licences = Set.copyOf(licences);
        if (licences.isEmpty())
            throw new IllegalArgumentException(
                    "no licence is accepted, so no document could be admitted: name at least one");
    }
}
