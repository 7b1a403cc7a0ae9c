package org.diwan.sovereignty;

import java.util.regex.Pattern;

/// A territory with its own law: a country by its ISO 3166-1 alpha-2 code in lower case (`sa`), or
/// a group of countries that share a law (`eu`), named by the pack that defines it.
///
/// The code is only checked for its form. Whether it means anything is for the packs to say, and
/// [org.diwan.sovereignty.policy.Policy] denies what no pack and no ISO list knows.
///
/// @param code 2 to 16 characters of `[a-z0-9-]`, the first a letter
public record Jurisdiction(String code) implements Comparable<Jurisdiction> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{1,15}");

    public Jurisdiction {
        if (!FORM.matcher(code).matches())
            throw new IllegalArgumentException("jurisdiction '" + code
                    + "' must be a lower-case ISO 3166-1 alpha-2 code such as sa, or a group such as eu");
    }

    @Override
    public int compareTo(Jurisdiction other) {
        return code.compareTo(other.code);
    }

    @Override
    public String toString() {
        return code;
    }
}
