package org.diwan.robots.vda5050;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a value must be to stand in a message; an absent optional one (null) passes.
final class Check {
    static final long MAX_UINT32 = 0xffff_ffffL;

    /// π as the schemas round it up.
    static final double PI = 3.14159265359;

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private Check() {}

    static void uint32(String name, @Nullable Long value) {
        if (value != null && (value < 0 || value > MAX_UINT32))
            throw new IllegalArgumentException(name + " is " + value + ", must be in [0, 4294967295]");
    }

    static void finite(String name, @Nullable Double value) {
        between(name, value, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    static void angle(String name, @Nullable Double value) {
        between(name, value, -PI, PI);
    }

    static void notNegative(String name, @Nullable Double value) {
        between(name, value, 0, Double.MAX_VALUE);
    }

    static void between(String name, @Nullable Double value, double least, double most) {
        if (value != null && !(value >= least && value <= most))
            throw new IllegalArgumentException(name + " is " + value + ", must be in [" + least + ", " + most + "]");
    }

    /// RFC 3339, which the schemas' `date-time` means, has four digits for the year.
    static Instant time(String name, Instant value) {
        if (value.isBefore(FIRST) || value.isAfter(LAST))
            throw new IllegalArgumentException(name + " is " + value + ", must be in the years 0000 to 9999");
        return value;
    }

    /// A value of an action parameter (§7.3.1): anything but null, and no number beyond a double.
    static JsonNode value(String name, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) throw new IllegalArgumentException(name + " is null");
        finite(name, value);
        return value;
    }

    /// The reader bounds the depth ([Codec#MAX_DEPTH]).
    private static void finite(String name, JsonNode value) {
        if (value.isNumber()) finite(name, Double.valueOf(value.doubleValue()));
        for (var child : value) finite(name, child);
    }
}
