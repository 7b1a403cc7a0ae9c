package org.diwan.datacenter.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.diwan.base.CanonicalJson;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.SampleOperator;
import org.diwan.datacenter.plan.CertificateChecker;
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.Explainer;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.datacenter.plan.Planner;
import org.diwan.datacenter.plan.SiteLoss;
import org.diwan.datacenter.simulate.EngineProfile;
import org.diwan.datacenter.simulate.FleetSimulation;
import org.diwan.datacenter.simulate.FleetSimulation.Hour;
import org.diwan.datacenter.simulate.Scenario;
import org.diwan.datacenter.simulate.Scenario.Incident;
import org.diwan.datacenter.simulate.Scenario.Origin;
import org.diwan.datacenter.simulate.TracedRequest;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.policy.Policy;

/// The sample operator in three countries, planned and played: what is shown is computed by the planner, the
/// checker, the fleet and the simulator, as for any operator; only the inventory and the demand are invented.
///
/// Safe to share between threads: what was clicked before is remembered, one entry for each site.
public final class Demo {
    /// The day that is played.
    static final int HOURS = 24;

    /// Requests per second and server at the busiest hour, as a share of what the servers can do: with half of
    /// a country lost the rest still keeps up.
    private static final double PEAK = 0.4;

    /// Clocks' distance to UTC, by country of the sample operator.
    private static final Map<String, Integer> UTC_OFFSET = Map.of("sa", 3, "kr", 9, "de", 1);

    final Inventory inventory;
    final Demand demand;
    final PlanFile file;

    /// Why the checker refuses the plan; empty if it accepts.
    final List<String> refusals;

    /// Where the lengths of requests come from, for people.
    final String load;

    private final Policy policy;
    private final int promptTokens;
    private final int answerTokens;
    private final Map<String, List<Hour>> days = new HashMap<>();
    private final Map<String, SiteLoss> rehearsals = new HashMap<>();

    /// Plans the sample operator.
    ///
    /// @param gpus as [SampleOperator#of]
    /// @param trace requests whose mean lengths are played; where there are none, the scenario's own
    /// @param traceName what `trace` is, for people
    /// @throws IllegalArgumentException with the planner's first reason when there is no plan
    public Demo(int gpus, Policy policy, List<TracedRequest> trace, String traceName) {
        this.policy = policy;
        inventory = SampleOperator.of(gpus);
        demand = SampleDemand.of(inventory);
        file = switch (Planner.plan(inventory, demand, policy, 1)) {
            case Planner.Outcome.Planned(PlanFile planned) -> planned;
            case Planner.Outcome.Refused(var reasons) ->
                throw new IllegalArgumentException(
                        "no plan for " + gpus + " GPUs: " + reasons.getFirst().text("en"));
        };
        refusals = CertificateChecker.refusals(inventory, demand, policy, file);
        promptTokens = mean(trace.stream().mapToInt(TracedRequest::promptTokens).average(), 1_154);
        answerTokens = mean(trace.stream().mapToInt(TracedRequest::answerTokens).average(), 211);
        String lengths = promptTokens + " tokens asked, " + answerTokens + " answered on average";
        load = trace.isEmpty()
                ? "Load: the scenario's built-in daily curve and lengths (" + lengths
                        + "); real traces are read where DIWAN_DATA is set."
                : "Load: lengths of %,d real requests (%s: %s); the daily curve is the scenario's."
                        .formatted(trace.size(), traceName, lengths);
    }

    private static int mean(OptionalDouble mean, int otherwise) {
        return (int) Math.max(1, Math.round(mean.orElse(otherwise)));
    }

    /// The page.
    ///
    /// @param lost the site that is lost; empty for none
    /// @param language of explanations, such as `ar`
    /// @throws IllegalArgumentException when there is no such site
    public String page(String lost, String language) {
        return new DemoPage(this, known(lost), language).write();
    }

    /// Each site at one hour of the day: `{"hour":15,"sites":{"riyadh-1":{"kilowatts":…,"load":…,"up":…,…}}}`.
    ///
    /// @throws IllegalArgumentException when there is no such site
    public byte[] live(String lost, int hour) {
        int at = Math.floorMod(hour, HOURS);
        var sites = new LinkedHashMap<String, Object>();
        for (var one : day(known(lost)))
            if (one.hour() == at)
                sites.put(
                        one.site(),
                        Map.of(
                                "requestsPerSecond", one.answered() / 3600.0,
                                "refused", one.refused(),
                                "kilowatts", one.kilowatts(),
                                "waitP99", one.waitP99(),
                                "kilogramsCo2", one.kilogramsCo2(),
                                "serversUp", one.serversUp()));
        return CanonicalJson.text(Map.of("hour", at, "sites", sites)).getBytes(StandardCharsets.UTF_8);
    }

    private String known(String lost) {
        if (!lost.isEmpty()
                && inventory.sites().stream().noneMatch(site -> site.name().equals(lost)))
            throw new IllegalArgumentException("there is no site '" + lost + "'");
        return lost;
    }

    synchronized SiteLoss rehearsal(String lost) {
        return rehearsals.computeIfAbsent(lost, site -> SiteLoss.of(inventory, demand, policy, file, site));
    }

    /// Answers why a replica of the plan is not elsewhere; one thread owns it.
    Explainer explainer() {
        return new Explainer(inventory, demand, policy, file);
    }

    // --- the day that is played ------------------------------------------------------------------------

    synchronized List<Hour> day(String lost) {
        return days.computeIfAbsent(lost, site -> FleetSimulation.run(inventory, scenario(site), EngineProfile.DGX_70B)
                .hours());
    }

    /// Every country asks at home alone: its law may let requests out, its customers would rather it did not.
    private Scenario scenario(String lost) {
        Map<Jurisdiction, Integer> servers = inventory.sites().stream()
                .collect(Collectors.groupingBy(
                        Inventory.Site::jurisdiction, LinkedHashMap::new, Collectors.summingInt(site -> site.servers()
                                .size())));
        var origins = new ArrayList<Origin>();
        servers.forEach((country, count) -> origins.add(new Origin(
                country,
                PEAK * count * requestsPerSecond(),
                UTC_OFFSET.getOrDefault(country.code(), 0),
                List.of(country))));
        var incidents = lost.isEmpty()
                ? List.<Incident>of()
                : List.of(new Incident(Incident.Kind.SITE_LOST, lost, 0, HOURS, 0, ""));
        return new Scenario("a day", 1, 1, 1, promptTokens, answerTokens, 8_000, 24, origins, incidents);
    }

    /// What one server answers when it is full: prompts one after the other, answers a batch at a time.
    private double requestsPerSecond() {
        var profile = EngineProfile.DGX_70B;
        double step = (profile.stepMillis() + profile.sequenceMillis() * (profile.batch() - 1)) / 1000;
        return 1 / (promptTokens / profile.prefillTokensPerSecond() + answerTokens * step / profile.batch());
    }
}
