package org.diwan.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.diwan.base.CanonicalJson;

/// `bench sovereignty PART …`: what it costs to decide and to record. Each part measures one thing and
/// first checks that what it measures is right.
final class SovereigntyBench {
    /// One part: its figures by name.
    @FunctionalInterface
    private interface Part {
        Map<String, Object> measure(Options options) throws Exception;
    }

    private static final Map<String, Part> PARTS = new LinkedHashMap<>(Map.of("policy", PolicyBench::measure));

    private SovereigntyBench() {}

    /// Measures the parts named, or all; prints; returns the exit code 0.
    ///
    /// @throws IllegalArgumentException naming a part that there is not
    static int run(Options options, PrintStream out) throws Exception {
        var result = new LinkedHashMap<String, Object>();
        result.put("machine", Machine.name());
        for (String name : options.plain().isEmpty() ? List.copyOf(PARTS.keySet()) : options.plain()) {
            var part = PARTS.get(name);
            if (part == null)
                throw new IllegalArgumentException(
                        "no part '" + name + "'; there are " + String.join(", ", PARTS.keySet()));
            result.put(name, part.measure(options));
        }
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else result.forEach((name, value) -> out.println(name + ": " + value));
        return 0;
    }
}
