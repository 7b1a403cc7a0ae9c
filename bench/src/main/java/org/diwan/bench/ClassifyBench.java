package org.diwan.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.classify.Classifier;

/// `bench sovereignty classify`: how long a text of 4 KiB takes with every pack there is: plain words of five
/// languages, and a letter full of identifiers.
final class ClassifyBench {
    private static final int SIZE = 4096;

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
        return result;
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
