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
/// @param members the countries in a group; only the jurisdiction itself for a country
/// @param lists named sets of jurisdictions that rules refer to, such as the adequate countries;
///     Cedar sees `List::"eu-adequate"`
/// @param purposes what a request may be for; anything else is denied
/// @param reviewed the day on which a person last compared the pack with the law
/// @param definition the text of `pack.yaml`
/// @param policies the text of each `policy/*.cedar`, by file name in order
/// @param never what the rules must never allow, checked by [PolicyCheck]
/// @param examples what each rule decides and what it leaves alone, checked by [PolicyCheck]
/// @param identifiers what to look for in texts
public record Pack(
        Path folder,
        String title,
        Jurisdiction jurisdiction,
        Set<Jurisdiction> members,
        Map<String, Set<Jurisdiction>> lists,
        Set<String> purposes,
        LocalDate reviewed,
        String definition,
        Map<String, String> policies,
        List<Never> never,
        List<Example> examples,
        List<Identifier> identifiers) {
    /// A sentence about all requests: nothing of these classes, under the law of `from`, goes to a
    /// place outside `leaves`.
    ///
    /// @param personal if present, only requests with this flag are meant; so for `sensitive`
    /// @param purposes the purposes that are meant; empty for all
    /// @param except a list of the pack, as [#lists] names it, whose members are not meant
    public record Never(
            String id,
            String statement,
            Set<DataClass> classes,
            Optional<Boolean> personal,
            Optional<Boolean> sensitive,
            Set<String> purposes,
            Jurisdiction from,
            Jurisdiction leaves,
            Optional<String> except) {}

    /// One request and what must come of it. `rule` must be among the rules that determine the
    /// decision if `applies`, and must not be if not.
    ///
    /// @param where file and field, for the report
    public record Example(String where, String rule, boolean applies, DecisionRequest request, boolean allowed) {}

    public Pack {
        members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
        lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
        purposes = Collections.unmodifiableSet(new LinkedHashSet<>(purposes));
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
        never = List.copyOf(never);
        examples = List.copyOf(examples);
        identifiers = List.copyOf(identifiers);
    }

    /// Reads `packs/<country>`. The Cedar text is read but not yet parsed: [Policy#of] does that.
    ///
    /// @throws PackException naming file and field of what does not fit
    public static Pack load(Path folder) throws IOException {
        return new PackReader(folder).read();
    }
}
