package org.diwan.datacenter.page;

/// Text inside HTML and SVG.
final class Html {
    private Html() {}

    /// `text` as content, or as the value of an attribute in double quotes.
    static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
