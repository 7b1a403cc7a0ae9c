package org.diwan.foundry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `./diwan foundry`: makes language models from text. A process of its own, because libtorch and
/// the corpus tools are large and bring libraries that the server should never load.
public final class Main {
    private static final String USAGE = """
            Usage: ./diwan foundry build RECIPE.yaml [--out FOLDER]

              build   text -> clean -> dedupe -> vocabulary -> tokenize -> train -> release
                      Stages that are done already are skipped; training goes on from its last
                      checkpoint. Default folder: build/<name of the recipe> beside the recipe.

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
        try {
            if (args.getFirst().equals("build")
                    && (args.size() == 2 || (args.size() == 4 && args.get(2).equals("--out")))) {
                Path file = Path.of(args.get(1)).toAbsolutePath();
                Recipe recipe = Recipe.read(file);
                Path folder = args.size() == 4
                        ? Path.of(args.get(3)).toAbsolutePath()
                        : file.resolveSibling("build").resolve(recipe.name());
                new Build(recipe, file.resolveSibling(""), folder, System.out).run();
                return 0;
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("foundry: " + e.getMessage());
            return 1;
        }
        System.err.print(USAGE);
        return 2;
    }
}
