package org.diwan.sovereignty.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.diwan.sovereignty.Finding;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Names: single cases, generated sentences, and the labelled Korean sentences of KLUE.
/// The figures that it prints are those of docs/POLICY.md.
class NameTest {
    private static final Classifier CLASSIFIER = ClassifierTest.CLASSIFIER;

    /// Half of the names of each language are in no pack.
    private static final Map<String, List<String>> NAMES = Map.of(
            "ar",
                    List.of(
                            "محمد بن سعد القحطاني",
                            "نورة الدوسري",
                            "فهد عبدالله الشمري",
                            "سارة بنت خالد",
                            "أحمد العتيبي",
                            "رغد باوزير",
                            "معتز فلمبان",
                            "هيثم كعكي",
                            "شذى بخاري",
                            "لجين الصيرفي"),
            "de",
                    List.of(
                            "Anna Schmidt",
                            "Thomas Müller",
                            "Sabine Wagner",
                            "Jürgen von Braun",
                            "Laura Hoffmann",
                            "Friederike Obermoser",
                            "Anna Kowalczyk",
                            "Detlef Zschoche",
                            "Thomas Nguyen",
                            "Svetlana Petrova"),
            "fil",
                    List.of(
                            "Juan dela Cruz",
                            "Maria Santos",
                            "Jose Reyes",
                            "Ana Bautista",
                            "Ramon Garcia",
                            "Maria Katigbak",
                            "Bayani Lacson",
                            "Jose Quiambao",
                            "Ligaya Sumulong",
                            "Crisanto Gatdula"),
            "en",
                    List.of(
                            "John Smith",
                            "Mary Johnson",
                            "David Brown",
                            "Sarah Miller",
                            "James Wilson",
                            "John Okonkwo",
                            "Siobhan Fitzgerald",
                            "Priya Raghavan",
                            "Mary Featherstone",
                            "Declan Byrne"));

    /// Where `#` is the name.
    private static final Map<String, List<String>> SENTENCES = Map.of(
            "ar", List.of("اسمي # وأسكن في الرياض.", "السيد # لم يستلم الراتب.", "اتصل بنا # أمس بخصوص العقد."),
            "de", List.of("Mein Name ist #.", "Sehr geehrte Frau #, wir danken Ihnen.", "Gestern hat # angerufen."),
            "fil", List.of("Ang pangalan ko ay #.", "Si Gng. # ay tumawag.", "Kahapon ay tumawag si #."),
            "en", List.of("My name is #.", "Please call Mrs #, she waits.", "Yesterday # called about it."));

    private static final Map<String, List<String>> NOBODY = Map.of(
            "ar",
                    List.of(
                            "حكم الملك عبدالعزيز البلاد سنوات طويلة.",
                            "يقع المتحف في شارع الملك فهد.",
                            "صدر النظام بمرسوم ملكي.",
                            "جامعة الإمام محمد بن سعود الإسلامية."),
            "de",
                    List.of(
                            "Kaiser Friedrich regierte lange.",
                            "Die Universität liegt am Platz.",
                            "Das Gesetz gilt seit Mai.",
                            "Frau Ministerin, meine Herren."),
            "fil",
                    List.of(
                            "Ang Lungsod ng Quezon ay malaki.",
                            "Binasa ko ang Noli Me Tangere.",
                            "Ang Pangulo ay nagsalita."),
            "en",
                    List.of(
                            "King Richard ruled for ten years.",
                            "The Supreme Court met on Monday.",
                            "New York is a city.",
                            "The Smith Institute published it."));

    @Test
    void aNameWithItsTitleOrContextIsPersonalAndOneAloneIsNot() {
        for (String text : List.of(
                "Frau Anna Schmidt",
                "Mein Name ist Anna Kowalczyk.",
                "السيد محمد القحطاني",
                "اسمي نورة الدوسري",
                "김민수 씨",
                "김민수님은",
                "성명: 이서연",
                "Gng. Maria Santos",
                "My name is John Smith.")) assertTrue(personal(text), text);
        for (String text : List.of(
                "Anna ging nach Hause.",
                "King Richard Smith ruled.",
                "حكم الملك عبدالعزيز بن عبدالرحمن البلاد",
                "Herr Präsident",
                "이번에는 비가 온다",
                "세종대왕은 왕이다",
                "Maria Santos")) assertFalse(personal(text), text);
    }

    @Test
    void aNameIsFoundFromItsFirstToItsLastLetter() {
        String text = "وقابلت السيد محمد بن سعد القحطاني أمس";
        var name = CLASSIFIER.find(text).getFirst();
        assertEquals("محمد بن سعد القحطاني", text.substring(name.start(), name.end()));
        String korean = "어제 김민수씨는 왔다";
        var found = CLASSIFIER.find(korean).getFirst();
        assertEquals("김민수", korean.substring(found.start(), found.end()));
    }

