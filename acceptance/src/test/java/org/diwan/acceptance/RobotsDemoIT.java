package org.diwan.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `diwan robots demo` as a process, in a browser, at thirty times real time: words typed in Arabic move a robot
/// through a lift to a room, and the page shows a trace that follows from the log. Pictures stay in `target/`.
class RobotsDemoIT {
    private static final ContainsTextOptions PATIENT = new ContainsTextOptions().setTimeout(120_000);

    @Test
    void wordsTypedInArabicMoveARobotAndAreTraced(@TempDir Path data) throws Exception {
        try (var chromium = Chromium.launch();
                var demo = new DemoProcess(
                        "robots",
                        "demo",
                        "--map",
                        Server.ROOT.resolve("recipes/robots/ministry.yaml").toString(),
                        "--robots",
                        "4",
                        "--errands",
                        "0",
                        "--speed",
                        "30",
                        "--port",
                        "0",
                        "--data",
                        data.toString())) {
            Page page = chromium.page("ar", 1300, 1000, ColorScheme.LIGHT);
            page.navigate(demo.address().replace("/#", "/?language=ar#"));
            assertThat(page.locator("[data-count=robots]")).hasText("4");
            say(page, "خذ القهوة من غرفة ١٠١ إلى غرفة ٢٠٤");
            assertThat(page.locator("#said")).containsText("✓", PATIENT);
            assertThat(page.locator("#said ol li").first()).containsText("asked");
            assertThat(page.locator("#said ol")).containsText("drop FINISHED");
            assertTrue(page.locator("#said ol").textContent().contains("lift-"), "through a lift");
            picture(page, "robots-trace");

            say(page, "خذها");
            assertThat(page.locator("#said p")).hasCount(2, new HasCountOptions().setTimeout(30_000));
            say(page, "قف!");
            assertThat(page.locator("#said")).containsText("4", PATIENT);

            Page stranger = chromium.page("en", 800, 600, ColorScheme.DARK);
            stranger.navigate(demo.address().replaceFirst("#.*", ""));
            assertThat(stranger.locator("#silent")).isVisible();
            assertEquals(
                    List.of(),
                    chromium.complaints().stream()
                            .filter(line -> !line.contains("401"))
                            .toList());
            String here = demo.address().replaceFirst("#.*", "");
            for (String request : chromium.requests())
                assertTrue(request.startsWith(here), request + " leaves this machine");
        }
    }

    private static void say(Page page, String words) {
        page.locator("#speak input").fill(words);
        page.locator("#speak form button").first().click();
        assertThat(page.locator("#said p").first()).containsText(words);
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "pictures", name + ".png"))
                .setFullPage(true));
    }
}
