package org.diwan.cloud.report;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.diwan.base.Digest;
import org.diwan.cloud.report.Control.Outcome;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Rule;

/// An [Assessment] of one law as one HTML page for people: in the language of the law and in English,
/// printable, without scripts and without anything that is loaded.
///
/// Whatever comes from outside (the log above all, whose entries may hold anything) goes through
/// [#escape].
public final class LawPage {
    private static final String STYLE = """
            body { font: 15px/1.5 "Noto Sans", "Noto Naskh Arabic", "Noto Sans CJK KR", system-ui, sans-serif;
              color: #1b1f24; max-width: 62rem; margin: 2rem auto; padding: 0 1.2rem }
            h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 .3rem }
            h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; border-bottom: 2px solid #1f6f5c }
            h3 { font-size: 1rem; margin: 0 }
            p { margin: .3rem 0 }
            .en { color: #57606a; font-size: .88em; font-weight: 400 }
            .time { white-space: nowrap }
            .law { color: #57606a }
            .id, .root { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere }
            table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9em }
            th, td { text-align: start; vertical-align: top; border-bottom: 1px solid #d0d7de; padding: .25rem .5rem }
            th { font-weight: 600; background: #f6f8fa }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .6rem 0 }
            dt { color: #57606a }
            dd { margin: 0 }
            .rule { border: 1px solid #d0d7de; border-radius: 6px; padding: .8rem 1rem; margin: .8rem 0;
              break-inside: avoid }
            .head { display: flex; justify-content: space-between; gap: 1rem; align-items: start }
            .mark { white-space: nowrap; border-radius: 1rem; padding: .05rem .7rem; font-size: .85em;
              border: 1px solid; print-color-adjust: exact }
            .satisfied { color: #1a6640; background: #e6f4ec }
            .not_satisfied { color: #a40e26; background: #ffebe9; font-weight: 600 }
            .untested { color: #57606a; background: #f6f8fa }
            .wrong { color: #a40e26 }
            footer { margin-top: 2rem; font-size: .85em; color: #57606a }
            @media print { body { margin: 0; max-width: none; font-size: 11px } }
            """;
    private final Assessment assessment;
    private final LogFacts facts;
    private final Pack pack;
    private final String law;
    private final Labels labels;
    private final StringBuilder out = new StringBuilder();

    private LawPage(Assessment assessment, Pack pack, String law) {
        this.assessment = assessment;
        this.facts = assessment.facts();
        this.pack = pack;
        this.law = law;
        this.labels =
                Labels.in(pack.languages().isEmpty() ? "en" : pack.languages().getFirst());
    }

    /// The page of the law that a pack calls `name`, such as `pdpl`, or of all laws of the pack `name`.
    ///
    /// @throws IllegalArgumentException naming the laws that there are
    public static String of(Assessment assessment, String name) {
        var known = new TreeSet<String>();
        for (var pack : assessment.facts().policy().packs()) {
            if (pack.jurisdiction().code().equals(name) || pack.laws().containsKey(name))
                return new LawPage(assessment, pack, name).write();
            known.add(pack.jurisdiction().code());
            known.addAll(pack.laws().keySet());
        }
        throw new IllegalArgumentException("law '" + name + "' is not known; known are " + String.join(", ", known));
    }

    private List<Rule> rules() {
        return facts.policy().rules().stream()
                .filter(rule -> rule.id().startsWith(pack.jurisdiction() + "-"))
                .filter(rule -> pack.jurisdiction().code().equals(law) || pack.belongs(rule, law))
                .toList();
    }

    private String write() {
        String title = pack.title() + ", " + law;
        out.append("<!doctype html>\n<html lang=\"")
                .append(labels.language())
                .append(labels.isRightToLeft() ? "\" dir=\"rtl" : "\" dir=\"ltr")
                .append("\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head>\n<body>\n<h1>")
                .append(label("report"))
                .append("</h1>\n<p><b>")
                .append(ltr(title))
                .append("</b></p>\n");
        head();
        ledger();
        clocks();
        audit();
        out.append("<h2>").append(label("rules")).append("</h2>\n");
        for (var rule : rules()) rule(rule);
        out.append("<footer><p>").append(escape(labels.word("check"))).append("</p>");
        if (!labels.isEnglish())
            out.append("<p lang=\"en\" dir=\"ltr\">")
                    .append(escape(labels.english("check")))
                    .append("</p>");
        return out.append("</footer>\n</body></html>\n").toString();
    }

