package org.diwan.language.template;

/// What a name or an attribute that does not exist evaluates to: false, empty and printed as
/// nothing, but an error as soon as it is computed with.
///
/// @param what how an error message calls it, such as `'tools'`
record Undefined(String what) {
    Problem problem() {
        return new Problem(what + " is undefined");
    }
}
