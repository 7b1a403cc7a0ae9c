package org.diwan.cloud.upstream;

import java.net.URI;
import java.util.regex.Pattern;
import org.diwan.sovereignty.Jurisdiction;
import org.jspecify.annotations.Nullable;

/// Where an upstream is, and under whose law.
///
/// @param name the operator's name for it: 1 to 32 of `[a-z0-9-]`; its models are `name/model`
/// @param base the address that `/chat/completions` is appended to, such as `https://llm.example/v1`
/// @param key sent as bearer token; null sends none
public record UpstreamAddress(
        String name,
        URI base,
        Jurisdiction jurisdiction,
        @Nullable String key) {
    private static final Pattern FORM = Pattern.compile("([a-z0-9-]{1,32})=(https?://[^@\\s]+)@([a-z0-9-]+)");

    /// Reads `NAME=URL@JURISDICTION`.
    ///
    /// @param key see the component
    /// @throws IllegalArgumentException saying what the form is
    public static UpstreamAddress parse(String text, @Nullable String key) {
        var parts = FORM.matcher(text);
        if (!parts.matches())
            throw new IllegalArgumentException(
                    "upstream '" + text + "' is not NAME=URL@JURISDICTION, such as partner=https://llm.example/v1@de");
        String base = parts.group(2).replaceAll("/+$", "");
        return new UpstreamAddress(parts.group(1), URI.create(base), new Jurisdiction(parts.group(3)), key);
    }

    /// The environment variable that holds the key of the upstream `name`.
    public static String keyVariable(String name) {
        return "DIWAN_UPSTREAM_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_') + "_KEY";
    }

    /// The name in `NAME=URL@JURISDICTION`, also when the rest is malformed.
    public static String name(String text) {
        return text.substring(0, Math.max(0, text.indexOf('=')));
    }

    /// Without the key.
    @Override
    public String toString() {
        return name + "=" + base + "@" + jurisdiction;
    }
}
