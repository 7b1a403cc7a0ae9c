package org.diwan.cloud.report;

/// An entry that is not as the rules want it.
///
/// @param index of the entry
/// @param detail for people
public record Contradiction(Kind kind, long index, String detail) {
    /// What can be wrong.
    public enum Kind {
        /// A request was allowed that the law of the report denies.
        ALLOWED_AGAINST_LAW("allowed, and denied by the law of this report"),
        /// Something was answered that no earlier entry allows.
        UNDECIDED("answered without a decision that allows it"),
        /// Another place answered than was decided.
        ELSEWHERE("answered elsewhere than decided"),
        /// A person had to agree, and the log does not say that one did.
        UNAPPROVED("answered without the approval that was due"),
        /// An entry that cannot be read, or does not follow from those before.
        UNREADABLE("cannot be read");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /// As reports spell it.
        public String label() {
            return label;
        }
    }
}
