package org.diwan.sovereignty.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Pack.Example;
import org.diwan.sovereignty.policy.Pack.Promise;

/// Reads one folder of `packs/` into a [Pack], file by file, refusing what does not fit.
final class PackReader {
    /// Most files in `policy/`; a country's law on data movement fits in a few.
    private static final int MAX_POLICY_FILES = 64;

    /// Longest policy file in bytes.
    private static final int MAX_POLICY_SIZE = 1 << 20;

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private static final String NAME = "[a-z][a-z0-9-]{0,31}";
    private static final String NOT_A_NAME = "must be 1 to 32 characters of a-z, 0-9 and -, a letter first";

    private final Path folder;

    PackReader(Path folder) {
        this.folder = folder;
    }

    Pack read() throws IOException {
        Path file = folder.resolve("pack.yaml");
        var yaml = Yaml.read(
                file,
                "title",
                "jurisdiction",
                "includes",
                "languages",
                "members",
                "classes",
                "lists",
                "purposes",
                "laws",
                "breach",
                "reviewed",
                "promises");
        Jurisdiction jurisdiction = yaml.at("jurisdiction").as(Jurisdiction::new);
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        if (!jurisdiction.code().equals(name))
            throw yaml.at("jurisdiction").wrong("must be the name of the folder, " + name);
        var members = yaml.has("members") ? yaml.at("members").all(PackReader::country) : List.of(jurisdiction);
        return new Pack(
                folder,
                yaml.at("title").text(),
                jurisdiction,
                yaml.has("includes") ? Set.copyOf(yaml.at("includes").all(Jurisdiction::new)) : Set.of(),
                yaml.at("languages").all(PackReader::language),
                new LinkedHashSet<>(members),
                readClasses(yaml),
                readLists(jurisdiction, yaml),
                new LinkedHashSet<>(yaml.at("purposes").all(PackReader::name)),
                readLaws(yaml),
                readBreach(yaml),
                yaml.at("reviewed").as(LocalDate::parse),
                Files.readString(file),
                readPolicies(folder.resolve("policy")),
                readPromises(yaml),
                readExamples(folder.resolve("tests.yaml")),
                identifiers());
    }

    /// What the pack looks for, and what belongs to no country: `identifiers.yaml` beside the folder.
    private List<Identifier> identifiers() throws IOException {
        var identifiers = new ArrayList<>(readIdentifiers(folder.resolve("identifiers.yaml")));
        Path common = folder.toAbsolutePath().resolveSibling("identifiers.yaml");
        if (Files.exists(common)) identifiers.addAll(readIdentifiers(common));
        return identifiers;
    }

    private static Map<String, Set<Jurisdiction>> readLists(Jurisdiction jurisdiction, Yaml pack) throws IOException {
        var lists = new LinkedHashMap<String, Set<Jurisdiction>>();
        if (!pack.has("lists")) return lists;
        for (var list : pack.at("lists").fields().entrySet()) {
            var yaml = list.getValue().only("source", "confidence", "members");
            if (!list.getKey().matches(NAME)) throw yaml.wrong(NOT_A_NAME);
            yaml.at("source").text();
            yaml.at("confidence").as(Rule::confidence);
            var members = new LinkedHashSet<>(yaml.at("members").all(PackReader::country));
            lists.put(jurisdiction + "-" + list.getKey(), members);
        }
        return lists;
    }

    private static Map<String, DataClass> readClasses(Yaml pack) throws IOException {
        var classes = new LinkedHashMap<String, DataClass>();
        if (!pack.has("classes")) return classes;
        for (var entry : pack.at("classes").fields().entrySet()) {
            if (!entry.getKey().matches(NAME)) throw entry.getValue().wrong(NOT_A_NAME);
            classes.put(entry.getKey(), entry.getValue().as(DataClass::of));
        }
        return classes;
    }

