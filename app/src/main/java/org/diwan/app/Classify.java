package org.diwan.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.Law;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.classify.Classifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan classify`: what the gateway would find in a text. Says where and of what kind, never what.
@Command(
        name = "classify",
        description = "Tell what in a text leads to a person or is protected; places are code points from 0.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan classify letter.txt --json"})
final class Classify extends Verb {
    /// In UTF-8 a character takes at most three bytes for each UTF-16 unit.
    private static final int MAX_SIZE = 3 * Classifier.MAX_LENGTH;

    @Parameters(paramLabel = "FILE", description = "A text in UTF-8; - for the standard input.")
    private String file = "-";

    @Option(names = "--packs", paramLabel = "DIR", description = "Folder of packs (default: packs/).")
    private @Nullable Path packs;

    @Option(names = "--json", description = "As JSON: {\"findings\":[{\"type\",\"start\",\"end\",\"confidence\"}]}.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        var classifier = Classifier.of(Law.packs(packs != null ? packs : Home.packs()));
        String text = read();
        var findings = classifier.find(text);
        var found = new ArrayList<Object>();
        int point = 0;
        int unit = 0;
        for (var finding : findings) {
            point += text.codePointCount(unit, finding.start());
            int end = point + text.codePointCount(finding.start(), finding.end());
            double confidence = Math.round(1000 * finding.confidence()) / 1000.0;
            if (json) found.add(Map.of("type", finding.type(), "start", point, "end", end, "confidence", confidence));
            else out().printf("%-20s %7d %7d  %.2f  %s%n", finding.type(), point, end, confidence, traits(finding));
            point = end;
            unit = finding.end();
        }
        if (json) out().println(CanonicalJson.text(Map.of("findings", found)));
        else out().println(findings.size() + " findings");
        return 0;
    }

    private static String traits(Finding finding) {
        return List.of(Trait.values()).stream()
                .filter(finding.traits()::contains)
                .map(Trait::label)
                .collect(Collectors.joining(", "));
    }

    private String read() throws IOException {
        byte[] bytes;
        try (var in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            bytes = in.readNBytes(MAX_SIZE + 1);
        }
        if (bytes.length > MAX_SIZE)
            throw new IllegalArgumentException(file + ": larger than " + MAX_SIZE + " bytes; split it");
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8", e);
        }
    }
}
