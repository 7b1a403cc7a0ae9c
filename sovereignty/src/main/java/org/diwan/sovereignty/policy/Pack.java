package org.diwan.sovereignty.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;

/// A country, or a group of countries under one law, as data. The folder is described in
/// `packs/README.md`; this class reads it and refuses whatever does not fit, naming file and field.
///
/// @param folder where it was read
/// @param title for people, such as `Kingdom of Saudi Arabia`
/// @param jurisdiction whose law this is; also the name of the folder
/// @param includes packs without which this one says too little, such as `eu` for a Member State
/// @param languages in which every rule explains itself besides English, as language tags
/// @param members the countries in a group; only the jurisdiction itself for a country
/// @param classes what the law of the country calls the four classes, such as `top-secret` for secret
/// @param lists named sets of jurisdictions that rules refer to, such as the adequate countries;
///     Cedar sees `List::"eu-adequate"`
/// @param purposes what a request may be for; anything else is denied
/// @param laws short names of laws, such as `pdpl`, each with words that the titles of what belongs to it hold
/// @param breach what must be done when personal data is lost; empty where a pack says nothing of it
/// @param reviewed the day on which a person last compared the pack with the law
/// @param definition the text of `pack.yaml`
/// @param policies the text of each `policy/*.cedar`, by file name in order
/// @param promises what the rules must keep, proved by [PolicyCheck]
/// @param examples what each rule decides and what it leaves alone, checked by [PolicyCheck]
/// @param identifiers what to look for in texts
public record Pack(
        Path folder,
        String title,
        Jurisdiction jurisdiction,
        Set<Jurisdiction> includes,
        List<String> languages,
        Set<Jurisdiction> members,
        Map<String, DataClass> classes,
        Map<String, Set<Jurisdiction>> lists,
        Set<String> purposes,
        Map<String, List<String>> laws,
        Optional<BreachDuty> breach,
        LocalDate reviewed,
        String definition,
        Map<String, String> policies,
        List<Promise> promises,
        List<Example> examples,
        List<Identifier> identifiers) {
    /// What the pack gives its word for.
    ///
    /// @param says the sentence for people
    /// @param proves the same as a [Statement]
    public record Promise(String id, String says, String proves) {}

    /// One request and what must come of it. `rule` must be among the rules that determine the
    /// decision if `applies`, and must not be if not.
    ///
    /// @param where file and field, for the report
    /// @param on the day of the request; empty for one on which the rule is in force
    public record Example(
            String where,
            String rule,
            boolean applies,
            DecisionRequest request,
            Optional<LocalDate> on,
            boolean allowed) {}

    public Pack {
        includes = Set.copyOf(includes);
        languages = List.copyOf(languages);
        classes = Map.copyOf(classes);
        members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
        lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
        purposes = Collections.unmodifiableSet(new LinkedHashSet<>(purposes));
        laws = Collections.unmodifiableMap(new LinkedHashMap<>(laws));
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
        promises = List.copyOf(promises);
        examples = List.copyOf(examples);
        identifiers = List.copyOf(identifiers);
    }

    /// Whether what happens in or to `place` is under this pack's law.
    public boolean governs(Jurisdiction place) {
        return jurisdiction.equals(place) || members.contains(place);
    }

    /// Whether `rule` belongs to the law that [#laws] calls `name`.
    public boolean belongs(Rule rule, String name) {
        return laws.getOrDefault(name, List.of()).stream().anyMatch(rule.law()::contains);
    }

    /// Reads `packs/<country>`. The Cedar text is read but not yet parsed: [Policy#of] does that.
    ///
    /// @throws PackException naming file and field of what does not fit
    public static Pack load(Path folder) throws IOException {
        return new PackReader(folder).read();
    }
}
