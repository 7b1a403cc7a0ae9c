package org.diwan.bench;

import java.util.Arrays;
import java.util.List;

/// `./diwan bench VERB …`.
public final class Main {
    private static final String USAGE = """
            usage: ./diwan bench engine --model FILE [--threads 2] [--rounds 5] [--json]
                   ./diwan bench serving --model FILE [--streams 16] [--prompt 256] [--answer 128] [--depth 8192]
                                         [--threads 2] [--rounds 3] [--json]
                   ./diwan bench model --shape llama-1b --type Q8_0 FILE
                   ./diwan bench kernels [--type Q8_0] [--threads 2]
                   ./diwan bench attention [--threads 2]
                   ./diwan bench grammar --model FILE [--tokens 128256] [--rounds 200] [--json]
                   ./diwan bench machine [--threads 2] [--json]
                   ./diwan bench ledger [--appenders 256] [--bytes 500] [--seconds 10] [--folder DIR] [--json]
                   ./diwan bench rescore --model FILE [--answers 20] [--seed 5000] [--only WORDS] [--json]
                   ./diwan bench sovereignty [policy] [classify] [vault] [--rules 1000] [--requests 1000000]
                                             [--cedar 10000] [--seed 1] [--folder DIR] [--json]
                   ./diwan bench datacenter place [--seeds 10] [--json]
                   ./diwan bench datacenter solve [--instances a1_1,b_9] [--seconds 300] [--threads 2] [--seed 1]
                                                  [--folder DIR] [--json]
                   ./diwan bench datacenter fleet [--gpus 100000] [--days 7] [--json]
                   ./diwan bench datacenter power|prefix [--json]
                   ./diwan bench datacenter poll [--machines 12500] [--seconds 120] [--json]
                   ./diwan bench datacenter failover [--json]
                   ./diwan bench datacenter events [--events 1000000] [--seed 1] [--json]
                   ./diwan bench robots tower [--wishes 1000] [--robots 110] [--floors 36] [--lifts 8] [--hours 24]
                                              [--seed 1] [--loss 20 --twice 10 --late 1500] [--json]
                   ./diwan bench robots stop [--robots 110] [--rounds 200] [--json]
                   ./diwan bench robots bus [--robots 110] [--seconds 5] [--broker mqtt://HOST:PORT] [--json]
                   ./diwan bench robots league [--instances RANDOM-01,…] [--seconds 1] [--steps N] [--seed 1]
                                               [--folder DIR] [--json]
                   ./diwan bench robots missions [--chat URL --key K --model M] [--only dev|test|late] [--json]
                   ./diwan bench robots roads [--rounds 1000] [--seed 1] [--json]
                   ./diwan bench fuzz [--seconds 60] [--seed N] [--only READER]

            engine   tokens per second of Diwan and of llama.cpp on the same file, in turns
            serving  many streams at once beside llama.cpp's parallel sequences; a cached prefix; a long context
            model    writes a random model of a known shape, to measure with; types also Q4_K_M, Q5_K_M
            kernels  products alone: weights per second for one and for many tokens
            attention  multiply-adds per second of attention alone, over short and long texts
            grammar  time of a mask over a vocabulary, that of FILE made larger where need be
            machine  bytes that can be read, bytes that can be multiplied per second: the limits of the above
            ledger   durable appends per second on the disk of DIR, with a checkpoint every second
            rescore  how often an upstream that runs other weights than it claims is found out, beside llama.cpp
            sovereignty  policy: time of a decision, the table empty at first, and Cedar's answers; vault: erasing;
                         classify: 4 KiB of text under all packs
            datacenter  place: GPUs filled on the openb traces in DIWAN_DATA, beside the published policy
                        solve: the published instances of ROADEF 2012 in DIR, one after the other, beside the
                         winner's results; DIR is DIWAN_DATA's datacenter/roadef2012 unless told
                        fleet: a week of 100,000 GPUs; power: more servers below one breaker, on Azure's traces;
                        prefix: prompts found in caches, on Mooncake's; poll: how old readings of controllers are
                        failover: 10,000 replicas planned, certified, checked; then a site is lost
                        events: random events, every limit counted again after each
            robots   tower: a day of random deliveries in a simulated tower, looked at from outside; of its messages
                     --loss in a hundred are lost, --twice come twice, all within --late ms
                     stop: from the word until the last vehicle is told
                     bus: messages per second, delay of orders, time of a stop to all, through the embedded broker
                      or the one at that address
                     league: games of the League of Robot Runners beside the best published; the instances are in
                      DIR, DIWAN_DATA's robots/lorr unless told; a warehouse takes 83 minutes at 1 s a step
                     missions: utterances in English, Arabic and Korean that become the right missions, questions and
                      refusals; by rules, and beside them by a model behind a chat API
            fuzz     damaged inputs for every reader of outside data, until one is neither read nor refused

            example: ./diwan bench model --shape llama-1b --type Q8_0 /tmp/1b.gguf
                     ./diwan bench engine --model /tmp/1b.gguf --threads 2 --json
            """;

    private Main() {}

    /// Exits with 0, or 2 when the arguments make no sense, or 1 when measuring Diwan failed.
    public static void main(String[] arguments) throws Exception {
        System.exit(run(Arrays.asList(arguments)));
    }

    private static int run(List<String> arguments) throws Exception {
        String verb = arguments.isEmpty() ? "help" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        try {
            return switch (verb) {
                case "engine" -> EngineBench.run(Options.parse(rest), System.out);
                case "serving" -> ServingBench.run(Options.parse(rest), System.out);
                case "model" -> ModelWriter.run(Options.parse(rest), System.out);
                case "kernels" -> KernelBench.run(Options.parse(rest), System.out);
                case "attention" -> AttentionBench.run(Options.parse(rest), System.out);
                case "grammar" -> GrammarBench.run(Options.parse(rest), System.out);
                case "machine" -> MachineBench.run(Options.parse(rest), System.out);
                case "ledger" -> LedgerBench.run(Options.parse(rest), System.out);
                case "rescore" -> RescoreBench.run(Options.parse(rest), System.out);
                case "sovereignty" -> SovereigntyBench.run(Options.parse(rest), System.out);
                case "datacenter" -> DatacenterBench.run(Options.parse(rest), System.out);
                case "robots" -> RobotsBench.run(Options.parse(rest), System.out);
                case "fuzz" -> Fuzz.run(Options.parse(rest), System.out);
                case "help", "--help" -> {
                    System.out.print(USAGE);
                    yield 0;
                }
                default -> throw new IllegalArgumentException("unknown verb: " + verb);
            };
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.err.print(USAGE);
            return 2;
        }
    }
}
