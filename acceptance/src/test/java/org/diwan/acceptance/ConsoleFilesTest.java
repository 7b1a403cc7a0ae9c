package org.diwan.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The console's files agree with each other: what no build step checks, because there is none.
class ConsoleFilesTest {
    private static final Path CONSOLE =
            Path.of(System.getProperty("diwan.home", "..")).resolve("console/src/main/resources/console");
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Keys made of a prefix and a value, as in ``t(`class.${name}`)``.
    private static final Set<String> COMPOSED =
            Set.of("page", "class", "confidence", "entry", "finish", "error", "fact");

    @Test
    void theLocalesSayTheSameThings() throws IOException {
        Set<String> arabic = keys("ar");
        assertTrue(arabic.size() > 80, "ar.json has its texts");
        assertEquals(Set.of(), inOne(arabic, keys("ko")), "keys in one of ar.json and ko.json");
        assertEquals(Set.of(), inOne(arabic, keys("en")), "keys in one of ar.json and en.json");
    }

    @Test
    void everyTextIsSpokenAndEverySpokenTextExists() throws IOException {
        var spoken = new HashSet<String>();
        var literal = Pattern.compile("'([a-z]+(?:\\.[a-zA-Z0-9]+)*)'");
        for (Path file : files(".js"))
            literal.matcher(Files.readString(file)).results().forEach(match -> spoken.add(match.group(1)));
        var texts = keys("en");

        var mute = new TreeSet<>(texts);
        mute.removeAll(spoken);
        mute.removeIf(key -> COMPOSED.contains(key.replaceFirst("\\..*", "")) || key.startsWith("chat.example."));
        assertEquals(Set.of(), mute, "texts that no page speaks");

        var unwritten = new TreeSet<String>();
        var asked = Pattern.compile("\\bt\\('([^']+)'");
        for (Path file : files(".js"))
            asked.matcher(Files.readString(file)).results().forEach(match -> unwritten.add(match.group(1)));
        for (String key : spoken) if (key.matches("(verify|differs)\\..*")) unwritten.add(key);
        unwritten.removeAll(texts);
        assertEquals(Set.of(), unwritten, "texts that no locale has");
    }

    @Test
    void thePolicyAllowsTheImportMapAndNothingElseInline() throws IOException, NoSuchAlgorithmException {
        String page = Files.readString(CONSOLE.resolve("index.html"));
        List<MatchResult> inline = Pattern.compile("(?s)<script(?![^>]*src=)[^>]*>(.*?)</script>")
                .matcher(page)
                .results()
                .toList();
        assertEquals(1, inline.size(), "inline scripts: the import map alone");
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(inline.getFirst().group(1).getBytes(StandardCharsets.UTF_8));
        String hash = "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        assertTrue(page.contains("script-src 'self' " + hash + ";"), "the policy in index.html names " + hash);
    }

    @Test
    void theImportMapNamesTheWebJarsOfThisBuild() throws IOException {
        JsonNode imports = importMap();
        for (var entry : imports.properties()) {
            String address = entry.getValue().asText();
            assertTrue(address.startsWith("/webjars/"), address);
            assertNotNull(getClass().getResource("/META-INF/resources" + address), address + " is in no jar");
        }
    }

    @Test
    void nothingComesFromAnotherOrigin() throws IOException {
        var foreign = new ArrayList<String>();
        var address = Pattern.compile("https?://[^\\s'\"`<>)]+");
        for (String ending : List.of(".js", ".css", ".html", ".json"))
            for (Path file : files(ending))
                address.matcher(Files.readString(file))
                        .results()
                        .forEach(match -> foreign.add(CONSOLE.relativize(file) + ": " + match.group()));
        assertEquals(List.of(), foreign);
    }

    private static Set<String> inOne(Set<String> a, Set<String> b) {
        var either = new TreeSet<>(a);
        either.addAll(b);
        either.removeIf(key -> a.contains(key) && b.contains(key));
        return either;
    }

    private static JsonNode importMap() throws IOException {
        var script = Pattern.compile("(?s)<script type=\"importmap\">(.*?)</script>")
                .matcher(Files.readString(CONSOLE.resolve("index.html")));
        assertTrue(script.find(), "index.html has an import map");
        return JSON.readTree(script.group(1)).get("imports");
    }

    private static Set<String> keys(String language) throws IOException {
        var keys = new TreeSet<String>();
        JSON.readTree(CONSOLE.resolve("locale/" + language + ".json").toFile())
                .fieldNames()
                .forEachRemaining(keys::add);
        return keys;
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(CONSOLE)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
