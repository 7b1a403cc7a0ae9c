package org.diwan.cloud.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.diwan.cloud.api.Json;

/// The words of a page in the language of a law and in English, from `labels.json`.
///
/// @param language tag of the law's language; English where there are no words in it
record Labels(String language, JsonNode words, JsonNode english) {
    static Labels in(String language) {
        try (var in = Labels.class.getResourceAsStream("labels.json")) {
            if (in == null) throw new AssertionError("labels.json lies beside this class");
            var all = Json.parse(in.readAllBytes());
            var english = all.path("en");
            return all.has(language)
                    ? new Labels(language, all.path(language), english)
                    : new Labels("en", english, english);
        } catch (IOException e) {
            throw new AssertionError("labels.json is part of the program", e);
        }
    }

    boolean isRightToLeft() {
        return language.equals("ar");
    }

    boolean isEnglish() {
        return language.equals("en");
    }

    /// The word in the law's language.
    String word(String key) {
        return words.path(key).textValue();
    }

    /// The word in English.
    String english(String key) {
        return english.path(key).textValue();
    }
}
