package org.diwan.foundry.corpus;

/// One text of a corpus.
///
/// @param source name of the recipe's source that it came from
/// @param id unique within its source; decides whether it is held out
/// @param title empty where unknown
/// @param text paragraphs separated by line feeds
/// @param licence of its own; empty if it is under its source's
/// @param jurisdiction whose law it is under, as a country's code; empty if it does not say
public record Document(String source, String id, String title, String text, String licence, String jurisdiction) {
    /// A document that says nothing of licence and law.
    public Document(String source, String id, String title, String text) {
        this(source, id, title, text, "", "");
    }

    /// The same document with another text.
    public Document withText(String other) {
        return new Document(source, id, title, other, licence, jurisdiction);
    }
}