    private static Map<String, List<String>> readLaws(Yaml pack) throws IOException {
        var laws = new LinkedHashMap<String, List<String>>();
        if (!pack.has("laws")) return laws;
        for (var law : pack.at("laws").fields().entrySet()) {
            if (!law.getKey().matches(NAME)) throw law.getValue().wrong(NOT_A_NAME);
            laws.put(law.getKey(), law.getValue().texts());
        }
        return laws;
    }

    private static Optional<BreachDuty> readBreach(Yaml pack) throws IOException {
        if (!pack.has("breach")) return Optional.empty();
        var yaml = pack.at("breach").only("law", "article", "hours", "authority", "source", "confidence");
        return Optional.of(new BreachDuty(
                yaml.at("law").text(),
                yaml.at("article").text(),
                yaml.at("hours").whole(1, BreachDuty.MAX_HOURS),
                yaml.at("authority").text(),
                yaml.at("source").text(),
                yaml.at("confidence").as(Rule::confidence)));
    }

    private static String language(String tag) {
        if (tag.matches("[a-z]{2,3}")) return tag;
        throw new IllegalArgumentException("language '" + tag + "' is not a tag of two or three letters a-z");
    }

    private static Jurisdiction country(String code) {
        if (COUNTRIES.contains(code.toUpperCase(Locale.ROOT))) return new Jurisdiction(code);
        throw new IllegalArgumentException("country '" + code + "' is not an ISO 3166-1 alpha-2 code");
    }

    private static String region(String code) {
        if (COUNTRIES.contains(code)) return code;
        throw new IllegalArgumentException("region '" + code + "' is not an upper-case ISO 3166-1 alpha-2 code");
    }

