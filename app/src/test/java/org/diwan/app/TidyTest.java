package org.diwan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A test about the source itself: what no compiler checks and every reader notices.
/// As TigerBeetle's `src/tidy.zig`.
class TidyTest {
    private static final Path ROOT =
            Path.of(System.getProperty("diwan.home", "..")).toAbsolutePath();
    private static final int MAX_COLUMNS = 120;
    private static final int MAX_LINES = 1_000;
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        var silent = new TreeSet<String>();
        for (Path file : sources("src/main/java"))
            if (!Files.exists(file.resolveSibling("package-info.java"))) silent.add(name(file.resolveSibling("")));
        assertEquals(List.of(), List.copyOf(silent), "packages without package-info.java");
    }

    @Test
    void linesAndFilesFitAReader() throws IOException {
        var problems = new ArrayList<String>();
        for (Path file : sources("src")) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > MAX_LINES) problems.add(name(file) + " has " + lines.size() + " lines");
            for (int i = 0; i < lines.size(); i++) {
                String where = name(file) + ":" + (i + 1);
                if (lines.get(i).length() > MAX_COLUMNS) problems.add(where + " is wider than " + MAX_COLUMNS);
                // The formatter breaks a long `///` line into `///` and `//`: half the doc is lost.
                if (i > 0
                        && lines.get(i).strip().matches("//(?!/).*")
                        && lines.get(i - 1).strip().startsWith("///")) problems.add(where + " breaks a doc comment");
                if (lines.get(i).matches(".*\\b(TODO|FIXME|XXX)\\b.*") && !file.endsWith("TidyTest.java"))
                    problems.add(where + " leaves something open");
            }
        }
        assertEquals(List.of(), problems);
    }

    @Test
    void linksInTheDocumentsResolve() throws IOException {
        var dead = new ArrayList<String>();
        for (Path page : documents()) {
            var links = LINK.matcher(Files.readString(page));
            while (links.find())
                if (!Files.exists(page.resolveSibling(links.group(1)))) dead.add(name(page) + " → " + links.group(1));
        }
        assertEquals(List.of(), dead, "links to files that are not there");
    }

    @Test
    void readmeListsTheModulesOfTheBuild() throws IOException {
        var modules = Pattern.compile("<module>(\\w+)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .toList();
        var rows = Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertTrue(modules.size() > 5, "pom.xml lists its modules");
        assertEquals(modules, rows, "the module table of README.md is the module list of pom.xml, in its order");
    }

    private static List<Path> sources(String part) throws IOException {
        var found = new ArrayList<Path>();
        try (var modules = Files.list(ROOT)) {
            for (Path module : modules.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .toList())
                if (Files.isDirectory(module.resolve(part)))
                    try (Stream<Path> files = Files.walk(module.resolve(part))) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
        }
        assertTrue(found.size() > 10, "sources found under " + ROOT);
        return found;
    }

    private static List<Path> documents() throws IOException {
        var pages = new ArrayList<Path>();
        for (String folder : List.of(".", "docs", "packs", "models", "bench"))
            if (Files.isDirectory(ROOT.resolve(folder)))
                try (var files = Files.list(ROOT.resolve(folder))) {
                    files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
                }
        return pages;
    }

    private static String name(Path file) {
        return ROOT.relativize(file.toAbsolutePath().normalize()).toString();
    }
}
