package org.diwan.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.mission.ChatEndpoint;
import org.diwan.robots.mission.Exam;
import org.diwan.robots.mission.Premises;
import org.diwan.robots.mission.PremisesFile;

/// `bench robots missions`: how many utterances are understood, judged by what robots then do ([Exam]).
///
/// Split `dev` was written with the lexicon, `test` and `late` afterwards; what has been looked at since is in
/// docs/LOG.md.
final class MissionBench {
    /// For one answer of a model.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private MissionBench() {}

    /// Prints a table for the rules, and beside it one for a model behind `--chat URL --key K --model M`.
    static int run(Options options, PrintStream out) throws IOException {
        var home = Path.of(System.getProperty("diwan.home", ""));
        var exam = Exam.read(home.resolve("robots/src/test/resources/org/diwan/robots/mission"));
        var premises = PremisesFile.read(home.resolve("recipes/robots/hospital-premises.yaml"));
        var result = new LinkedHashMap<String, Object>();
        result.put("machine", Machine.name());
        long start = System.nanoTime();
        var rules = exam.rules(premises);
        result.put("rulesSecondsEach", Math.round((System.nanoTime() - start) / 1e5 / rules.size()) / 1e4);
        result.put("rules", table(rules));
        if (options.named().containsKey("chat")) {
            String only = options.named().getOrDefault("only", "");
            start = System.nanoTime();
            var chat = chat(exam, premises, options, only);
            result.put("chatSecondsEach", Math.round((System.nanoTime() - start) / 1e7 / chat.size()) / 1e2);
            result.put("chat", table(chat));
            var same = rules.stream()
                    .filter(mark -> only.isEmpty() || mark.split().equals(only))
                    .toList();
            result.put("beside", beside(same, chat));
        }
        if (options.named().containsKey("json")) out.println(CanonicalJson.text(result));
        else print(result, rules, out);
        return 0;
    }

    private static List<Exam.Mark> chat(Exam exam, Premises premises, Options options, String only) {
        var endpoint =
                new ChatEndpoint(URI.create(options.text("chat")), options.text("key"), options.text("model"), LIMIT);
        return exam.chat(premises, endpoint, only);
    }

    /// Right and all, by split, language and kind; with what became a job and must not, where there is any.
    private static Map<String, Object> table(List<Exam.Mark> marks) {
        var rows = new TreeMap<String, List<Exam.Mark>>();
        for (var mark : marks)
            for (String kind : List.of(mark.kind(), "all"))
                rows.computeIfAbsent(mark.split() + " " + mark.language() + " " + kind, same -> new ArrayList<>())
                        .add(mark);
        var table = new LinkedHashMap<String, Object>();
        rows.forEach((name, row) -> {
            long right = row.stream().filter(Exam.Mark::right).count();
            long acted = row.stream().filter(Exam.Mark::acted).count();
            table.put(name, right + "/" + row.size() + (acted == 0 ? "" : ", became jobs: " + acted));
        });
        return table;
    }

    /// On the same utterances: both right, only the rules, only the model, neither.
    private static Map<String, Object> beside(List<Exam.Mark> rules, List<Exam.Mark> chat) {
        long both = 0;
        long rulesOnly = 0;
        long chatOnly = 0;
        for (int i = 0; i < rules.size(); i++) {
            boolean one = rules.get(i).right();
            boolean other = chat.get(i).right();
            if (one && other) both++;
            else if (one) rulesOnly++;
            else if (other) chatOnly++;
        }
        return Map.of(
                "bothRight", both,
                "rulesOnly", rulesOnly,
                "chatOnly", chatOnly,
                "neither", rules.size() - both - rulesOnly - chatOnly);
    }

    private static void print(Map<String, Object> result, List<Exam.Mark> rules, PrintStream out) {
        result.forEach((name, value) -> {
            if (value instanceof Map<?, ?> table) {
                out.println(name + ":");
                table.forEach((row, figure) -> out.println("  " + row + ": " + figure));
            } else out.println(name + ": " + value);
        });
        for (var mark : rules)
            if (!mark.right()) out.println(mark.intent() + " " + mark.text() + "\n    " + mark.what());
    }
}
