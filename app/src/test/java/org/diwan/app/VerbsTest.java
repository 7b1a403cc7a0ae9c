package org.diwan.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// The command line keeps its promises: `./diwan help` states them, and is the oracle.
class VerbsTest {
    private static final int OK = 0;

    private record Run(int code, String out, String err) {}

    @TempDir
    Path folder;

    /// Every verb and every verb below it, as one would type it.
    static Stream<String> verbs() {
        return verbs("", new CommandLine(new Main()).getCommandSpec());
    }

    private static Stream<String> verbs(String before, CommandSpec spec) {
        return spec.subcommands().entrySet().stream()
                .filter(verb -> !verb.getKey().equals("help"))
                .flatMap(verb -> {
                    String name = (before + " " + verb.getKey()).strip();
                    return Stream.concat(
                            Stream.of(name), verbs(name, verb.getValue().getCommandSpec()));
                });
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void aVerbExplainsItself(String verb) {
        var run = run((verb + " --help").split(" "));
        assertEquals(OK, run.code, run.err);
        assertTrue(run.out.contains("Usage: diwan " + verb) || run.out.contains("Usage: ./diwan " + verb), run.out);
        if (!verb.equals("rehearse")) assertTrue(run.out.contains("Example: ./diwan "), run.out);
        assertEquals("", run.err);
    }

    @Test
    void keysThatAreElsewhereAreNotMadeByRotatingThem() {
        var run = run("vault", "rotate", "--root", "--data", folder.toString());
        assertEquals(3, run.code, run.err);
        assertTrue(run.err.contains("no root key here"), run.err);
        assertFalse(Files.exists(folder.resolve("keys")));
    }

    /// Unless something required is missing, which is named first.
    @ParameterizedTest
    @MethodSource("verbs")
    void aFlagThatIsNoneIsNamed(String verb) {
        var run = run((verb + " --nonsense").split(" "));
        assertEquals(Main.WRONG_USAGE, run.code);
        assertTrue(run.err.contains("'--nonsense'") || run.err.contains("Missing required"), run.err);
        assertTrue(run.err.contains("./diwan " + verb + " --help"), run.err);
        assertEquals("", run.out);
    }

    @Test
    void classifyCountsCodePointsAndDoesNotRepeatTheText() throws Exception {
        String before = "😀 هويتي الوطنية ";
        Path letter = Files.writeString(folder.resolve("letter.txt"), before + "1058529940\n");
        int start = before.codePointCount(0, before.length());
        var run = run("classify", letter.toString(), "--json");
        assertEquals(OK, run.code, run.err);
        assertEquals(
                "{\"findings\":[{\"confidence\":0.92,\"end\":" + (start + 10) + ",\"start\":" + start
                        + ",\"type\":\"SAUDI_ID\"}]}",
                run.out.strip());
        Files.write(letter, new byte[] {(byte) 0xff});
        assertEquals(Main.ENVIRONMENT, run("classify", letter.toString()).code);
    }

    @Test
    void helpListsEveryVerbAndEveryExitCode() {
        var run = run("help");
        assertEquals(OK, run.code);
        verbs().filter(verb -> !verb.contains(" ") && !verb.equals("rehearse"))
                .forEach(verb -> assertTrue(run.out.contains("./diwan " + verb), verb));
        assertFalse(run.out.contains("rehearse"), "the launcher's own verb is not for people");
        var meanings = Map.of(
                OK,
                "done",
                Main.CHECK_FAILED,
                "checked, and",
                Main.WRONG_USAGE,
                "command line",
                Main.ENVIRONMENT,
                "machine",
                Main.BUG,
                "bug");
        meanings.forEach((code, word) -> assertTrue(
                run.out.lines().anyMatch(line -> line.startsWith("  " + code + " ") && line.contains(word)),
                code + " " + word));
    }

    @Test
    void withoutAVerbItSaysHow() {
        assertEquals(Main.WRONG_USAGE, run().code);
        var wrong = run("fly");
        assertEquals(Main.WRONG_USAGE, wrong.code);
        assertTrue(wrong.err.contains("'fly'") && wrong.err.contains("./diwan help"), wrong.err);
    }

    /// A wrong value is named with its flag, and costs exit code 2 before anything starts.
    @ParameterizedTest
    @CsvSource({
        "up --port many, --port",
        "up --threads x, --threads",
        "up --upstream nowhere, nowhere",
        "chat --max-tokens much hello, --max-tokens",
        "chat --port, --port",
        "tokenize, --text",
        "tokenize --text a --file b, --file",
        "verify, RECEIPT",
        "receipt, ID",
        "receipt ../../etc, ../../etc",
        "ledger, ledger fsck",
        "policy prove, SENTENCE",
        "policy prove always, always",
        "policy replay, --pack",
        "policy check --on soon, --on soon"
    })
    void aWrongValueIsNamed(String words, String name) {
        var run = run((words + (words.startsWith("up") ? " --data " + folder : "")).split(" "));
        assertEquals(Main.WRONG_USAGE, run.code, run.err);
        assertTrue(run.err.contains(name), run.err);
    }

    /// What the machine lacks is exit code 3, in one line that names it.
    @Test
    void whatIsMissingIsNamed() throws Exception {
        String none = folder.resolve("none").toString();
        for (var words : List.of(
                List.of("verify", none, "--data", none),
                List.of("up", "--port", "0", "--model", none, "--data", folder.toString()),
                List.of("tokenize", "--model", none, "--text", "a"),
                List.of("model", "inspect", none),
                List.of("ledger", "fsck", "--data", none),
                List.of("chat", "hello", "--data", none),
                List.of("receipt", "r-1", "--data", none))) {
            var run = run(words.toArray(String[]::new));
            assertEquals(Main.ENVIRONMENT, run.code, words + ": " + run.err);
            assertTrue(run.err.contains("none"), words + ": " + run.err);
            assertEquals(1, run.err.lines().count(), words + ": " + run.err);
        }
    }

    /// What is true exits 0, what is false exits 1 and names a request, and both are in the ledger.
    @Test
    void aSentenceIsProvedOrRefutedAndRecorded() throws Exception {
        String data = folder.resolve("data").toString();
        Path smt = folder.resolve("q.smt2");
        var holds = run(
                "policy",
                "prove",
                "secret never leaves sa",
                "--pack",
                "sa",
                "--json",
                "--data",
                data,
                "--smt",
                "" + smt);
        assertEquals(OK, holds.code, holds.err);
        assertTrue(holds.out.contains("\"holds\":true") && holds.out.contains("\"counterexample\":null"), holds.out);
        assertTrue(holds.err.contains("entry 0"), holds.err);
        assertTrue(Files.readString(smt).contains("(check-sat)"));
        var refuted = run("policy", "prove", "public never leaves sa", "--pack", "sa", "--data", data);
        assertEquals(Main.CHECK_FAILED, refuted.code, refuted.err);
        assertTrue(refuted.out.contains("not so: public") && refuted.out.contains("sa-abroad-open"), refuted.out);
        String entries = Files.readString(folder.resolve("data/ledger/tile/entries/000.p/2"), ISO_8859_1);
        assertTrue(entries.contains("\"type\":\"proved\"") && entries.contains("secret never leaves sa"), entries);
        assertEquals(OK, run("ledger", "fsck", "--data", data).code);
        var replay = run("policy", "replay", "--pack", "sa", "--data", data);
        assertTrue(replay.out.contains("0 decisions among 2 entries"), replay.out + replay.err);
    }

    @Test
    void aPackThatLacksSomethingIsRefusedByName() throws Exception {
        Path home = Home.packs().resolve("sa");
        Path pack = folder.resolve("sa");
        Files.createDirectories(pack.resolve("policy"));
        for (String file : List.of("pack.yaml", "identifiers.yaml", "tests.yaml", "policy/1-home.cedar"))
            Files.copy(home.resolve(file), pack.resolve(file));
        var untested = run("pack", "check", pack.toString());
        assertEquals(Main.CHECK_FAILED, untested.code, untested.err);
        assertTrue(untested.out.contains("there is no rule sa-abroad-open"), untested.out);
        Path rules = pack.resolve("policy/1-home.cedar");
        Files.writeString(rules, Files.readString(rules).replaceFirst("@article.*", ""));
        var lacking = run("pack", "check", pack.toString());
        assertEquals(Main.CHECK_FAILED, lacking.code, lacking.err);
        assertTrue(lacking.err.contains("sa-home: needs @article"), lacking.err);
    }

    @Test
    void aServerThatIsNotThereIsNamedByItsPort() throws Exception {
        Files.writeString(folder.resolve("operator.key"), "dk-any");
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var run = run("chat", "hello", "--port", "" + port, "--data", folder.toString());
        assertEquals(Main.ENVIRONMENT, run.code);
        assertTrue(run.err.contains("port " + port) && run.err.contains("./diwan up"), run.err);
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var run = run("up", "--port", "" + taken.getLocalPort(), "--data", folder.toString());
            assertEquals(Main.ENVIRONMENT, run.code, run.err);
            assertTrue(run.err.contains("127.0.0.1:" + taken.getLocalPort()) && run.err.contains("--port"), run.err);
        }
    }

    private static Run run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(code, out.toString(), err.toString());
    }
}
