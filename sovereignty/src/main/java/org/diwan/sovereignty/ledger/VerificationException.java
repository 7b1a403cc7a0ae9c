package org.diwan.sovereignty.ledger;

/// A proof, signature or file does not say what it claims to say; the message names what differs.
/// Whoever verified must treat the claim as false, not as unknown.
public sealed class VerificationException extends Exception permits ForkException {
    private static final long serialVersionUID = 1;

    public VerificationException(String message) {
        super(message);
    }
}
