package org.diwan.cloud.api;

import org.jspecify.annotations.Nullable;

/// The operator found a breach: body of `POST /v1/breaches`.
///
/// @param what happened, in the operator's words, [#MAX_WHAT] characters at most; the ledger gets a
///     commitment to them
/// @param personal whether data about people is concerned
/// @param says what the ledger says of it in clear, or null
public record BreachRequest(
        String what, boolean personal, @Nullable String says) {
    /// Longest description, in characters.
    public static final int MAX_WHAT = 10_000;

    /// Reads a request body.
    ///
    /// @throws ApiError 400 naming the field that is wrong
    public static BreachRequest parse(byte[] body, int maxSays) {
        var fields = Fields.of(body);
        var request = new BreachRequest(
                text("what", fields.requiredText("what"), MAX_WHAT),
                fields.flag("personal"),
                fields.text("says") == null ? null : text("says", fields.requiredText("says"), maxSays));
        fields.refuseOthers();
        return request;
    }

    private static String text(String name, String text, int limit) {
        if (text.isBlank() || text.length() > limit)
            throw ApiError.invalid(
                    name, "'" + name + "' has " + text.length() + " characters; it must have 1 to " + limit + ".");
        return Fields.wholeUnicode(text, name);
    }
}
