package org.diwan.bench;

import java.io.PrintStream;
import java.nio.file.Path;
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

    private static final Map<String, Part> PARTS = parts();

    private static Map<String, Part> parts() {
        var parts = new LinkedHashMap<String, Part>();
        parts.put("policy", PolicyBench::measure);
        parts.put("classify", ClassifyBench::measure);
        parts.put("vault", options -> VaultBench.measure(folder(options)));
        return parts;
    }

    private SovereigntyBench() {}

    private static Path folder(Options options) {
        return Path.of(options.named().getOrDefault("folder", System.getProperty("java.io.tmpdir")));
    }

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