    private static String name(String text) {
        if (text.matches(NAME)) return text;
        throw new IllegalArgumentException("'" + text + "' " + NOT_A_NAME);
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

    private static List<Promise> readPromises(Yaml pack) throws IOException {
        var promises = new ArrayList<Promise>();
        for (var yaml : pack.listOrNone("promises")) {
            yaml.only("id", "says", "proves");
            promises.add(new Promise(
                    yaml.at("id").text(),
                    yaml.at("says").text(),
                    yaml.at("proves").text()));
        }
        return promises;
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
        yaml.only("class", "sector", "traits", "from", "to", "purpose", "on", "verdict");
        var request = new DecisionRequest(
                yaml.at("class").as(DataClass::of),
                yaml.has("sector") ? yaml.at("sector").as(Sector::of) : Sector.GENERAL,
                yaml.has("traits") ? Set.copyOf(yaml.at("traits").all(Trait::of)) : Set.of(),
                yaml.at("from").as(Jurisdiction::new),
                yaml.at("to").as(Jurisdiction::new),
                yaml.has("purpose") ? yaml.at("purpose").text() : DecisionRequest.CHAT);
        Optional<LocalDate> on = yaml.has("on") ? Optional.of(yaml.at("on").as(LocalDate::parse)) : Optional.empty();
        boolean allowed =
                switch (yaml.at("verdict").text()) {
                    case "allow" -> true;
                    case "deny" -> false;
                    default -> throw yaml.at("verdict").wrong("must be allow or deny");
                };
        return new Example(file + ": " + yaml.field(), rule, side.equals("applies"), request, on, allowed);
    }

    private static List<Identifier> readIdentifiers(Path file) throws IOException {
        var yaml = Yaml.read(file, "numbers", "emails", "phones", "forms", "names", "addresses", "words");
        var identifiers = new ArrayList<Identifier>();
        for (var number : yaml.listOrNone("numbers"))
            identifiers.add(new Identifier.ShapedNumber(
                    type(number.only(
                            "type",
                            "traits",
                            "source",
                            "confidence",
                            "shapes",
                            "weak",
                            "checksum",
                            "bare",
                            "context",
                            "against")),
                    traits(number),
                    words(number, "context"),
                    number.has("against") ? words(number, "against") : List.of(),
                    number.at("shapes").all(Shape::of),
                    number.has("weak") ? number.at("weak").all(Shape::of) : List.of(),
                    number.at("checksum").as(Checksum::of),
                    number.at("bare").flag()));
        for (var email : yaml.listOrNone("emails"))
            identifiers.add(new Identifier.Email(
                    type(email.only("type", "traits", "context")), traits(email), words(email, "context")));
        for (var phone : yaml.listOrNone("phones"))
            identifiers.add(new Identifier.Phone(
                    type(phone.only("type", "traits", "context", "against", "regions", "bare")),
                    traits(phone),
                    words(phone, "context"),
                    phone.has("against") ? words(phone, "against") : List.of(),
                    phone.at("regions").all(PackReader::region),
                    phone.at("bare").flag()));
        for (var form : yaml.listOrNone("forms"))
            identifiers.add(new Identifier.Form(
                    type(form.only("type", "traits", "source", "form", "context")),
                    traits(form),
                    words(form, "context"),
                    form.at("form").as(PackReader::form)));
        for (var name : yaml.listOrNone("names")) identifiers.add(names(name));
        for (var address : yaml.listOrNone("addresses")) identifiers.add(address(address));
        for (var topic : yaml.listOrNone("words"))
            identifiers.add(new Identifier.Words(
                    type(topic.only("type", "traits", "source", "confidence", "words")),
                    traits(topic),
                    words(topic, "words")));
        return identifiers;
    }

    private static Identifier.Names names(Yaml name) throws IOException {
        return new Identifier.Names(
                type(name.only(
                        "type",
                        "traits",
                        "context",
                        "against",
                        "titles",
                        "honorifics",
                        "given",
                        "family",
                        "links",
                        "particles",
                        "capital",
                        "rare",
                        "first",
                        "second",
                        "unlike")),
                traits(name),
                words(name, "context"),
                words(name, "against"),
                set(name, "titles"),
                set(name, "honorifics"),
                set(name, "given"),
                set(name, "family"),
                set(name, "links"),
                set(name, "particles"),
                name.at("capital").flag(),
                new Identifier.Names.Syllables(
                        set(name, "rare"), set(name, "first"), set(name, "second"), set(name, "unlike")));
    }

    private static Identifier.Address address(Yaml address) throws IOException {
        return new Identifier.Address(
                type(address.only(
                        "type",
                        "traits",
                        "context",
                        "before",
                        "leads",
                        "after",
                        "endings",
                        "districts",
                        "areas",
                        "places",
                        "postcodes")),
                traits(address),
                words(address, "context"),
                set(address, "before"),
                set(address, "leads"),
                set(address, "after"),
                set(address, "endings"),
                set(address, "districts"),
                set(address, "areas"),
                set(address, "places"),
                address.at("postcodes").all(Shape::of));
    }

    private static Set<String> set(Yaml yaml, String field) throws IOException {
        return yaml.has(field) ? Set.copyOf(yaml.at(field).texts()) : Set.of();
    }

    private static Identifier.Form.Kind form(String label) {
        return switch (label) {
            case "mrz" -> Identifier.Form.Kind.MRZ;
            case "coordinates" -> Identifier.Form.Kind.COORDINATES;
            case "secret" -> Identifier.Form.Kind.SECRET;
            case "private-key" -> Identifier.Form.Kind.PRIVATE_KEY;
            default ->
                throw new IllegalArgumentException(
                        "form '" + label + "' must be one of mrz, coordinates, secret, private-key");
        };
    }

    private static String type(Yaml identifier) throws IOException {
        String type = identifier.at("type").text();
        if (!type.matches("[A-Z][A-Z0-9_]{0,31}"))
            throw identifier.at("type").wrong("must be 1 to 32 characters of A-Z, 0-9 and _, a letter first");
        return type;
    }

    private static Set<Trait> traits(Yaml identifier) throws IOException {
        return Set.copyOf(identifier.at("traits").all(Trait::of));
    }

    /// The words of all languages; which language a word belongs to matters to readers only.
    private static List<String> words(Yaml identifier, String field) throws IOException {
        var words = new ArrayList<String>();
        for (var language : identifier.at(field).fields().values()) words.addAll(language.texts());
        return List.copyOf(words);
    }
}
