package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.diwan.engine.gguf.TensorInfo;
import org.diwan.engine.model.Mix;
import org.diwan.engine.model.QuantizedCopy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan model quantize IN OUT --type T`: the same model in fewer bits.
@Command(
        name = "quantize",
        description = {
            "Copy a model file with its weights in another type.",
            "Q4_K_M and Q5_K_M are llama.cpp's mixes: Q6_K where it matters most, Q4_K or Q5_K elsewhere."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan model quantize model-f16.gguf model-q4_k_m.gguf --type Q4_K_M"})
final class Quantize extends Verb {
    @Parameters(index = "0", paramLabel = "IN", description = "GGUF file, F32, F16 or BF16.")
    private Path in = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "GGUF file to write; there in whole or not at all.")
    private Path out = Path.of("");

    @Option(names = "--type", required = true, paramLabel = "T", description = "One of ${COMPLETION-CANDIDATES}.")
    private Mix type = Mix.F32;

    private final AtomicLong done = new AtomicLong();

    @Override
    public Integer call() throws IOException {
        long size = Files.size(in);
        QuantizedCopy.write(in, out, type, tensor -> progress(tensor, size));
        err().printf("\r%-70s\r", "");
        out().printf("%s: %s, %,d bytes, was %,d%n", out, type, Files.size(out), size);
        return 0;
    }

    /// One line that is written over, for the tensor about to be converted.
    private void progress(TensorInfo tensor, long size) {
        long before = done.getAndAdd(tensor.size());
        err().printf("\r%3d %%  %-60.60s", 100 * before / size, tensor.name());
        err().flush();
    }
}
