package org.diwan.sovereignty.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Trait;

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
        Map<String, String> policies,
        List<Never> never,
        List<Example> examples,
        List<Identifier> identifiers) {
    /// Most files in `policy/`; a country's law on data movement fits in a few.
    public static final int MAX_POLICY_FILES = 64;

    /// Longest policy file in bytes.
    public static final int MAX_POLICY_SIZE = 1 << 20;

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
        var yaml = Yaml.read(
                folder.resolve("pack.yaml"),
                "title",
                "jurisdiction",
                "members",
                "lists",
                "purposes",
                "reviewed",
                "never");
        Jurisdiction jurisdiction = yaml.at("jurisdiction").as(Jurisdiction::new);
        if (!jurisdiction
                .code()
                .equals(folder.toAbsolutePath().normalize().getFileName().toString()))
            throw yaml.at("jurisdiction").wrong("must be the name of the folder, not " + jurisdiction);
        var members = yaml.has("members") ? yaml.at("members").all(Jurisdiction::new) : List.of(jurisdiction);
        var lists = new LinkedHashMap<String, Set<Jurisdiction>>();
        if (yaml.has("lists"))
            for (var list : yaml.at("lists").fields().entrySet())
                lists.put(
                        jurisdiction + "-" + list.getKey(),
                        Set.copyOf(list.getValue()
                                .only("source", "confidence", "members")
                                .at("members")
                                .all(Jurisdiction::new)));
        var purposes = yaml.at("purposes").texts();
        return new Pack(
                folder,
                yaml.at("title").text(),
                jurisdiction,
                new LinkedHashSet<>(members),
                lists,
                new LinkedHashSet<>(purposes),
                yaml.at("reviewed").as(LocalDate::parse),
                readPolicies(folder.resolve("policy")),
                readNever(yaml, jurisdiction, lists),
                readExamples(folder.resolve("tests.yaml")),
                readIdentifiers(folder.resolve("identifiers.yaml")));
    }

    private static Map<String, String> readPolicies(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) throw new PackException(folder, "folder", "is missing");
        var policies = new TreeMap<String, String>();
        try (var files = Files.newDirectoryStream(folder, "*.cedar")) {
            for (Path file : files) {
                if (Files.size(file) > MAX_POLICY_SIZE)
                    throw new PackException(file, "file", "is longer than " + MAX_POLICY_SIZE + " bytes");
                try {
                    policies.put(file.getFileName().toString(), Files.readString(file));
                } catch (CharacterCodingException e) {
                    throw new PackException(file, "file", "is not UTF-8");
                }
                if (policies.size() > MAX_POLICY_FILES)
                    throw new PackException(folder, "folder", "holds more than " + MAX_POLICY_FILES + " policy files");
            }
        }
        if (policies.isEmpty()) throw new PackException(folder, "folder", "holds no *.cedar file");
        return policies;
    }

    private static List<Never> readNever(Yaml pack, Jurisdiction jurisdiction, Map<String, Set<Jurisdiction>> lists)
            throws IOException {
        var never = new ArrayList<Never>();
        if (!pack.has("never")) return never;
        for (var yaml : pack.at("never").list()) {
            yaml.only("id", "statement", "classes", "personal", "sensitive", "purposes", "from", "leaves", "except");
            never.add(new Never(
                    yaml.at("id").text(),
                    yaml.at("statement").text(),
                    Set.copyOf(yaml.at("classes").all(DataClass::of)),
                    yaml.has("personal") ? Optional.of(yaml.at("personal").flag()) : Optional.empty(),
                    yaml.has("sensitive") ? Optional.of(yaml.at("sensitive").flag()) : Optional.empty(),
                    yaml.has("purposes") ? Set.copyOf(yaml.at("purposes").texts()) : Set.of(),
                    yaml.at("from").as(Jurisdiction::new),
                    yaml.at("leaves").as(Jurisdiction::new),
                    yaml.has("except")
                            ? Optional.of(yaml.at("except").as(list -> knownList(jurisdiction, list, lists)))
                            : Optional.empty()));
        }
        return never;
    }

    private static String knownList(Jurisdiction jurisdiction, String list, Map<String, Set<Jurisdiction>> lists) {
        if (lists.containsKey(jurisdiction + "-" + list)) return jurisdiction + "-" + list;
        throw new IllegalArgumentException("list '" + list + "' is not among the lists of this pack");
    }

    private static List<Example> readExamples(Path file) throws IOException {
        var examples = new ArrayList<Example>();
        for (var rule : Yaml.read(file, "rules").at("rules").list()) {
            rule.only("rule", "applies", "spares");
            for (var side : List.of("applies", "spares"))
                for (var yaml : rule.at(side).list())
                    examples.add(readExample(file, rule.at("rule").text(), side, yaml));
        }
        return examples;
    }

    private static Example readExample(Path file, String rule, String side, Yaml yaml) throws IOException {
        yaml.only("class", "personal", "sensitive", "from", "to", "purpose", "verdict");
        var request = new DecisionRequest(
                yaml.at("class").as(DataClass::of),
                yaml.has("personal") && yaml.at("personal").flag(),
                yaml.has("sensitive") && yaml.at("sensitive").flag(),
                yaml.at("from").as(Jurisdiction::new),
                yaml.at("to").as(Jurisdiction::new),
                yaml.has("purpose") ? yaml.at("purpose").text() : DecisionRequest.CHAT);
        boolean allowed =
                switch (yaml.at("verdict").text()) {
                    case "allow" -> true;
                    case "deny" -> false;
                    default -> throw yaml.at("verdict").wrong("must be allow or deny");
                };
        return new Example(file + ": " + yaml.field(), rule, side.equals("applies"), request, allowed);
    }

    private static List<Identifier> readIdentifiers(Path file) throws IOException {
        var yaml = Yaml.read(file, "numbers", "emails", "phones", "words");
        var identifiers = new ArrayList<Identifier>();
        for (var number : yaml.listOrNone("numbers"))
            identifiers.add(new Identifier.ShapedNumber(
                    type(number.only(
                            "type", "traits", "source", "confidence", "shapes", "checksum", "bare", "context")),
                    traits(number),
                    words(number, "context"),
                    number.at("shapes").all(Shape::of),
                    number.at("checksum").as(Checksum::of),
                    number.at("bare").flag()));
        for (var email : yaml.listOrNone("emails"))
            identifiers.add(new Identifier.Email(
                    type(email.only("type", "traits", "context")), traits(email), words(email, "context")));
        for (var phone : yaml.listOrNone("phones"))
            identifiers.add(new Identifier.Phone(
                    type(phone.only("type", "traits", "context", "regions", "bare")),
                    traits(phone),
                    words(phone, "context"),
                    phone.at("regions").texts(),
                    phone.at("bare").flag()));
        for (var topic : yaml.listOrNone("words"))
            identifiers.add(new Identifier.Words(
                    type(topic.only("type", "traits", "source", "confidence", "words")),
                    traits(topic),
                    words(topic, "words")));
        return identifiers;
    }

    private static String type(Yaml identifier) throws IOException {
        String type = identifier.at("type").text();
        if (!type.matches("[A-Z][A-Z0-9_]{0,31}"))
            throw identifier.at("type").wrong("must be 1 to 32 characters of A-Z, 0-9 and _, a letter first");
        return type;
    }

    private static Set<Trait> traits(Yaml identifier) throws IOException {
        return Set.copyOf(identifier.at("traits").all(label -> switch (label) {
            case "personal" -> Trait.PERSONAL;
            case "sensitive" -> Trait.SENSITIVE;
            default -> throw new IllegalArgumentException("trait '" + label + "' must be personal or sensitive");
        }));
    }

    /// The words of all languages; which language a word belongs to matters to readers only.
    private static List<String> words(Yaml identifier, String field) throws IOException {
        var words = new ArrayList<String>();
        for (var language : identifier.at(field).fields().values()) words.addAll(language.texts());
        return List.copyOf(words);
    }
}
