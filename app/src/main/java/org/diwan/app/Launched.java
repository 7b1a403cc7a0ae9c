package org.diwan.app;

import picocli.CommandLine.Command;

/// Verbs that the launcher runs itself, in processes with class paths of their own; here so that
/// `./diwan help` lists them.
final class Launched {
    private static final String WHY = "this verb is run by the launcher: call ./diwan, not this program";

    private Launched() {}

    @Command(
            name = "foundry",
            description = "Build a model from text.",
            footer = {"", "Example: ./diwan foundry build recipe.yaml"},
            mixinStandardHelpOptions = true)
    static final class Foundry implements Runnable {
        @Override
        public void run() {
            throw new IllegalArgumentException(WHY);
        }
    }

    @Command(
            name = "bench",
            description = "Measure speed and memory beside a peer.",
            footer = {"", "Example: ./diwan bench engine --model model.gguf --threads 2 --json"},
            mixinStandardHelpOptions = true)
    static final class Bench implements Runnable {
        @Override
        public void run() {
            throw new IllegalArgumentException(WHY);
        }
    }

    @Command(
            name = "test",
            description = "Run everything that CI checks.",
            footer = {"", "Example: ./diwan test"},
            mixinStandardHelpOptions = true)
    static final class Test implements Runnable {
        @Override
        public void run() {
            throw new IllegalArgumentException(WHY);
        }
    }
}
