package org.diwan.foundry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/// `./diwan foundry`: makes language models from text. A process of its own, because libtorch and
/// the corpus tools are large and bring libraries that the server should never load.
public final class Main {
    private static final String USAGE = """
            Usage: ./diwan foundry VERB RECIPE.yaml [--out FOLDER] [--data DIR]

              admit     text -> clean -> dedupe -> admit, and no further: which documents may be
                        learnt from, where the recipe names an admission
              build     text -> clean -> dedupe -> admit -> vocabulary -> tokenize -> train -> release
                        Stages that are done already are skipped; training goes on from its last
                        checkpoint.
              evaluate  bits per byte of the last checkpoint on held-out text, beside xz -9 and
                        5-grams; also in FOLDER/evaluation.json
              snapshot  release the last checkpoint of a training that is still running,
                        into FOLDER/snapshot

            FOLDER holds one folder a stage; default: build/<name of the recipe> beside the recipe.
            DIR is a data folder of ./diwan up, in whose ledger an admission is recorded; default: none.

            Example: DIWAN_DATA=/srv/text ./diwan foundry build recipes/arabic-demo.yaml --out /srv/arabic-demo
            """;

    private Main() {}

    /// Exit status 0: done; 1: failed, with the reason on standard error; 2: not understood.
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    static int run(List<String> args) {
        if (args.isEmpty() || args.contains("--help") || args.getFirst().equals("help")) {
            System.out.print(USAGE);
            return 0;
        }
        var options = new HashMap<String, Path>();
        for (int i = 2; i + 1 < args.size(); i += 2)
            options.put(args.get(i), Path.of(args.get(i + 1)).toAbsolutePath());
        boolean understood = args.size() >= 2
                && args.size() == 2 + 2 * options.size()
                && Set.of("--out", "--data").containsAll(options.keySet());
        try {
            if (understood) {
                Path file = Path.of(args.get(1)).toAbsolutePath();
                Recipe recipe = Recipe.read(file);
                Path folder = options.getOrDefault(
                        "--out", file.resolveSibling("build").resolve(recipe.name()));
                Path launcher = Path.of(System.getProperty("diwan.home", ""))
                        .toAbsolutePath()
                        .resolve("diwan");
                var build =
                        new Build(recipe, file.resolveSibling(""), folder, launcher, options.get("--data"), System.out);
                switch (args.getFirst()) {
                    case "admit" -> build.admit();
                    case "build" -> build.run();
                    case "evaluate" -> build.evaluate();
                    case "snapshot" -> build.snapshot(folder.resolve("snapshot"));
                    default -> understood = false;
                }
                if (understood) return 0;
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("foundry: " + e.getMessage());
            return 1;
        }
        System.err.print(USAGE);
        return 2;
    }
}
