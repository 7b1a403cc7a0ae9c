package org.diwan.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.classify.Redactor;

/// `bench sovereignty classify`: how long a text of 4 KiB takes with every pack there is: plain words of five
/// languages, and a letter full of identifiers; then what the output guard adds to each token of an answer of
/// 1,000 tokens of four characters of the same two texts, and the most that it held back.
final class ClassifyBench {
    private static final int SIZE = 4096;

    /// Of an answer behind the guard, and characters of each.
    private static final int TOKENS = 1_000;

    private static final int TOKEN_LENGTH = 4;

    private static final String PLAIN =
            "The museum opens at nine and closes at five on weekdays. Das Museum öffnet um neun Uhr. "
                    + "박물관은 아홉 시에 문을 엽니다. يفتح المتحف أبوابه في التاسعة صباحا. Bukas ang museo mula alas nuwebe. ";

    private static final String FULL =
            "هويتي الوطنية 1058529940 وجوالي 0501234567. Steuer-ID 86 095 742 719, IBAN DE89 3704 0044 0532"
                    + " 0130 00. 주민등록번호는 971013-9019902입니다. TIN 123-456-789-000, me@example.org. ";

    private ClassifyBench() {}

    /// The figures: times of one text in microseconds, and what was found in it.
    static Map<String, Object> measure(Options options) throws IOException {
        int rounds = options.number("rounds", 3_000, 100, 1_000_000);
        var packs = Law.packs(Path.of(System.getProperty("diwan.home", "."), "packs"));
        var classifier = Classifier.of(packs);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("packs", packs.size());
        result.put("plain", measure(classifier, cut(PLAIN), rounds));
        result.put("full", measure(classifier, cut(FULL), rounds));
        result.put("guardPlain", guard(classifier, PLAIN, rounds / 100));
        result.put("guardFull", guard(classifier, FULL, rounds / 100));
        return result;
    }

    private static Map<String, Object> guard(Classifier classifier, String unit, int rounds) {
        String text = unit.repeat(TOKENS * TOKEN_LENGTH / unit.length() + 1);
        var nanos = new long[rounds * TOKENS];
        int held = 0;
        var redacted = new StringBuilder();
        var thread = ManagementFactory.getThreadMXBean();
        long cpuNanos = 0;
        for (int i = -rounds; i < rounds; i++) {
            var redactor = new Redactor(classifier);
            redacted.setLength(0);
            if (i == 0) cpuNanos = -thread.getCurrentThreadCpuTime();
            for (int token = 0; token < TOKENS; token++) {
                String piece = text.substring(token * TOKEN_LENGTH, (token + 1) * TOKEN_LENGTH);
                long begin = System.nanoTime();
                String told = redactor.push(piece);
                if (i >= 0) nanos[i * TOKENS + token] = System.nanoTime() - begin;
                redacted.append(told);
                held = Math.max(held, redactor.held());
            }
            redacted.append(redactor.finish());
        }
        cpuNanos += thread.getCurrentThreadCpuTime();
        String said = text.substring(0, TOKENS * TOKEN_LENGTH);
        if (!redacted.toString().equals(Classifier.redact(said, classifier.find(said))))
            throw new IllegalStateException("the guard tells something else than the redaction of the whole text");
        Map<String, Object> times = new LinkedHashMap<>();
        times.put("meanCpuMicros", cpuNanos / (1000.0 * nanos.length));
        Arrays.sort(nanos);
        times.put("p50Micros", nanos[nanos.length / 2] / 1000.0);
        times.put("p99Micros", nanos[nanos.length / 100 * 99] / 1000.0);
        times.put("mostHeld", held);
        return times;
    }

    private static String cut(String unit) {
        var text = new StringBuilder();
        while (text.toString().getBytes(StandardCharsets.UTF_8).length < SIZE) text.append(unit);
        while (text.toString().getBytes(StandardCharsets.UTF_8).length > SIZE) text.setLength(text.length() - 1);
        return text.toString();
    }

    private static Map<String, Object> measure(Classifier classifier, String text, int rounds) {
        var nanos = new long[rounds];
        int found = 0;
        for (int i = -rounds; i < rounds; i++) {
            long begin = System.nanoTime();
            found = classifier.find(text).size();
            if (i >= 0) nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        Map<String, Object> times = new LinkedHashMap<>();
        times.put("findings", found);
        times.put("p50Micros", nanos[rounds / 2] / 1000);
        times.put("p99Micros", nanos[rounds * 99 / 100] / 1000);
        return times;
    }
}
