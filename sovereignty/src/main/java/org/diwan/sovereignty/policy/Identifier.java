package org.diwan.sovereignty.policy;

import java.util.List;
import java.util.Set;
import org.diwan.sovereignty.Trait;

/// Something a pack wants found in texts.
public sealed interface Identifier {
    /// The pack's name for it, upper case; redaction writes `[TYPE]`.
    String type();

    /// What a find says about the text.
    Set<Trait> traits();

    /// Words beside a find that make it likelier, in every language of the pack. A word ending in
    /// `*` stands for all words that begin so.
    List<String> context();

    /// A number of fixed shapes, such as `[12]#{9}`.
    ///
    /// @param against words beside a number that say it is something else, such as an order number
    /// @param shapes in the small language of [Shape]
    /// @param weak shapes that too many innocent numbers have: they never count without a context word
    /// @param checksum what its digits must satisfy
    /// @param bare true if a valid checksum is enough without a context word; false where too many
    ///     innocent numbers would pass
    record ShapedNumber(
            String type,
            Set<Trait> traits,
            List<String> context,
            List<String> against,
            List<Shape> shapes,
            List<Shape> weak,
            Checksum checksum,
            boolean bare)
            implements Identifier {}

    /// Something that looks the same in every country.
    record Form(String type, Set<Trait> traits, List<String> context, Kind kind) implements Identifier {
        /// What it looks like.
        public enum Kind {
            /// The machine readable zone of a travel document, ICAO Doc 9303: TD1, TD2 or TD3.
            MRZ,
            /// A place on Earth to some ten metres: degrees with four decimals, or with seconds.
            COORDINATES,
            /// A key of a well-known form, a JSON Web Token (RFC 7519), or what stands behind `password:`.
            SECRET,
            /// A private key in PEM (RFC 7468).
            PRIVATE_KEY
        }
    }

    /// An Internet mail address (RFC 5321 in its everyday form).
    record Email(String type, Set<Trait> traits, List<String> context) implements Identifier {}

    /// A telephone number, international or as dialled inside `regions`.
    ///
    /// @param against words beside a number without `+` that say it is something else
    /// @param regions ISO 3166-1, upper case
    /// @param bare true if a number as dialled at home counts without a context word; false where
    ///     too many other numbers look like one
    record Phone(
            String type,
            Set<Trait> traits,
            List<String> context,
            List<String> against,
            List<String> regions,
            boolean bare)
            implements Identifier {}

    /// A person's name, by what stands around it and by lists of common names.
    ///
    /// @param against words that say it is nobody's data, such as king
    /// @param titles words before a name: Mrs, Herr, السيد
    /// @param honorifics words behind a name: 씨, 님
    /// @param given common given names
    /// @param family common family names
    /// @param links what joins names to one: bin, von, dela
    /// @param particles what may be joined to the end of a name, in languages that do so
    /// @param capital true if names are told by their capital letters
    /// @param syllables what makes an unlisted word a name, where a name is one word; empty elsewhere
    record Names(
            String type,
            Set<Trait> traits,
            List<String> context,
            List<String> against,
            Set<String> titles,
            Set<String> honorifics,
            Set<String> given,
            Set<String> family,
            Set<String> links,
            Set<String> particles,
            boolean capital,
            Syllables syllables)
            implements Identifier {
        /// Names of one word, a family name and a given name of two syllables.
        ///
        /// @param rare family names that also begin many other words
        /// @param first syllables that given names begin with
        /// @param second syllables that they end with
        /// @param unlike words that look like a name, or like a family name alone, and are none
        public record Syllables(Set<String> rare, Set<String> first, Set<String> second, Set<String> unlike) {}

        /// Below this confidence a name is reported but is no personal data: whoever writes of kings and
        /// poets names them, and a list of names cannot tell them from the neighbour.
        public static final double PERSONAL = 0.7;
    }

    /// Where a person lives: a street and a number, and what makes them an address.
    ///
    /// @param before words that stand before a street's name: شارع, Brgy
    /// @param leads words that begin a street's name and much else, and count with a postcode only: Am, Unter
    /// @param after words behind it: street
    /// @param endings ends of a street's name: straße, 로
    /// @param districts ends of the names of districts and towns: 구, 시
    /// @param areas words that stand before a district's name: حي, Barangay
    /// @param places names of towns, in one word
    /// @param postcodes their forms, whole words
    record Address(
            String type,
            Set<Trait> traits,
            List<String> context,
            Set<String> before,
            Set<String> leads,
            Set<String> after,
            Set<String> endings,
            Set<String> districts,
            Set<String> areas,
            Set<String> places,
            List<Shape> postcodes)
            implements Identifier {}

    /// Words that tell of a protected matter; they are the find, and there is no context.
    record Words(String type, Set<Trait> traits, List<String> words) implements Identifier {
        @Override
        public List<String> context() {
            return List.of();
        }
    }
}
