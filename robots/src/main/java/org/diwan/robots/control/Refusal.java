package org.diwan.robots.control;

/// A request that is not answered, and why.
public final class Refusal extends RuntimeException {
    private final int status;
    private final String field;

    /// @param status of HTTP, 400 to 499
    /// @param field of the body or the query that is at fault; empty if none is
    Refusal(int status, String field, String message) {
        super(message, null, false, false);
        this.status = status;
        this.field = field;
    }

    public int status() {
        return status;
    }

    public String field() {
        return field;
    }
}