    private void head() {
        var first = facts.first();
        var last = facts.last();
        out.append("<dl>");
        fact("log", ltr(facts.checkpoint().origin() + ", " + facts.checkpoint().size()) + " " + label("entries"));
        fact("root", "<bdi class=\"root\">" + Digest.hex(facts.checkpoint().root()) + "</bdi>");
        fact("period", first == null || last == null ? label("none") : ltr(first + " – " + last));
        fact("asOf", ltr(facts.policy().day().toString()));
        fact("written", ltr(facts.now().truncatedTo(ChronoUnit.SECONDS).toString()));
        fact("decisions", "" + facts.decisions());
        fact("answers", "" + facts.answers());
        if (!facts.failures().isEmpty())
            fact(
                    "failures",
                    ltr(facts.failures().entrySet().stream()
                            .map(failed -> failed.getValue() + " " + failed.getKey())
                            .collect(Collectors.joining(", "))));
        out.append("</dl>\n");
    }

    private void ledger() {
        out.append("<h2>").append(label("ledger")).append("</h2>\n<table>");
        for (var kind : Contradiction.Kind.values()) {
            var control = assessment.control(
                    "diwan-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            out.append("<tr><td>").append(label(control.id()));
            wrong(facts.contradictions(kind));
            out.append("</td><td>").append(mark(control.outcome())).append("</td></tr>\n");
        }
        out.append("</table>\n");
    }

    /// The contradictions of `tally`, if there are any.
    private void wrong(Tally tally) {
        for (var one : tally.contradictions())
            out.append("<div class=\"wrong\">")
                    .append(label("entry"))
                    .append(' ')
                    .append(one.index())
                    .append(": ")
                    .append(ltr(one.kind().label() + ": " + one.detail()))
                    .append("</div>");
        if (tally.contradicted() > tally.contradictions().size())
            out.append("<div class=\"wrong\">… ").append(tally.contradicted()).append("</div>");
    }

    private void clocks() {
        if (pack.breach().isEmpty()) return;
        var duty = pack.breach().get();
        var control = assessment.control(pack.jurisdiction() + "-breach");
        out.append("<h2>").append(label("breaches")).append("</h2>\n<section class=\"rule\"><div class=\"head\"><h3>");
        out.append(label("article")).append(' ').append(ltr(duty.article())).append("</h3>");
        out.append(mark(control.outcome())).append("</div><p class=\"law\">").append(ltr(duty.law()));
        out.append("</p><p>").append(ltr(control.demands())).append("</p>");
        out.append("<dl>");
        source(duty.source(), duty.confidence());
        out.append("</dl>");
        var clocks = BreachClock.of(facts.breaches(), List.of(pack), facts.now());
        if (clocks.isEmpty()) out.append("<p>").append(label("none")).append("</p>");
        else {
            header("breach", "entry", "opened", "due", "left", "state");
            for (var clock : clocks) {
                String says = clock.breach().says();
                cells(
                        "<bdi class=\"id\">" + escape(clock.breach().id()) + "</bdi>"
                                + (says == null ? "" : "<br><bdi dir=\"auto\">" + escape(says) + "</bdi>"),
                        "" + clock.breach().opened().index(),
                        time(clock.breach().opened().time().toString()),
                        time(clock.due().toString()),
                        clock.state().isTicking() ? "<b>" + ltr("" + clock.hoursLeft()) + "</b>" : "–",
                        (clock.state().isMissed() ? "<span class=\"wrong\">" : "<span>")
                                + label(clock.state().name().toLowerCase(Locale.ROOT)) + "</span>");
            }
            out.append("</table>");
        }
        out.append("</section>\n");
    }

    private void audit() {
        if (assessment.audit().isEmpty()) return;
        var audit = assessment.audit().get();
        out.append("<h2>").append(label("audit")).append("</h2>\n<p>");
        out.append(audit.drawn())
                .append(" / ")
                .append(audit.answers())
                .append(' ')
                .append(label("drawn"));
        out.append(": ")
                .append(label(audit.passes() ? "noFinding" : "findings"))
                .append(' ');
        out.append(mark(assessment.control("diwan-audit").outcome())).append("</p>\n<p class=\"en\">");
        out.append(ltr("size " + audit.size() + ", seed “" + audit.seed() + "”"))
                .append("</p>\n");
    }

    private void rule(Rule rule) {
        var tally = facts.rule(rule.id());
        out.append("<section class=\"rule\"><div class=\"head\"><h3>");
        out.append(label("article")).append(' ').append(ltr(rule.article())).append("</h3>");
        out.append(mark(assessment.control(rule.id()).outcome())).append("</div><p class=\"law\">");
        out.append(ltr(rule.law()))
                .append(" <bdi class=\"id\">")
                .append(escape(rule.id()))
                .append("</bdi></p>");
        String own = rule.explanations().get(labels.language());
        if (own != null && !labels.isEnglish())
            out.append("<p lang=\"")
                    .append(labels.language())
                    .append("\">")
                    .append(escape(own))
                    .append("</p>");
        out.append("<p class=\"en\" lang=\"en\" dir=\"ltr\">")
                .append(escape(rule.explanation()))
                .append("</p>");
        out.append("<dl>");
        source(rule.source(), rule.confidence());
        fact(
                "inForce",
                ltr(rule.validFrom().toString())
                        + rule.validTo()
                                .map(day -> " " + label("until") + " " + ltr(day.toString()))
                                .orElse(""));
        fact("allowed", "" + tally.allowed());
        fact("denied", "" + tally.denied());
        if (tally.contradicted() > 0) fact("contradicted", "<span class=\"wrong\">" + tally.contradicted() + "</span>");
        out.append("</dl>");
        wrong(tally);
        obligations(rule, tally);
        if (!tally.newest().isEmpty()) newest(tally);
        out.append("</section>\n");
    }

    private void source(String source, String confidence) {
        fact("source", ltr(source));
        fact("confidence", ltr(confidence) + ": " + label(confidence));
    }

    /// What its answers owed, and how long records stay.
    private void obligations(Rule rule, Tally tally) {
        if (rule.obligations().isEmpty()) return;
        header("obligations", "owed", "met", "broken");
        rule.obligations().stream().map(Obligation::label).sorted().forEach(label -> {
            var owed = tally.owed(label);
            boolean seen = owed.met() + owed.broken() > 0 || owed.owed() == 0;
            cells(
                    ltr(label),
                    "" + owed.owed(),
                    seen ? "" + owed.met() : label("unseen"),
                    owed.broken() > 0 ? "<span class=\"wrong\">" + owed.broken() + "</span>" : "" + owed.broken());
        });
        out.append("</table>");
        if (rule.obligations().stream().noneMatch(obligation -> obligation.days() > 0)) return;
        var next = tally.nextEnd();
        out.append("<dl>");
        fact(
                "retention",
                tally.retained() + " " + label("retained") + "; " + tally.pastRetention() + " "
                        + label("pastRetention")
                        + (next == null ? "" : "; " + label("nextEnd") + " " + ltr(next.toString())));
        out.append("</dl>");
    }

    private void newest(Tally tally) {
        out.append("<p>").append(label("newest")).append("</p>");
        header("entry", "time", "class", "destination", "verdict");
        for (var seen : tally.newest())
            cells(
                    "" + seen.index(),
                    time(seen.time()),
                    ltr(seen.dataClass()),
                    ltr(seen.destination()),
                    label(seen.verdict()));
        out.append("</table>");
    }

    private void header(String... keys) {
        out.append("<table><tr>");
        for (String key : keys) out.append("<th>").append(label(key)).append("</th>");
        out.append("</tr>\n");
    }

    /// A row of cells that are HTML.
    private void cells(String... html) {
        out.append("<tr>");
        for (String cell : html) out.append("<td>").append(cell).append("</td>");
        out.append("</tr>\n");
    }

    private void fact(String key, String html) {
        out.append("<dt>").append(label(key)).append("</dt><dd>").append(html).append("</dd>\n");
    }

    private String mark(Outcome outcome) {
        String key = outcome.name().toLowerCase(Locale.ROOT);
        return "<span class=\"mark " + key + "\">" + label(key) + "</span>";
    }

    /// The words for `key`, with the English ones beside them.
    private String label(String key) {
        String own = escape(labels.word(key));
        return labels.isEnglish()
                ? own
                : own + " <span class=\"en\" lang=\"en\" dir=\"ltr\">" + escape(labels.english(key)) + "</span>";
    }

    /// Text that reads from left to right wherever it stands.
    private static String ltr(String text) {
        return "<bdi dir=\"ltr\">" + escape(text) + "</bdi>";
    }

    private static String time(String text) {
        return "<bdi class=\"time\" dir=\"ltr\">" + escape(text) + "</bdi>";
    }

    /// `text` where HTML wants text or the value of an attribute.
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
