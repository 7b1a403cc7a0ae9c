package org.diwan.foundry.admit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a recipe says of all its documents, for whoever decides about them; handed on word by word.
///
/// ```yaml
/// admit:
///   pack: sa               # whose law a document is under that does not say
///   in: sa                 # where the model is trained; left out: the same
///   class: public          # of all documents
///   sector: general        # of the body that answers for them; left out: general
///   traits: [bulk]         # besides what is found in each; left out: none
///   purpose: training      # left out: training
///   licences: [CC0-1.0]    # of sources or documents, word by word; anything else is dropped
/// ```
public record Admission(
        String pack,
        @Nullable String in,
        @JsonProperty("class") String dataClass,
        @Nullable String sector,
        @Nullable List<String> traits,
        @Nullable String purpose,
        List<String> licences) {
    public Admission {
        if (pack == null || pack.isBlank()) throw new IllegalArgumentException("admit.pack: say whose law counts");
        if (dataClass == null || dataClass.isBlank())
            throw new IllegalArgumentException("admit.class: say of which class the documents are, such as public");
        if (licences == null || licences.isEmpty())
            throw new IllegalArgumentException("admit.licences: name at least one, or nothing can be admitted");
        licences = List.copyOf(licences);
        traits = traits == null ? List.of() : List.copyOf(traits);
    }

    /// The command line of the filter that decides by these words.
    ///
    /// @param launcher the program `diwan`
    public List<String> command(Path launcher) {
        var command = new ArrayList<>(List.of(launcher.toString(), "admit", "filter"));
        command.addAll(List.of("--pack", pack, "--in", in == null ? pack : in, "--class", dataClass));
        command.addAll(List.of("--purpose", purpose == null ? "training" : purpose));
        if (sector != null) command.addAll(List.of("--sector", sector));
        if (traits != null) for (String trait : traits) command.addAll(List.of("--trait", trait));
        for (String licence : licences) command.addAll(List.of("--licence", licence));
        return command;
    }
}
