package org.diwan.sovereignty.ledger;

/// A log has signed two checkpoints that contradict each other: what it must never do. The proof
/// convinces everybody who has the log's keys.
public final class ForkException extends VerificationException {
    private static final long serialVersionUID = 1;

    private final transient ForkProof proof;

    ForkException(String message, ForkProof proof) {
        super(message);
        this.proof = proof;
    }

    public ForkProof proof() {
        return proof;
    }
}
