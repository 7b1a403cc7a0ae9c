package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.diwan.engine.gguf.GgufFile;
import org.diwan.language.Tokenizer;
import org.diwan.language.Vocabulary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./diwan tokenize`: text to token ids, with a model's vocabulary.
@Command(
        name = "tokenize",
        description = "Turn text into a model's token ids.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan tokenize --model models/diwan.gguf --text \"السلام عليكم\" --json"})
final class Tokenize extends Verb {
    /// One of the two.
    static final class Source {
        @Option(names = "--text", paramLabel = "TEXT", description = "The text itself.")
        private @Nullable String text;

        @Option(names = "--file", paramLabel = "F", description = "A file with the text in UTF-8.")
        private @Nullable Path file;

        String read() throws IOException {
            if (text != null) return text;
            if (file == null) throw new IllegalArgumentException("nothing to tokenize: give --text or --file");
            if (Files.size(file) > Tokenizer.MAX_TEXT)
                throw new IllegalArgumentException(file + ": larger than " + Tokenizer.MAX_TEXT + " bytes; split it");
            return Files.readString(file);
        }
    }

    @Option(names = "--model", paramLabel = "FILE", description = "GGUF file (default: the one in models/).")
    private @Nullable Path model;

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(names = "--special", description = "Read control tokens, such as <|im_end|>, as such.")
    private boolean special;

    @Option(names = "--bos", description = "Begin with the begin token if the vocabulary asks for one.")
    private boolean bos;

    @Option(names = "--json", description = "Only the ids, as a JSON array.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer;
        try (var file = GgufFile.open(model != null ? model : Home.onlyModel())) {
            tokenizer = Tokenizer.of(Vocabulary.fromMetadata(file.metadata()));
        }
        int[] ids = tokenizer.encode(source.read(), special, bos);
        if (json) {
            out().println(Arrays.toString(ids).replace(" ", ""));
            return 0;
        }
        for (int id : ids)
            out().printf(
                            "%8d  %s%n",
                            id,
                            new String(tokenizer.bytes(id), StandardCharsets.UTF_8)
                                    .replace("\n", "\\n")
                                    .replace("\t", "\\t"));
        out().println(ids.length + " tokens");
        return 0;
    }
}
