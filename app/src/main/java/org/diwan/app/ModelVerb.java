package org.diwan.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.diwan.base.Digest;
import org.diwan.cloud.api.Json;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.kernel.Workers;
import org.diwan.engine.model.Model;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan model …`: a model file, looked at and run without a server.
@Command(
        name = "model",
        description =
                "Look into a model file, make one from a Hugging Face folder, make it smaller, or run it on tokens.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(inspect | convert | quantize | logits | tokenize | selftest)",
        subcommands = {
            ModelVerb.Inspect.class,
            Convert.class,
            Quantize.class,
            ModelVerb.Logits.class,
            Tokenize.class,
            Selftest.class
        },
        footer = {"", "Example: ./diwan model inspect model.gguf"})
final class ModelVerb extends Verb {
    @Override
    public Integer call() {
        throw new IllegalArgumentException("model what? Try: ./diwan model inspect FILE");
    }

    /// What the file says about itself.
    @Command(
            name = "inspect",
            description = "Show a GGUF file's metadata and tensors.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan model inspect model.gguf"})
    static final class Inspect extends Verb {
        private static final int MAX_SHOWN = 100;

        @Parameters(paramLabel = "FILE", description = "GGUF file.")
        private Path file = Path.of("");

        @Option(names = "--tensors", description = "List every tensor with its shape and type.")
        private boolean tensors;

        @Option(names = "--context", paramLabel = "N", description = "Positions of one text, for the memory needed.")
        private int context;

        @Option(names = "--slots", paramLabel = "N", description = "Texts at once, for the memory needed.")
        private int slots = 1;

        @Option(names = "--json", description = "As one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            if (context < 0 || slots < 1) throw new IllegalArgumentException("--context and --slots must be above 0");
            try (var gguf = GgufFile.open(file)) {
                Map<String, Integer> types = new TreeMap<>();
                for (var tensor : gguf.tensors()) types.merge(tensor.type().name(), 1, Integer::sum);
                long parameters =
                        gguf.tensors().stream().mapToLong(TensorInfo::weights).sum();
                var memory = ModelMemory.of(gguf, context, slots);
                if (json) {
                    var body = Json.object();
                    body.put("sha256", Digest.hex(Digest.sha256(file))).put("parameters", parameters);
                    var metadata = body.putObject("metadata");
                    gguf.metadata().forEach((key, value) -> metadata.put(key, shown(value)));
                    var counts = body.putObject("tensors");
                    types.forEach(counts::put);
                    body.set("memory", memory.json());
                    out().println(new String(Json.bytes(body), StandardCharsets.UTF_8));
                    return 0;
                }
                out().println("sha256  " + Digest.hex(Digest.sha256(file)));
                for (var entry : gguf.metadata().entrySet())
                    out().println(entry.getKey() + "  " + shown(entry.getValue()));
                if (tensors)
                    for (var tensor : gguf.tensors())
                        out().printf("%-40s %-5s %s%n", tensor.name(), tensor.type(), Arrays.toString(tensor.shape()));
                out().printf(
                                "%d tensors, %,d parameters, %,d bytes: %s%n",
                                gguf.tensors().size(),
                                parameters,
                                memory.weights(),
                                types.entrySet().stream()
                                        .map(type -> type.getValue() + " × " + type.getKey())
                                        .collect(Collectors.joining(", ")));
                if (memory.encodes()) {
                    long total = memory.total(TensorType.F32);
                    out().printf(
                                    "memory with activations of a step: %,d bytes, %s %,d%n",
                                    total, fits(total), ModelMemory.machine());
                    return 0;
                }
                for (var type : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.Q8_0}) {
                    out().printf(
                                    "memory, keys and values as %s: %,d bytes a token, %,d for %d × %,d, %s %,d%n",
                                    type,
                                    memory.perToken(type),
                                    memory.total(type),
                                    memory.slots(),
                                    memory.context(),
                                    fits(memory.total(type)),
                                    ModelMemory.machine());
                }
            }
            return 0;
        }

        private static String fits(long bytes) {
            return bytes <= ModelMemory.machine() ? "fits into" : "more than";
        }

        private static String shown(Object value) {
            if (value.getClass().isArray()) {
                int length = Array.getLength(value);
                return value.getClass().getComponentType().getSimpleName() + "[" + length + "]";
            }
            String text = value.toString().replace("\n", "\\n");
            return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "… (" + text.length() + ")";
        }
    }

    /// What the model thinks comes next.
    @Command(
            name = "logits",
            description = "Run the model on tokens and print its logits: one row for each position.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {"", "Example: ./diwan model logits model.gguf --tokens 1,2,3 --json"})
    static final class Logits extends Verb {
        @Parameters(paramLabel = "FILE", description = "GGUF file.")
        private Path file = Path.of("");

        @Option(
                names = "--tokens",
                required = true,
                split = ",",
                paramLabel = "ID",
                description = "Token ids, comma-separated.")
        private int[] tokens = {};

        @Option(
                names = "--json",
                description = "All of them, as {\"logits\":[[…],…]}; otherwise the ten highest after the last token.")
        private boolean json;

        @Option(
                names = "--threads",
                paramLabel = "N",
                description = "Threads that compute (default: one for each core).")
        private @Nullable Integer threads;

        @Override
        public Integer call() throws IOException {
            int count = threads != null ? threads : Runtime.getRuntime().availableProcessors();
            try (var workers = new Workers(count);
                    var model = Model.load(file, workers)) {
                float[][] logits = model.logits(tokens);
                if (json) out().println(new String(Json.bytes(json(logits)), StandardCharsets.UTF_8));
                else highest(logits[logits.length - 1]);
            }
            return 0;
        }

        private static ObjectNode json(float[][] logits) {
            var body = Json.object();
            ArrayNode rows = body.putArray("logits");
            for (float[] position : logits) {
                ArrayNode row = rows.addArray();
                for (float logit : position) row.add(logit);
            }
            return body;
        }

        private void highest(float[] logits) {
            IntStream.range(0, logits.length)
                    .boxed()
                    .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                    .limit(10)
                    .forEach(id -> out().printf("%8d  %s%n", id, logits[id]));
        }
    }
}
