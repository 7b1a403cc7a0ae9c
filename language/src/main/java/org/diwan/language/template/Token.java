package org.diwan.language.template;

/// One token of a template's source.
///
/// @param line counted from 1
/// @param text the data, the name, the value of the string, the digits or the operator
record Token(Kind kind, String text, int line) {
    enum Kind {
        DATA,
        OUTPUT_BEGIN,
        OUTPUT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind kind, String text) {
        return this.kind == kind && this.text.equals(text);
    }

    /// How an error message calls it.
    String described() {
        return switch (kind) {
            case DATA -> "text";
            case OUTPUT_BEGIN -> "'{{'";
            case OUTPUT_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case NAME, STRING, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
            case END -> "the end of the template";
        };
    }
}
