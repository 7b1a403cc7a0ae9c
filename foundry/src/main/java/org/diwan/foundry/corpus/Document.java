package org.diwan.foundry.corpus;

/// One text of a corpus.
///
/// @param source name of the recipe's source that it came from
/// @param id unique within its source; decides whether it is held out
/// @param title empty where unknown
/// @param text paragraphs separated by line feeds
public record Document(String source, String id, String title, String text) {
    /// The same document with another text.
    public Document withText(String other) {
        return new Document(source, id, title, other);
    }
}
