package org.diwan.datacenter.telemetry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/// Reads the Prometheus text format (version 0.0.4), such as DCGM's exporter prints: one sample a line,
/// `name{label="value",…} number [milliseconds]`. A line that cannot be read is counted and left out.
public final class PrometheusText {
    /// Most samples of one page: a server has some hundreds.
    public static final int MAX_SAMPLES = 100_000;

    /// Longest line in characters.
    private static final int MAX_LINE = 16_384;

    /// DCGM's ways to say that there is no value (`dcgm_structs.h`, DCGM_INT32_BLANK and so on): the blank
    /// itself and up to 15 above it say why.
    private static final double INT32_BLANK = 0x7ffffff0;

    private static final double INT64_BLANK = 0x7ffffffffffffff0L;
    private static final double FP64_BLANK = 140_737_488_355_328.0;

    /// One sample.
    public record Sample(String name, Map<String, String> labels, double value) {}

    /// What a page holds.
    ///
    /// @param unreadable lines that are no sample
    /// @param blank samples by which DCGM says that it has no value
    public record Page(List<Sample> samples, int unreadable, int blank) {}

    private PrometheusText() {}

    /// The samples of `text`, blanks left out.
    public static Page parse(String text) {
        var samples = new ArrayList<Sample>();
        int unreadable = 0;
        int blank = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.isBlank() || line.startsWith("#")) continue;
            var sample = line.length() > MAX_LINE || samples.size() >= MAX_SAMPLES ? null : new Line(line).sample();
            if (sample == null) unreadable++;
            else if (isBlank(sample)) blank++;
            else samples.add(sample);
        }
        return new Page(samples, unreadable, blank);
    }

    /// A 32-bit blank may be a true count of bytes elsewhere, so only DCGM's own fields are looked at.
    private static boolean isBlank(Sample sample) {
        double value = sample.value();
        return sample.name().startsWith("DCGM_FI_")
                && (value >= INT64_BLANK
                        || (value >= INT32_BLANK && value < INT32_BLANK + 16)
                        || (value >= FP64_BLANK && value < FP64_BLANK + 16));
    }

    /// Brings a DCGM page into `readings` for the server `thing`: the mean of GPUs' use, the hottest, the
    /// sum of power and memory. How many values were taken.
    public static int store(Page page, String thing, long second, Readings readings) {
        int taken = 0;
        taken += store(
                readings,
                thing,
                Metric.GPU_PERCENT,
                second,
                values(page, "DCGM_FI_DEV_GPU_UTIL").average());
        taken += store(
                readings,
                thing,
                Metric.GPU_CELSIUS,
                second,
                values(page, "DCGM_FI_DEV_GPU_TEMP").max());
        var memory = values(page, "DCGM_FI_DEV_FB_USED").boxed().toList();
        if (!memory.isEmpty())
            taken += store(
                    readings,
                    thing,
                    Metric.GPU_MEMORY_MIB,
                    second,
                    OptionalDouble.of(
                            memory.stream().mapToDouble(Double::doubleValue).sum()));
        return taken;
    }

    private static DoubleStream values(Page page, String name) {
        return page.samples().stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Sample::value);
    }

    private static int store(Readings readings, String thing, Metric metric, long second, OptionalDouble value) {
        return value.isPresent() && readings.add(thing, metric, second, value.getAsDouble()) ? 1 : 0;
    }

    /// A reader of one line.
    private static final class Line {
        private final String text;
        private int at;

        Line(String text) {
            this.text = text;
        }

        @Nullable
        Sample sample() {
            String name = name();
            if (name.isEmpty()) return null;
            var labels = new HashMap<String, String>();
            if (at < text.length() && text.charAt(at) == '{' && !labels(labels)) return null;
            String[] rest = text.substring(at).strip().split("\\s+", -1);
            if (rest.length < 1 || rest.length > 2) return null;
            try {
                return new Sample(name, Map.copyOf(labels), number(rest[0]));
            } catch (NumberFormatException e) {
                return null;
            }
        }

        private static double number(String word) {
            return switch (word) {
                case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(word);
            };
        }

        private String name() {
            int from = at;
            while (at < text.length() && isName(text.charAt(at))) at++;
            return text.substring(from, at);
        }

        private static boolean isName(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
        }

        private boolean labels(Map<String, String> labels) {
            at++;
            while (at < text.length() && text.charAt(at) != '}') {
                String name = name();
                if (name.isEmpty() || !text.startsWith("=\"", at)) return false;
                at += 2;
                var value = new StringBuilder();
                while (at < text.length() && text.charAt(at) != '"') {
                    char c = text.charAt(at++);
                    if (c == '\\' && at < text.length()) {
                        char escaped = text.charAt(at++);
                        value.append(escaped == 'n' ? '\n' : escaped);
                    } else value.append(c);
                }
                at++;
                labels.put(name, value.toString());
                if (at < text.length() && text.charAt(at) == ',') at++;
            }
            at++;
            return at <= text.length();
        }
    }
}
