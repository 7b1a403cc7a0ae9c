package org.diwan.language.template;

/// A function, macro or bound method.
@FunctionalInterface
interface Callable {
    Object call(Parameters parameters);
}
