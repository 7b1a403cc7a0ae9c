package org.diwan.language.template;

/// Python's `None`.
enum None {
    NONE
}
