package org.diwan.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `diwan datacenter demo` as a process, looked at in a browser: a site is lost by a click, and the page says
/// what moved, why not elsewhere, and that the checker agrees. Pictures stay in `target/`.
class DatacenterDemoIT {
    @Test
    void aSiteIsLostByAClick() throws Exception {
        try (var chromium = Chromium.launch();
                var demo = new DemoProcess("datacenter", "demo", "--port", "0")) {
            Page page = chromium.page("en", 1100, 900, ColorScheme.LIGHT);
            page.navigate(demo.address());
            assertThat(page.locator("#verdict")).containsText("✓ The checker counted all");
            assertThat(page.locator(".card")).hasCount(7);
            var kilowatts = page.locator(".card[data-site='riyadh-1'] [data-live=kw]");
            assertThat(kilowatts).hasText(Pattern.compile("[0-9.]+ kW"));
            String before = kilowatts.textContent();
            assertTrue(Double.parseDouble(before.replace(" kW", "")) > 0, before);
            picture(page, "demo");

            page.locator(".card[data-site='riyadh-1'] .button").click();
            assertThat(page.locator("h1")).hasText("riyadh-1 is lost");
            assertThat(page.locator("#rehearsal")).containsText("✓");
            assertThat(page.locator("#verdict")).containsText("✓");
            assertThat(page.locator(".card[data-site='riyadh-1'] [data-live=kw]"))
                    .hasText("0.0 kW");
            assertTrue(page.locator("#moves tbody tr").count() > 0);
            var why = page.locator("#moves details").first();
            why.locator("summary").click();
            assertThat(why).containsText("The law does not let");
            picture(page, "demo-lost");

            page.locator("nav a[lang=ar]").click();
            assertThat(page.locator("#moves dl[lang=ar]").first()).hasAttribute("dir", "auto");
            page.locator(".button.back").click();
            assertThat(page.locator("h1")).hasText("An operator in three countries");

            Page dark = chromium.page("ar", 480, 900, ColorScheme.DARK);
            dark.navigate(demo.address() + "?lost=frankfurt-1&language=ar");
            dark.locator("summary").first().click();
            picture(dark, "demo-dark");
            assertEquals(List.of(), chromium.complaints());
            for (String request : chromium.requests())
                assertTrue(request.startsWith(demo.address()), request + " leaves this machine");
        }
    }

    private static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "pictures", name + ".png"))
                .setFullPage(true));
    }
}
