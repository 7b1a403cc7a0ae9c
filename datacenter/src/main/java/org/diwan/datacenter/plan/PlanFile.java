package org.diwan.datacenter.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.diwan.datacenter.inventory.Cursor;
import org.diwan.datacenter.inventory.Document;
import org.diwan.datacenter.plan.Certificate.Case;
import org.diwan.datacenter.plan.Certificate.Residence;
import org.diwan.datacenter.plan.Plan.Assignment;
import org.diwan.datacenter.plan.Plan.Part;

/// A plan and its certificate as one JSON file, which reads back equal. A member that the format does not
/// know is refused.
///
/// ```json
/// {"plan": {"inventory": "9f…", "demand": "07…", "policy": "31…", "day": "2026-11-28", "assignments": [
///    {"workload": "arabic-70b", "replica": 0, "parts": [{"server": "riyadh-1/h1/r1/r1-01/s1", "gpus": [0, 1]}]}]},
///  "certificate": {"plan": "5c…", "cases": [
///    {"lostSite": "", "replacements": [], "residences": [
///       {"workload": "arabic-70b", "site": "riyadh-1", "origin": "sa", "allowed": true,
///        "rules": ["sa-home: …, 2(1)"], "obligations": ["in_country"]}],
///     "claims": [{"constraint": "feed-power", "place": "riyadh-1/p1/a", "lost": "riyadh-1/p1/b",
///       "used": 31000, "limit": 400000}]}]}}
/// ```
public record PlanFile(Plan plan, Certificate certificate) {
    /// The plan in `file`.
    ///
    /// @throws IOException when it cannot be read
    /// @throws IllegalArgumentException naming file, place and what is wrong with it
    public static PlanFile read(Path file) throws IOException {
        return Document.read(file, PlanFile::of);
    }

    /// The plan that the JSON `text` describes.
    ///
    /// @throws IllegalArgumentException naming the place and what is wrong with it
    public static PlanFile parse(String text) {
        return of(Document.parse(text, true));
    }

    /// The file's JSON.
    public String json() {
        return Document.text(map("plan", tree(plan), "certificate", tree(certificate)), true);
    }

    // --- reading -------------------------------------------------------------------------------------

    private static PlanFile of(Cursor root) {
        root.with("plan", "certificate");
        return new PlanFile(plan(root.at("plan")), certificate(root.at("certificate")));
    }

    private static Plan plan(Cursor in) {
        in.with("inventory", "demand", "policy", "day", "assignments");
        return new Plan(
                in.at("inventory").text(),
                in.at("demand").text(),
                in.at("policy").text(),
                in.at("day").text(),
                in.all("assignments", PlanFile::assignment));
    }

    private static Assignment assignment(Cursor in) {
        in.with("workload", "replica", "parts");
        return new Assignment(in.at("workload").text(), in.at("replica").whole(), in.all("parts", part -> {
            part.with("server", "gpus");
            if (part.at("server").text().indexOf('/') < 0)
                throw part.at("server").wrong("must be the path of a server");
            return new Part(part.at("server").text(), part.all("gpus", Cursor::whole));
        }));
    }

    private static Certificate certificate(Cursor in) {
        in.with("plan", "cases");
        return new Certificate(in.at("plan").text(), in.all("cases", PlanFile::oneCase));
    }

    private static Case oneCase(Cursor in) {
        in.with("lostSite", "replacements", "residences", "claims");
        return new Case(
                in.at("lostSite").text(),
                in.all("replacements", PlanFile::assignment),
                in.all("residences", PlanFile::residence),
                in.all("claims", PlanFile::claim));
    }

    private static Residence residence(Cursor in) {
        in.with("workload", "site", "origin", "allowed", "rules", "obligations");
        return new Residence(
                in.at("workload").text(),
                in.at("site").text(),
                in.at("origin").text(),
                in.at("allowed").truth(),
                in.all("rules", Cursor::text),
                in.all("obligations", Cursor::text));
    }

    private static Claim claim(Cursor in) {
        in.with("constraint", "place", "lost", "used", "limit");
        return in.as(at -> new Claim(
                Constraint.of(at.at("constraint").text()),
                at.at("place").text(),
                at.at("lost").text(),
                at.at("used").large(),
                at.at("limit").large()));
    }

    // --- writing -------------------------------------------------------------------------------------

    static Map<String, Object> tree(Plan plan) {
        return map(
                "inventory",
                plan.inventory(),
                "demand",
                plan.demand(),
                "policy",
                plan.policy(),
                "day",
                plan.day(),
                "assignments",
                each(plan.assignments(), PlanFile::tree));
    }

    private static Map<String, Object> tree(Assignment one) {
        return map(
                "workload",
                one.workload(),
                "replica",
                one.replica(),
                "parts",
                each(one.parts(), part -> map("server", part.server(), "gpus", part.gpus())));
    }

    static Map<String, Object> tree(Certificate certificate) {
        return map("plan", certificate.plan(), "cases", each(certificate.cases(), PlanFile::tree));
    }

    private static Map<String, Object> tree(Case one) {
        return map(
                "lostSite",
                one.lostSite(),
                "replacements",
                each(one.replacements(), PlanFile::tree),
                "residences",
                each(one.residences(), PlanFile::tree),
                "claims",
                each(one.claims(), PlanFile::tree));
    }

    private static Map<String, Object> tree(Residence one) {
        return map(
                "workload",
                one.workload(),
                "site",
                one.site(),
                "origin",
                one.origin(),
                "allowed",
                one.allowed(),
                "rules",
                one.rules(),
                "obligations",
                one.obligations());
    }

    private static Map<String, Object> tree(Claim claim) {
        return map(
                "constraint",
                claim.constraint().label(),
                "place",
                claim.place(),
                "lost",
                claim.lost(),
                "used",
                claim.used(),
                "limit",
                claim.limit());
    }

    private static <T> List<Object> each(List<T> things, Function<T, Object> write) {
        return things.stream().map(write).toList();
    }

    private static Map<String, Object> map(Object... members) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < members.length; i += 2) map.put((String) members[i], members[i + 1]);
        return map;
    }
}
