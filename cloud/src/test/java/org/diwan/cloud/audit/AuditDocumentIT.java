package org.diwan.cloud.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.diwan.cloud.audit.Operator.Question;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.engine.generate.Sampling;
import org.diwan.engine.gguf.TensorType;
import org.diwan.engine.model.RandomModel;
import org.diwan.engine.model.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program that `docs/AUDIT.md` prints for those who trust nobody, run by Python as it stands there.
class AuditDocumentIT {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("diwan.home", "..")).resolve("docs/AUDIT.md");

    @TempDir
    Path folder;

    private record Run(int code, String out) {}

    @Test
    void theProgramInTheDocumentAcceptsAReceiptAndRefusesEveryChange() throws Exception {
        assumeTrue(python(List.of("--version")).code() == 0, "no python3 here");
        String page = Files.readString(DOCUMENT);
        int begin = page.indexOf("```python\n") + "```python\n".length();
        Files.writeString(folder.resolve("check.py"), page.substring(begin, page.indexOf("\n```", begin)));
        String receipt;
        try (var operator = new Operator(folder)) {
            Path file = folder.resolve("m.gguf");
            RandomModel.write(file, Shape.tiny("llama"), TensorType.F32, 1);
            try (var model = LocalModel.load(file, 1, new EngineLimits(1, 1, 64))) {
                var question = new Question("ما \"هو\" الديوان؟", Sampling.plain(0), 3);
                for (int i = 0; i < 5; i++) operator.answer(model, question, model, question);
                String id = operator.answer(model, question, model, question);
                receipt = new String(operator.receipt(id).orElseThrow(), StandardCharsets.UTF_8);
            }
            Files.write(
                    folder.resolve("log.vkey"),
                    operator.keys().stream().map(Object::toString).toList());
        }
        var honest = check(receipt);
        assertEquals(0, honest.code(), honest.out());
        assertTrue(honest.out().contains("the answer is what the entry committed to"), honest.out());

        for (String[] change : new String[][] {
            {"2026-01-01", "2026-01-02"},
            {"\"verdict\":\"allow\"", "\"verdict\":\"deny\""},
            {"الديوان", "الدليل"},
            {"index 10\\n", "index 11\\n"},
            {"\\n12\\n", "\\n13\\n"},
            {"\"seed\":0", "\"seed\":1"},
            {"\"salt\":\"", "\"salt\":\"00"},
        }) {
            assertTrue(receipt.contains(change[0]), change[0] + " in " + receipt);
            assertNotEquals(0, check(receipt.replace(change[0], change[1])).code(), change[1]);
        }
        // One character of the Ed25519 signature, whose line is the short one: 4 + 64 bytes.
        var line = Pattern.compile("— forged.example/log ([0-9A-Za-z+/=]{92})\\\\n")
                .matcher(receipt);
        assertTrue(line.find(), receipt);
        int at = line.start(1) + 60;
        String forged = receipt.substring(0, at) + (receipt.charAt(at) == 'A' ? 'B' : 'A') + receipt.substring(at + 1);
        assertNotEquals(0, check(forged).code());
    }

    private Run check(String receipt) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("r.json"), receipt);
        return python(List.of(
                folder.resolve("check.py").toString(),
                folder.resolve("r.json").toString(),
                folder.resolve("log.vkey").toString()));
    }

    private Run python(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("python3"));
        command.addAll(arguments);
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] out = process.getInputStream().readNBytes(1 << 20);
            if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly();
            return new Run(process.waitFor(), new String(out, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Run(-1, String.valueOf(e.getMessage()));
        }
    }
}