    @Test
    void koreanNamesAreToldByHonorificAgeAndSyllables() {
        for (String text :
                List.of("김민수(33)씨가 왔다", "이모(51)씨는 말했다", "박씨에게 물었다", "최 전 대표는", "배우 송강호가", "남궁민수 교수는", "한효주랑 같이"))
            assertTrue(told(text), text);
        for (String text : List.of("이 감독은", "전성기 때문에", "손님이 많다", "이번 영화", "최고의 배우", "고양이는 귀엽다", "정도의 차이"))
            assertFalse(told(text), text);
    }

    @Test
    void generatedSentencesAreMeasured() {
        var random = new SplittableRandom(3);
        for (var language : List.of("ar", "de", "fil", "en")) {
            int names = 0;
            var found = new int[2];
            var wrong = new int[2];
            for (int i = 0; i < 2_000; i++) {
                boolean innocent = random.nextInt(3) == 0;
                String name = one(NAMES, language, random);
                String sentence = innocent
                        ? one(NOBODY, language, random)
                        : one(SENTENCES, language, random).replace("#", name);
                if (!innocent) names++;
                int start = innocent ? -1 : sentence.indexOf(name);
                var seen = new boolean[2];
                for (var finding : CLASSIFIER.find(sentence)) {
                    if (!finding.type().equals("NAME")) continue;
                    boolean right = start >= 0 && finding.start() < start + name.length() && finding.end() > start;
                    for (int level = 0; level < (finding.personal() ? 2 : 1); level++) {
                        if (!right) wrong[level]++;
                        seen[level] |= right;
                    }
                }
                for (int level = 0; level < 2; level++) if (seen[level]) found[level]++;
            }
            print(language + ", generated", names, found, wrong);
            assertTrue(found[1] > names / 4, language);
            assertTrue(wrong[1] * 20 <= found[1], () -> language + ": too many that are nobody's");
        }
    }

    /// The rules were chosen on one half of the sentences and are held to the other.
    @Test
    void koreanNewsAndReviewsAreMeasured() throws Exception {
        String data = System.getenv("DIWAN_DATA");
        Assumptions.assumeTrue(data != null, "skipped: DIWAN_DATA is not set, no labelled names");
        var sentences = klue(Path.of(data, "eval", "klue", "klue-ner-v1.1_dev.tsv"));
        for (int half = 0; half < 2; half++) {
            int names = 0;
            var found = new int[2];
            var wrong = new int[2];
            for (var sentence : sentences) {
                if (half(sentence.text) != half) continue;
                names += sentence.names.size();
                var findings = CLASSIFIER.find(sentence.text).stream()
                        .filter(finding -> finding.type().equals("NAME"))
                        .toList();
                for (int level = 0; level < 2; level++) {
                    boolean strict = level == 1;
                    for (int[] name : sentence.names)
                        if (findings.stream()
                                .anyMatch(finding -> touches(finding, name) && (finding.personal() || !strict)))
                            found[level]++;
                    for (var finding : findings)
                        if ((finding.personal() || !strict)
                                && sentence.names.stream().noneMatch(name -> touches(finding, name))) wrong[level]++;
                }
            }
            print("ko, KLUE NER dev, half " + half + (half == 0 ? " (rules chosen on it)" : ""), names, found, wrong);
            assertTrue(found[0] > 9 * wrong[0], "fewer than nine of ten are right");
            assertTrue(found[0] > 0.3 * names, "fewer than three of ten are found");
        }
    }

    /// The lowest bit of the first byte of SHA-256.
    private static int half(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))[0] & 1;
    }

    private record Labelled(String text, List<int[]> names) {}

    /// One syllable and its label in a line; an empty line between sentences.
    private static List<Labelled> klue(Path file) throws Exception {
        var sentences = new ArrayList<Labelled>();
        var text = new StringBuilder();
        var names = new ArrayList<int[]>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("##")) continue;
            int tab = line.indexOf('\t');
            if (tab < 0) {
                if (text.length() > 0) sentences.add(new Labelled(text.toString(), List.copyOf(names)));
                text.setLength(0);
                names.clear();
                continue;
            }
            String label = line.substring(tab + 1);
            int start = text.length();
            text.append(line, 0, tab);
            if (label.equals("B-PS")) names.add(new int[] {start, text.length()});
            if (label.equals("I-PS")) names.getLast()[1] = text.length();
        }
        return sentences;
    }

    private static void print(String what, int names, int[] found, int[] wrong) {
        System.out.printf(
                "%s: %d names; told: recall %.3f, precision %.3f; personal: recall %.3f, precision %.3f%n",
                what,
                names,
                (double) found[0] / names,
                (double) found[0] / (found[0] + wrong[0]),
                (double) found[1] / names,
                (double) found[1] / (found[1] + wrong[1]));
    }

    private static boolean touches(Finding finding, int[] name) {
        return finding.start() < name[1] && finding.end() > name[0];
    }

    private static boolean told(String text) {
        return CLASSIFIER.find(text).stream().anyMatch(finding -> finding.type().equals("NAME"));
    }

    private static boolean personal(String text) {
        return CLASSIFIER.find(text).stream().anyMatch(Finding::personal);
    }

    private static String one(Map<String, List<String>> texts, String language, SplittableRandom random) {
        var list = texts.getOrDefault(language, List.of());
        return list.get(random.nextInt(list.size()));
    }
}
