package org.diwan.cloud.audit;

/// One answer of the sample, and what became of it.
///
/// @param index of its entry in the log
/// @param receipt id of its receipt
/// @param detail for people: what was compared, or what differs
public record Drawn(long index, String receipt, Verdict verdict, String detail) {
    /// What an auditor can say of an answer.
    public enum Verdict {
        /// Run again, it came out the same, to the bit.
        IDENTICAL("identical"),
        /// An upstream's answer that the weights it claims make likely.
        PLAUSIBLE("plausible"),
        /// An upstream's answer on record, whose weights nobody claimed.
        UNCHECKED("unchecked"),
        /// Its texts were erased, and the log says so.
        ERASED("erased"),
        /// Its texts were not handed out, and the log does not say why.
        WITHHELD("withheld"),
        /// An upstream's answer that the weights it claims make unlikely.
        IMPLAUSIBLE("implausible"),
        /// An upstream's tokens that do not spell the words it said.
        MISSPELT("misspelt"),
        /// Something in it is not as it was recorded.
        FORGED("forged");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        /// As reports spell it.
        public String label() {
            return label;
        }

        /// Whether the operator has to answer for it.
        public boolean isFinding() {
            return this == WITHHELD || this == IMPLAUSIBLE || this == MISSPELT || this == FORGED;
        }

        /// Whether a forgery would have shown.
        public boolean isConclusive() {
            return this == IDENTICAL || isFinding();
        }
    }
}
