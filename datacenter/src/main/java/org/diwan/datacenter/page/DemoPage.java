package org.diwan.datacenter.page;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.diwan.datacenter.inventory.Inventory.Site;
import org.diwan.datacenter.plan.Certificate.Case;
import org.diwan.datacenter.plan.Claim;
import org.diwan.datacenter.plan.Constraint;
import org.diwan.datacenter.plan.Explainer;
import org.diwan.datacenter.plan.SiteLoss;
import org.diwan.datacenter.plan.SiteLoss.Move;
import org.diwan.sovereignty.Jurisdiction;

/// The demonstration as one page: the map, each site's load and power through a day, what moves when a site is
/// lost and why not elsewhere, and the certificate with the checker's verdict. Every click is a link.
final class DemoPage {
    /// Languages that explanations are in, by tag and own name.
    private static final Map<String, String> LANGUAGES = languages();

    /// Kinds of moves that are explained; the sample operator has four for each country.
    private static final int MAX_GROUPS = 40;

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --rule: #d8dee4; --page: #f6f8f8;
              --card: #ffffff; --line: #0f6e5a; --fill: #0f6e5a33; --bad: #a3281b; --badfill: #c0392b22;
              --good: #1a6640; --goodfill: #1a664018 }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa5b1; --rule: #30363d;
              --page: #0d1114; --card: #151b20; --line: #4cc2a5; --fill: #4cc2a540; --bad: #ff8f82;
              --badfill: #ff6b5b26; --good: #7fd6a6; --goodfill: #7fd6a61f } }
            * { box-sizing: border-box }
            body { font: 15px/1.5 "Noto Sans", "Noto Naskh Arabic", "Noto Sans CJK KR", system-ui, sans-serif;
              color: var(--ink); background: var(--page); max-width: 66rem; margin: 1.2rem auto; padding: 0 1.2rem }
            h1 { font-size: 1.45rem; margin: 0 }
            h2 { font-size: 1.08rem; margin: 1.6rem 0 .5rem }
            header { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; align-items: baseline; margin-bottom: .8rem }
            header nav { margin-inline-start: auto }
            nav a { margin-inline-start: .7rem }
            a { color: var(--line) }
            nav a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none }
            .soft { color: var(--soft) }
            .small { font-size: .86em }
            .map { display: block; width: 100%; height: auto; background: var(--card); border-radius: 8px }
            .frame { fill: none; stroke: var(--rule) }
            .grid { stroke: var(--rule); stroke-width: .6; stroke-dasharray: 2 4 }
            .degree { font-size: 9px; fill: var(--soft) }
            .region { font-size: 12px; fill: var(--soft); letter-spacing: .06em; text-transform: uppercase }
            .site circle { fill: var(--fill); stroke: var(--line); stroke-width: 1.6 }
            .site:hover circle { stroke-width: 3 }
            .site .name { font-size: 12.5px; fill: var(--ink); font-weight: 600 }
            .site .live { font-size: 11px; fill: var(--soft); font-variant-numeric: tabular-nums }
            .gone circle { fill: var(--badfill); stroke: var(--bad) }
            .gone .name { fill: var(--bad) }
            .cross { stroke: var(--bad); stroke-width: 2.2; fill: none }
            .arc { fill: none; stroke: var(--bad); opacity: .75 }
            .tip { fill: var(--bad) }
            .count { font-size: 11px; fill: var(--bad); font-weight: 600 }
            .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(13.2rem, 1fr)); gap: .7rem }
            .card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: .6rem .8rem }
            .card.gone { border-color: var(--bad) }
            .card header { margin: 0; gap: .5rem }
            .card b { font-size: 1rem }
            .meter { height: 6px; background: var(--rule); border-radius: 3px; overflow: hidden;
              margin: .1rem 0 .35rem }
            .meter i { display: block; height: 100%; width: 0; background: var(--line); transition: width .6s }
            .pair { display: flex; justify-content: space-between; font-variant-numeric: tabular-nums; font-size: .9em }
            .button { display: inline-block; margin-top: .45rem; padding: .12rem .7rem; border: 1px solid var(--bad);
              border-radius: 1rem; color: var(--bad); text-decoration: none; font-size: .86em }
            .button:hover { background: var(--badfill) }
            .button.back { border-color: var(--line); color: var(--line) }
            .verdict { border-radius: 8px; padding: .55rem .9rem; margin: .6rem 0 }
            .good { background: var(--goodfill); color: var(--good) }
            .bad { background: var(--badfill); color: var(--bad) }
            table { border-collapse: collapse; width: 100%; background: var(--card); border-radius: 8px;
              font-size: .93em }
            th, td { text-align: start; vertical-align: top; padding: .32rem .6rem;
              border-bottom: 1px solid var(--rule) }
            td.number, th.number { text-align: end; font-variant-numeric: tabular-nums }
            details summary { cursor: pointer; color: var(--line) }
            #moves tr:not(.why) td { border-bottom: 0 }
            tr.why td { padding-top: 0 }
            dl { margin: .3rem 0 .3rem }
            dt { font-weight: 600; margin-top: .5rem }
            dd { margin: .1rem 0; margin-inline-start: 1.1rem; color: var(--soft) }
            .mapbox { overflow-x: auto }
            @media (max-width: 45rem) { table { display: block; overflow-x: auto } }
            @media (max-width: 45rem) { .map { min-width: 44rem } }
            code { overflow-wrap: anywhere; font-size: .9em }
            footer { margin: 1.4rem 0; color: var(--soft); font-size: .86em }
            """;

    /// Asks for the next hour of the day every two seconds; without it the page says all but that.
    private static final String SCRIPT = """
            const lost = new URLSearchParams(location.search).get('lost') ?? '';
            let hour = Number(document.body.dataset.hour);
            const set = (card, name, text) => { card.querySelector(`[data-live=${name}]`).textContent = text; };
            const bar = (card, name, share) => {
              card.querySelector(`[data-bar=${name}]`).style.width = `${Math.min(100, 100 * share)}%`;
            };
            async function step() {
              const answer = await fetch(`live?lost=${encodeURIComponent(lost)}&hour=${hour}`);
              const state = await answer.json();
              document.querySelector('#hour').textContent = `${String(state.hour).padStart(2, '0')}:00 UTC`;
              for (const [name, site] of Object.entries(state.sites)) {
                const card = document.querySelector(`.card[data-site="${name}"]`);
                set(card, 'rps', `${site.requestsPerSecond.toFixed(1)} /s`);
                set(card, 'kw', `${site.kilowatts.toFixed(1)} kW`);
                set(card, 'wait', site.refused > 0 ? `${site.refused} refused/h` : `p99 ${site.waitP99.toFixed(1)} s`);
                set(card, 'carbon', `${site.kilogramsCo2.toFixed(0)} kg CO₂/h`);
                bar(card, 'rps', site.requestsPerSecond / card.dataset.rps);
                bar(card, 'kw', site.kilowatts / card.dataset.kw);
                document.querySelector(`.map [data-site="${name}"] .live`).textContent =
                  site.serversUp === 0 ? 'lost' : `${site.kilowatts.toFixed(0)} kW`;
              }
              hour += 1;
            }
            step();
            setInterval(step, 2000);
            """;

    private final Demo demo;
    private final String lost;
    private final String language;
    private final StringBuilder out = new StringBuilder();

    /// @param language an explanation's; English where there is none of that tag
    DemoPage(Demo demo, String lost, String language) {
        this.demo = demo;
        this.lost = lost;
        this.language = LANGUAGES.containsKey(language) ? language : "en";
    }

    private static Map<String, String> languages() {
        var languages = new LinkedHashMap<String, String>();
        languages.put("en", "English");
        languages.put("ar", "العربية");
        languages.put("ko", "한국어");
        languages.put("de", "Deutsch");
        languages.put("fil", "Filipino");
        return languages;
    }

    String write() {
        write(
                "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Diwan: %s</title>\n",
                lost.isEmpty() ? "an operator in three countries" : Html.text(lost) + " is lost");
        write("<meta name=\"viewport\" content=\"width=device-width\"><style>\n%s</style></head>\n", STYLE);
        write(
                "<body data-hour=\"12\">\n<header><h1>%s</h1><span class=soft id=hour>12:00 UTC</span>"
                        + "<nav class=small>",
                lost.isEmpty() ? "An operator in three countries" : Html.text(lost) + " is lost");
        write("<span class=\"soft\">Explanations in</span>");
        LANGUAGES.forEach((tag, name) -> write(
                "<a href=\"?lost=%s&amp;language=%s\" lang=\"%s\"%s>%s</a>",
                Html.text(lost), tag, tag, tag.equals(language) ? " aria-current=\"true\"" : "", name));
        write("</nav></header>\n");
        var rehearsal = lost.isEmpty() ? null : demo.rehearsal(lost);
        write(
                "<div class=mapbox>%s</div>\n",
                SiteMap.svg(demo.inventory, lost, rehearsal == null ? List.of() : arcs(rehearsal)));
        if (rehearsal != null) moved(rehearsal);
        write(
                "<h2>%s</h2>\n<div class=\"cards\">\n",
                lost.isEmpty() ? "Sites; click one to lose it" : "Sites, a day without " + Html.text(lost));
        for (var site : demo.inventory.sites()) card(site);
        write("</div>\n");
        certificate();
        write(
                "<footer>The operator and its customers are invented; plan, certificate, verdict, explanations and"
                        + " the day are computed. Law: the packs of %s. %s</footer>\n",
                Html.text(demo.file.plan().day()), Html.text(demo.load));
        write("<script>\n%s</script>\n</body>\n</html>\n", SCRIPT);
        return out.toString();
    }

    // --- sites -----------------------------------------------------------------------------------------

    private void card(Site site) {
        boolean gone = site.name().equals(lost);
        String name = Html.text(site.name());
        int gpus = site.servers().stream()
                .mapToInt(server -> server.thing().gpus().size())
                .sum();
        double mostKilowatts = site.servers().stream()
                        .mapToDouble(server -> server.thing().maxWatts())
                        .sum()
                / 1000;
        double mostRequests = demo.day(lost).stream()
                .filter(hour -> hour.site().equals(site.name()))
                .mapToDouble(hour -> hour.answered() / 3600.0)
                .max()
                .orElse(0);
        write(
                "<div class=\"card%s\" data-site=\"%s\" data-kw=\"%.3f\" data-rps=\"%.3f\">",
                gone ? " gone" : "", name, Math.max(0.001, mostKilowatts), Math.max(0.001, mostRequests));
        write(
                "<header><b>%s</b><span class=\"soft small\">%s, %,d GPUs</span></header>",
                name, site.jurisdiction().code(), gpus);
        write("<div class=\"pair\"><span class=\"soft\">load</span><span data-live=\"rps\"></span></div>");
        write("<div class=\"meter\"><i data-bar=\"rps\"></i></div>");
        write("<div class=\"pair\"><span class=\"soft\">power</span><span data-live=\"kw\"></span></div>");
        write("<div class=\"meter\"><i data-bar=\"kw\"></i></div>");
        write("<div class=\"pair soft\"><span data-live=\"wait\"></span><span data-live=\"carbon\"></span></div>");
        if (gone) write("<a class=\"button back\" href=\"?language=%s\">bring it back</a>", language);
        else write("<a class=\"button\" href=\"?lost=%s&amp;language=%s\">lose this site</a>", name, language);
        write("</div>\n");
    }

    // --- what moves ------------------------------------------------------------------------------------

    /// Replicas of one workload that go the same way.
    private record Group(String workload, int tier, String from, String to) {}

    private static Map<Group, List<Move>> groups(SiteLoss rehearsal) {
        var groups = new LinkedHashMap<Group, List<Move>>();
        for (var move : rehearsal.moves())
            groups.computeIfAbsent(
                            new Group(
                                    move.from().workload(),
                                    move.tier(),
                                    move.from().parts().getFirst().site(),
                                    move.to()
                                            .map(to -> to.parts().getFirst().site())
                                            .orElse("")),
                            unseen -> new ArrayList<>())
                    .add(move);
        return groups;
    }

    private static List<SiteMap.Arc> arcs(SiteLoss rehearsal) {
        var counts = new LinkedHashMap<List<String>, Integer>();
        groups(rehearsal).forEach((group, moves) -> {
            if (!group.to().isEmpty()) counts.merge(List.of(group.from(), group.to()), moves.size(), Integer::sum);
        });
        return counts.entrySet().stream()
                .map(count -> new SiteMap.Arc(
                        count.getKey().getFirst(), count.getKey().getLast(), count.getValue()))
                .toList();
    }

    private void moved(SiteLoss rehearsal) {
        int moved = rehearsal.moves().size() - rehearsal.waiting();
        if (rehearsal.holds())
            write(
                    "<p class=\"verdict good\" id=\"rehearsal\">✓ %d replicas moved, all of tier 1 among them, as the"
                            + " certificate had said; %d of lower tiers wait. What is left was checked again.</p>\n",
                    moved, rehearsal.waiting());
        else
            write(
                    "<p class=\"verdict bad\" id=\"rehearsal\">✗ %s</p>\n",
                    Html.text(
                            rehearsal.refusals().isEmpty()
                                    ? "something of tier 1 has no place"
                                    : rehearsal.refusals().getFirst()));
        write("<h2>What moved, and why not elsewhere</h2>\n<table id=moves><thead><tr><th>workload</th>"
                + "<th class=number>tier</th>"
                + "<th class=number>replicas</th><th>to</th></tr></thead><tbody>\n");
        var explainer = demo.explainer();
        int shown = 0;
        for (var entry : groups(rehearsal).entrySet()) {
            if (shown++ == MAX_GROUPS) break;
            var group = entry.getKey();
            write(
                    "<tr><td>%s</td><td class=number>%d</td><td class=number>%d</td><td>%s</td></tr>\n"
                            + "<tr class=why><td colspan=4>",
                    Html.text(group.workload()),
                    group.tier(),
                    entry.getValue().size(),
                    group.to().isEmpty() ? "<span class=\"soft\">waits for room</span>" : Html.text(group.to()));
            why(explainer, entry.getValue().getFirst().replica(), group);
            write("</td></tr>\n");
        }
        write("</tbody></table>\n");
        if (shown > MAX_GROUPS)
            write("<p class=\"soft\">and %d more ways</p>\n", groups(rehearsal).size() - MAX_GROUPS);
    }

    /// What keeps it from every other site, in the plan as it was before the loss. Where the law forbids it,
    /// nothing else matters, and it forbids the whole country.
    private void why(Explainer explainer, String replica, Group group) {
        var forbidden = new HashSet<Jurisdiction>();
        write("<details><summary>why not elsewhere</summary><dl lang=\"%s\" dir=\"auto\">", language);
        for (var site : demo.inventory.sites()) {
            if (site.name().equals(group.from()) || site.name().equals(group.to())) continue;
            var answer = explainer.why(replica, site.name());
            boolean unlawful = !answer.reasons().isEmpty()
                    && answer.reasons().getFirst().closest().claim().constraint() == Constraint.RESIDENCY;
            if (unlawful && !forbidden.add(site.jurisdiction())) continue;
            var lines = answer.lines(language);
            write("<dt dir=\"auto\">%s</dt>", Html.text(lines.getFirst()));
            for (var line : lines.subList(1, unlawful ? 2 : lines.size()))
                write("<dd dir=\"auto\">%s</dd>", Html.text(line));
        }
        write("</dl></details>");
    }

    // --- the certificate -------------------------------------------------------------------------------

    private void certificate() {
        var certificate = demo.file.certificate();
        write("<h2>The certificate%s</h2>\n", lost.isEmpty() ? "" : ", for the loss of " + Html.text(lost));
        int claims = certificate.cases().stream()
                .mapToInt(one -> one.claims().size())
                .sum();
        if (demo.refusals.isEmpty())
            write(
                    "<p class=\"verdict good\" id=\"verdict\">✓ The checker counted all %,d numbers of %d cases again,"
                            + " decided every residence again, and agrees.</p>\n",
                    claims, certificate.cases().size());
        else write("<p class=\"verdict bad\" id=\"verdict\">✗ %s</p>\n", Html.text(demo.refusals.getFirst()));
        write(
                "<p class=\"small soft\">plan <code>%s</code><br>certificate <code>%s</code></p>\n",
                demo.file.plan().digest(), certificate.digest());
        certificate.cases().stream()
                .filter(one -> one.lostSite().equals(lost))
                .findFirst()
                .ifPresentOrElse(
                        this::claims,
                        () -> write(
                                "<p class=soft>Nothing of tier 1 is at %s, so its loss has no case of its own.</p>\n",
                                Html.text(lost)));
    }

    private void claims(Case one) {
        var tightest = new TreeMap<Constraint, Claim>();
        var counts = new TreeMap<Constraint, Integer>();
        for (var claim : one.claims()) {
            counts.merge(claim.constraint(), 1, Integer::sum);
            tightest.merge(claim.constraint(), claim, (a, b) -> share(b) > share(a) ? b : a);
        }
        write("<table id=\"claims\"><thead><tr><th>limit</th><th class=number>places</th><th>the fullest</th>"
                + "<th class=number>used</th><th class=number>of</th><th class=number>share</th></tr></thead>\n"
                + "<tbody>\n");
        tightest.forEach((constraint, claim) -> write(
                "<tr><td>%s</td><td class=number>%,d</td><td>%s</td><td class=number>%,d</td><td class=number>%,d</td>"
                        + "<td class=number>%s</td></tr>\n",
                constraint.label(),
                counts.getOrDefault(constraint, 0),
                Html.text(claim.place())
                        + (claim.lost().isEmpty()
                                ? ""
                                : " <span class=\"soft\">without " + Html.text(claim.lost()) + "</span>"),
                claim.used(),
                claim.limit(),
                claim.limit() == 0 ? "" : "%.0f %%".formatted(100 * share(claim))));
        write("</tbody></table>\n");
    }

    private static double share(Claim claim) {
        return claim.limit() == 0 ? claim.used() : (double) claim.used() / claim.limit();
    }

    @FormatMethod
    private void write(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
