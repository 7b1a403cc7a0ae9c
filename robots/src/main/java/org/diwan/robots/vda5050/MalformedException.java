package org.diwan.robots.vda5050;

/// A message that is not what its version says it is; the text names the member by its path, as
/// `order.nodes[2].nodePosition.x is missing`.
public final class MalformedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
        super(message);
    }

    MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}
