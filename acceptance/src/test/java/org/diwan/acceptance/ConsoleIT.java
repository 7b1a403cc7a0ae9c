package org.diwan.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages as a civil servant uses them: a real browser, the real server, one conversation each.
class ConsoleIT {
    /// An answer of the test model on two busy cores.
    private static final LocatorAssertions.IsVisibleOptions IN_TIME =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// WCAG 2.2, success criterion 1.4.3: contrast of text.
    private static final double CONTRAST = 4.5;

    @TempDir
    static Path folder;

    private static Chromium chromium;
    private static Upstream upstream;
    private static Server server;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.launch();
        upstream = new Upstream();
        server = Server.start(
                folder.resolve("data"), "--model", Models.any(folder).toString(), "--upstream", upstream.argument());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) server.close();
        if (upstream != null) upstream.close();
        if (chromium != null) chromium.close();
    }

    @AfterEach
    void pagesStayAtHomeAndDoNotComplain() {
        assertEquals(List.of(), chromium.complaints(), "errors in the pages");
        var abroad = chromium.requests().stream()
                .filter(url -> !url.startsWith(server.address() + "/") && !url.startsWith("blob:"))
                .toList();
        assertEquals(List.of(), abroad, "requests to other origins");
    }

    @Test
    void anAnswerComesRightToLeft() {
        Page page = open("ar-SA");
        assertEquals("rtl", direction(page.locator("html")));
        assertTrue(page.url().endsWith("/#"), "the key is gone from the address bar: " + page.url());

        ask(page, "حدثني عن بغداد في الزمن القديم");
        assertEquals("rtl", direction(page.locator("diwan-turn .question p")));
        assertThat(verify(page)).isVisible(IN_TIME);

        assertEquals("auto", page.locator("diwan-turn .answer p").first().getAttribute("dir"));
    }

    @Test
    void anAnswerIsVerifiedInThePage() {
        Page page = open("en-GB");
        ask(page, "اكتب عن فضل العلم");
        verify(page).click();
        assertThat(page.locator("diwan-turn .holds")).hasCount(6);
        assertThat(page.locator("diwan-turn .differs")).hasCount(0);
    }

    @Test
    void aSavedReceiptIsReplayedOnTheCommandLine() throws IOException, InterruptedException {
        Page page = open("ar-SA");
        ask(page, "من بنى بغداد؟");
        assertThat(verify(page)).isVisible(IN_TIME);
        Path receipt = folder.resolve("receipt.json");
        page.waitForDownload(
                        () -> page.locator("diwan-turn .foot button[name=save]").click())
                .saveAs(receipt);

        var honest = replay(receipt);
        assertEquals(0, honest.status(), honest.output());
        byte[] bytes = Files.readAllBytes(receipt);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        // The last digit of the first token: the first digit could become a leading zero, which is no JSON.
        int tokens = text.indexOf("\"tokens\":[");
        int end = Math.min(text.indexOf(',', tokens), text.indexOf(']', tokens));
        bytes[end - 1] ^= 1;
        Files.write(receipt, bytes);
        var forged = replay(receipt);
        assertEquals(1, forged.status(), forged.output());
        assertTrue(forged.output().contains("answer"), forged.output());
    }

    @Test
    void theLedgerIsVerifiedInThePage() {
        Page page = open("ar-SA");
        ask(page, "اكتب عن فضل العلم");
        assertThat(verify(page)).isVisible(IN_TIME);

        showLedger(page);
        page.locator("diwan-checkpoint button").click();
        assertThat(page.locator("diwan-checkpoint .holds")).hasCount(3);
        verifyNewestEntry(page);
        assertThat(page.locator("diwan-entry .holds")).hasCount(4);
        assertThat(page.locator("diwan-ledger .differs")).hasCount(0);
    }

    /// Each file of the log in turn, one bit of its last bytes changed on the server's disk.
    @ParameterizedTest
    @CsvSource({
        "checkpoint, The checkpoint is signed",
        "tile/entries, This record is",
        "tile/0, Its path through the tree",
    })
    void aChangedByteOfTheLogIsFound(String part, String step) throws IOException {
        Page page = open("en-GB");
        ask(page, "اكتب عن فضل العلم");
        assertThat(verify(page)).isVisible(IN_TIME);
        showLedger(page);

        Path file = newestFile(part);
        byte[] honest = Files.readAllBytes(file);
        byte[] changed = honest.clone();
        // In a checkpoint inside the size's digits or the root, in a bundle inside the newest entry, in a
        // tile inside the hash before the newest: its sibling or its neighbour.
        int at = part.equals("checkpoint")
                ? new String(honest, 0, 200, StandardCharsets.ISO_8859_1).indexOf('\n') + 5
                : honest.length - 40;
        changed[at] ^= 1;
        Files.write(file, changed);
        try {
            verifyNewestEntry(page);
            assertThat(page.locator("diwan-entry .differs")).hasCount(1);
            assertThat(page.locator("diwan-entry .differs")).containsText(step);
        } finally {
            Files.write(file, honest);
        }
        page.locator("diwan-entry .inside button").first().click();
        assertThat(page.locator("diwan-entry .holds")).hasCount(4);
    }

    @Test
    void aRefusalNamesLawAndArticle() {
        Page page = open("ar-SA");
        int before = upstream.conversations();
        page.locator("select[name=model]").selectOption("partner/large");
        ask(page, "رقم هويتي الوطنية 1058529940، فأرسل طلبي.");

        Locator refusal = page.locator("diwan-refusal");
        assertThat(refusal).isVisible(IN_TIME);
        assertThat(refusal).containsText("Personal Data Protection Law");
        assertThat(refusal).containsText("29(2)(b)");
        assertThat(refusal).containsText("sa-pdpl-29-2-b");
        assertThat(refusal).containsText("لا تُنقل البيانات الشخصية");
        assertEquals(before, upstream.conversations(), "nothing reached the upstream");

        verify(page).click();
        assertThat(page.locator("diwan-turn .holds")).hasCount(3);
        assertThat(page.locator("diwan-turn .differs")).hasCount(0);
    }

    @Test
    void theReaderChoosesTheLanguage() {
        Page page = open("fr-FR");
        assertThat(page.locator("html")).hasAttribute("lang", "ar");
        for (var language : Map.of("ko", "대화", "en", "Chat", "ar", "المحادثة").entrySet()) {
            page.locator("header select").selectOption(language.getKey());
            assertThat(page.locator("html")).hasAttribute("lang", language.getKey());
            assertThat(page.locator("html"))
                    .hasAttribute("dir", language.getKey().equals("ar") ? "rtl" : "ltr");
            assertThat(page.locator("nav a").first()).hasText(language.getValue());
        }
        page.locator("header select").selectOption("ko");
        assertThat(page.locator("html")).hasAttribute("lang", "ko");
        page.reload();
        assertThat(page.locator("html")).hasAttribute("lang", "ko");
    }

    @Test
    void whoHasNoKeyIsAskedForOne() {
        Page page = chromium.page("en-GB", 1280, 860, ColorScheme.LIGHT);
        page.navigate(server.address() + "/");
        Locator dialog = page.locator("diwan-key-dialog dialog");
        assertThat(dialog).isVisible();
        page.locator("input[name=key]").fill("sk-nobody");
        page.locator("diwan-key-dialog .primary").click();
        assertThat(dialog).isVisible();
        page.locator("input[name=key]").fill(server.key());
        page.locator("diwan-key-dialog .primary").click();
        assertThat(dialog).not().isVisible();
        assertThat(page.locator("select[name=model] option").first()).not().hasText("no model");
    }

    /// Its first words are on the page while the source still speaks: the page streams.
    @Test
    void aStoppedAnswerStopsAtItsSourceAndKeepsItsReceipt() throws IOException, InterruptedException {
        Page page = open("en-GB");
        page.locator("select[name=model]").selectOption("partner/large");
        ask(page, "Tell me a long story.");
        assertThat(page.locator("diwan-turn .answer")).containsText("Wort 3 ");
        page.locator("button[name=stop]").click();
        assertThat(page.locator("diwan-turn article")).hasClass("stopped");
        assertTrue(upstream.abandoned(PATIENCE), "the upstream's stream was cut within " + PATIENCE);

        String receipt = page.locator("diwan-turn .receipt .hash").first().textContent();
        new Client(server).awaitText("/v1/receipts/" + receipt, text -> !text.contains("\"answered\":null"), PATIENCE);
        verify(page).click();
        assertThat(page.locator("diwan-turn .holds")).hasCount(6);
        assertThat(page.locator("diwan-turn .differs")).hasCount(0);
        assertThat(page.locator("button[name=send]")).isVisible();
    }

    @Test
    void shiftEnterBreaksTheLineAndEnterSends() {
        Page page = open("en-GB");
        Locator question = page.locator("textarea");
        question.fill("بيت");
        page.keyboard().press("Shift+Enter");
        page.keyboard().type("وبيت");
        assertThat(question).hasValue("بيت\nوبيت");
        page.keyboard().press("Enter");
        assertThat(question).hasValue("");
        assertThat(page.locator("diwan-turn .question p")).hasCount(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-SA", "ko-KR", "en-GB"})
    void thePagesFitAPhone(String locale) {
        Page page = chromium.page(locale, 360, 740, ColorScheme.LIGHT);
        page.navigate(server.address() + "/#key=" + server.key());
        ask(page, "السلام عليكم");
        assertThat(verify(page)).isVisible(IN_TIME);
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"), "width of the chat");
        showLedger(page);
        page.locator("diwan-entry summary").first().click();
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"), "width of the ledger");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everyTextStandsOutFromItsGround(String scheme) {
        Page page = chromium.page("ar-SA", 1280, 860, ColorScheme.valueOf(scheme.toUpperCase(java.util.Locale.ROOT)));
        page.navigate(server.address() + "/#key=" + server.key());
        for (String pair : List.of(
                "ink paper",
                "ink sheet",
                "ink wash",
                "muted paper",
                "muted sheet",
                "accent paper",
                "accent sheet",
                "accent wash",
                "on-accent accent",
                "differs paper",
                "differs sheet")) {
            double contrast = ((Number) page.evaluate(CONTRAST_OF, pair)).doubleValue();
            assertTrue(contrast >= CONTRAST, pair + " in " + scheme + ": contrast " + contrast);
        }
    }

    /// Contrast ratio of two of the page's colours (WCAG 2.2, "contrast ratio" and "relative luminance").
    private static final String CONTRAST_OF = """
            pair => {
              const luminance = name => {
                const probe = document.body.appendChild(document.createElement('span'));
                probe.style.color = `var(--${name})`;
                const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3)
                  .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                probe.remove();
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const [low, high] = pair.split(' ').map(luminance).sort((a, b) => a - b);
              return (high + 0.05) / (low + 0.05);
            }""";

    private static Page open(String locale) {
        Page page = chromium.page(locale, 1280, 860, ColorScheme.LIGHT);
        page.navigate(server.address() + "/#key=" + server.key());
        assertThat(page.locator("textarea")).isVisible();
        return page;
    }

    private static void ask(Page page, String question) {
        page.locator("textarea").fill(question);
        assertThat(page.locator("button.act")).isEnabled();
        page.keyboard().press("Enter");
    }

    /// The button under the answer; there when the answer is complete.
    private static Locator verify(Page page) {
        return page.locator("diwan-turn .foot button[name=verify]");
    }

    private static void showLedger(Page page) {
        page.locator("nav a").nth(1).click();
        assertThat(page.locator("diwan-entry").first()).isVisible();
    }

    private static void verifyNewestEntry(Page page) {
        page.locator("diwan-entry summary").first().click();
        page.locator("diwan-entry .inside button").first().click();
    }

    private static Command replay(Path receipt) throws IOException, InterruptedException {
        return Command.diwan(
                "verify",
                receipt.toString(),
                "--replay",
                "--log",
                folder.resolve("data/ledger").toString(),
                "--key",
                folder.resolve("data/keys/log.vkey").toString(),
                "--models",
                Objects.requireNonNull(Models.any(folder).getParent()).toString());
    }

    private static String direction(Locator element) {
        return (String) element.evaluate("element => getComputedStyle(element).direction");
    }

    private static Path newestFile(String part) throws IOException {
        Path log = folder.resolve("data/ledger");
        if (part.equals("checkpoint")) return log.resolve("checkpoint");
        try (var files = Files.walk(log.resolve(part))) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(ConsoleIT::modified))
                    .orElseThrow();
        }
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }
}
