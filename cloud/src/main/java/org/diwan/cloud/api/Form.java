package org.diwan.cloud.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.diwan.language.grammar.Grammar;

/// What the text of an answer has to look like.
///
/// @param source the schema as JSON text, the expression or the grammar; empty for [Kind#JSON_OBJECT]
public record Form(Kind kind, String source) {
    /// Where a form comes from.
    public enum Kind {
        JSON_OBJECT("json_object", "response_format"),
        JSON_SCHEMA("json_schema", "response_format.json_schema.schema"),
        REGEX("regex", "guided_regex"),
        GRAMMAR("grammar", "guided_grammar");

        private final String label;
        private final String field;

        Kind(String label, String field) {
            this.label = label;
            this.field = field;
        }

        /// As receipts write it.
        public String label() {
            return label;
        }

        /// The field of a request that error messages name.
        public String field() {
            return field;
        }

        /// The kind with that label.
        ///
        /// @throws IllegalArgumentException when there is none
        public static Kind of(String label) {
            for (Kind kind : values()) if (kind.label.equals(label)) return kind;
            throw new IllegalArgumentException("no form of kind '" + label + "'");
        }
    }

    /// The texts that have this form.
    ///
    /// @throws org.diwan.language.grammar.GrammarException when the source cannot be read or asks for
    ///     what is not supported
    public Grammar grammar() {
        return switch (kind) {
            case JSON_OBJECT -> Grammar.jsonObject();
            case JSON_SCHEMA -> Grammar.jsonSchema(schema());
            case REGEX -> Grammar.regex(source);
            case GRAMMAR -> Grammar.gbnf(source);
        };
    }

    private Object schema() {
        try {
            Object schema = Json.plain(Json.parse(source.getBytes(StandardCharsets.UTF_8)));
            return schema == null ? "null" : schema;
        } catch (IOException e) {
            throw new IllegalArgumentException("the schema is no JSON text: " + e.getMessage(), e);
        }
    }
}
