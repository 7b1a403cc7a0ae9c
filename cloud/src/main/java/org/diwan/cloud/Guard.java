package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.serving.OutputGuard;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// Asks the policy, and carries out what it obliges to before a text leaves or an answer is told.
final class Guard {
    /// A verdict on the texts of one request.
    ///
    /// @param policy digest of the rules that it was made by
    /// @param texts what may be handed on, in the order of the request: redacted where the policy
    ///     obliges to
    record Ruling(DecisionRequest request, Decision decision, String policy, List<String> texts) {
        List<String> ruleIds() {
            return decision.rules().stream().map(Rule::id).toList();
        }

        /// Law and article of each rule.
        List<String> articles() {
            return decision.rules().stream()
                    .map(rule -> rule.law() + ", article " + rule.article())
                    .toList();
        }

        List<String> obligations() {
            return switch (decision) {
                case Decision.Allow allow ->
                    allow.obligations().stream().map(Obligation::label).sorted().toList();
                case Decision.Deny deny -> List.of();
            };
        }

        boolean allows() {
            return decision instanceof Decision.Allow;
        }

        boolean obliges(Obligation obligation) {
            return decision instanceof Decision.Allow allow
                    && allow.obligations().contains(obligation);
        }
    }

    private final Classifier classifier;
    private final Policy policy;
    private final Jurisdiction home;
    private final Sector sector;
    private final Set<String> purposes;

    Guard(Classifier classifier, Policy policy, Jurisdiction home, Sector sector, Set<String> purposes) {
        this.classifier = classifier;
        this.policy = policy;
        this.home = home;
        this.sector = sector;
        this.purposes = purposes;
    }

    /// May these texts be processed in `destination`?
    ///
    /// @param besides what leaves with them and cannot be redacted, such as a tool's description
    /// @param declared what the client says of its data
    /// @throws ApiError 403 when the operator has not granted the purpose, when something in `besides`
    ///     would have to be redacted, or when a person would have to agree first
    Ruling rule(List<String> texts, List<String> besides, Declared declared, Jurisdiction destination) {
        String purpose = declared.purpose();
        if (!purpose.equals(DecisionRequest.CHAT) && !purposes.contains(purpose))
            throw new ApiError(
                    403,
                    "permission_error",
                    "purpose_not_granted",
                    "diwan-purpose",
                    "The purpose '" + purpose + "' is not granted to clients of this server; leave the header out for '"
                            + DecisionRequest.CHAT + "', or ask the operator (./diwan up --purpose " + purpose + ").");
        var found = new ArrayList<List<Finding>>();
        for (String text : texts) found.add(classifier.find(text));
        var hidden = new ArrayList<Finding>();
        for (String text : besides) hidden.addAll(classifier.find(text));
        found.add(hidden);
        var traits = new HashSet<>(declared.traits());
        for (var findings : found) for (var finding : findings) traits.addAll(finding.traits());
        var request = new DecisionRequest(declared.dataClass(), sector, traits, home, destination, purpose);
        var decision = policy.decide(request);
        var ruling = new Ruling(request, decision, policy.digest(), texts);
        if (ruling.obliges(Obligation.HUMAN_APPROVAL))
            throw new ApiError(
                    403,
                    "permission_error",
                    "approval_needed",
                    null,
                    "Policy allows this only after a person has approved it, and Diwan has no way to ask one: "
                            + ruling.decision().rules().stream()
                                    .filter(rule -> rule.obligations().contains(Obligation.HUMAN_APPROVAL))
                                    .map(Guard::sentence)
                                    .collect(Collectors.joining(" ")));
        if (!ruling.obliges(Obligation.REDACT)) return ruling;
        if (!hidden.isEmpty())
            throw new ApiError(
                    403,
                    "permission_error",
                    "cannot_redact",
                    "tools",
                    "Policy obliges to redact what identifies persons before this request leaves, and that stands in"
                            + " its tools, tool calls, reasoning or form, where Diwan does not redact.");

        var redacted = new ArrayList<String>();
        for (int i = 0; i < texts.size(); i++) redacted.add(Classifier.redact(texts.get(i), found.get(i)));
        return new Ruling(request, decision, policy.digest(), redacted);
    }

    /// A guard for an answer that has to be redacted.
    OutputGuard output() {
        return new OutputGuard(classifier);
    }

    /// 403 with rule, law and article.
    static ApiError denied(Ruling ruling) {
        var request = ruling.request();
        String what = request.dataClass().label()
                + Stream.of(Trait.values())
                        .filter(request.traits()::contains)
                        .map(trait -> ", " + trait.label())
                        .collect(Collectors.joining())
                + " data from " + request.origin() + " in " + request.destination();
        var rules = ruling.decision().rules();
        String why = rules.isEmpty()
                ? "no rule permits it, and what nothing permits is denied."
                : rules.stream()
                        .map(Guard::sentence)
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow();
        var details = Json.object();
        ArrayNode list = details.putArray("rules");
        for (var rule : rules) list.add(json(rule));
        return new ApiError(
                        403,
                        "permission_error",
                        "policy_denied",
                        null,
                        "Policy denies processing " + what + " for the purpose '" + request.purpose() + "': " + why)
                .details(details);
    }

    private static String sentence(Rule rule) {
        return rule.law() + ", article " + rule.article() + " (" + rule.id() + "): " + rule.explanation();
    }

    private static ObjectNode json(Rule rule) {
        var node = Json.object();
        node.put("id", rule.id());
        node.put("law", rule.law());
        node.put("article", rule.article());
        node.put("explanation", rule.explanation());
        ObjectNode explanations = node.putObject("explanations");
        rule.explanations().forEach(explanations::put);
        node.put("source", rule.source());
        node.put("confidence", rule.confidence());
        node.put("validFrom", rule.validFrom().toString());
        return node;
    }
}
