package org.diwan.foundry.stage;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;
import org.diwan.base.Digest;
import org.jspecify.annotations.Nullable;

/// One step of a build: reads finished files, fills one folder, and seals it with a `manifest.json`
/// that says what went in and what came out. A folder whose manifest names the same inputs,
/// parameters and code is kept as it is; anything else is made anew.
///
/// ```
/// {"code":"clean/1", "counts":{"kept":3031}, "inputs":{"hindawi":"sha256…"},
///  "outputs":{"documents.jsonl.zst":"sha256…"}, "parameters":{"unwrap":true}}
/// ```
///
/// The manifest is written last and atomically, so a folder with a manifest is whole. A stage's
/// inputs are digests of files or of earlier stages' manifests: changing one byte of the corpus
/// changes every manifest after it.
///
/// @param code name and version of the step, such as `clean/1`; the version rises with its meaning
/// @param inputs name → SHA-256 in hexadecimal
/// @param parameters all that the recipe says to this step, JSON values
public record Stage(String code, Map<String, String> inputs, Map<String, Object> parameters) {
    /// File that seals a stage's folder.
    public static final String MANIFEST = "manifest.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    public Stage {
        inputs = Map.copyOf(inputs);
        parameters = Map.copyOf(parameters);
    }

    /// Fills the folder that it is given and returns counts for the manifest (JSON values).
    @FunctionalInterface
    public interface Work {
        Map<String, Object> fill(Path folder) throws IOException;
    }

    /// `folder` holds this stage's result afterwards; whether it had to be made. Where the work
    /// keeps drafts to resume from, set `resume`: then an unsealed folder is handed over as it is,
    /// else it is emptied first.
    public boolean run(Path folder, boolean resume, Work work) throws IOException {
        if (isDone(folder)) return false;
        if (!resume || Files.exists(folder.resolve(MANIFEST))) delete(folder);
        Files.createDirectories(folder);
        Map<String, Object> counts = work.fill(folder);
        Map<String, Object> manifest = described();
        manifest.put("counts", counts);
        manifest.put("outputs", outputs(folder));
        AtomicFile.write(folder.resolve(MANIFEST), CanonicalJson.bytes(manifest));
        return true;
    }

    /// Whether `folder` is sealed with the same code, inputs and parameters and its files are there.
    public boolean isDone(Path folder) throws IOException {
        Path file = folder.resolve(MANIFEST);
        if (!Files.exists(file)) return false;
        Map<?, ?> found = JSON.readValue(file.toFile(), Map.class);
        if (!(found.get("outputs") instanceof Map<?, ?> outputs)) return false;
        for (Object name : outputs.keySet()) if (!Files.exists(folder.resolve((String) name))) return false;
        Map<String, Object> wanted = described();
        var same = new HashMap<String, @Nullable Object>();
        for (String key : wanted.keySet()) same.put(key, found.get(key));
        return CanonicalJson.text(same).equals(CanonicalJson.text(wanted));
    }

    /// The digest that stands for a sealed `folder` as the input of a later stage.
    public static String digest(Path folder) throws IOException {
        return Digest.hex(Digest.sha256(folder.resolve(MANIFEST)));
    }

    private Map<String, Object> described() {
        var description = new LinkedHashMap<String, Object>();
        description.put("code", code);
        description.put("inputs", inputs);
        description.put("parameters", parameters);
        return description;
    }

    private static Map<String, Object> outputs(Path folder) throws IOException {
        var outputs = new TreeMap<String, Object>();
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                outputs.put(file.getFileName().toString(), Digest.hex(Digest.sha256(file)));
        }
        return outputs;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
