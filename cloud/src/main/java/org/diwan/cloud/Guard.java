package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.ChatRequest;
import org.diwan.cloud.api.ChatRequest.Message;
import org.diwan.cloud.api.Json;
import org.diwan.language.json.JsonText;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// Asks the policy, and carries out what it obliges to before a text leaves.
final class Guard {
    /// A verdict on one conversation.
    ///
    /// @param messages what may be handed on: redacted where the policy obliges to
    record Ruling(DecisionRequest request, Decision decision, List<Message> messages) {
        List<String> ruleIds() {
            return decision.rules().stream().map(Rule::id).toList();
        }

        List<String> obligations() {
            return switch (decision) {
                case Decision.Allow allow ->
                    allow.obligations().stream().map(Obligation::label).sorted().toList();
                case Decision.Deny deny -> List.of();
            };
        }

        boolean obliges(Obligation obligation) {
            return decision instanceof Decision.Allow allow
                    && allow.obligations().contains(obligation);
        }
    }

    private final Classifier classifier;
    private final Policy policy;
    private final Jurisdiction home;
    private final Set<String> purposes;

    Guard(Classifier classifier, Policy policy, Jurisdiction home, Set<String> purposes) {
        this.classifier = classifier;
        this.policy = policy;
        this.home = home;
        this.purposes = purposes;
    }

    /// Digest of all rules.
    String policyDigest() {
        return policy.digest();
    }

    /// May this conversation be answered in `destination`?
    ///
    /// @throws ApiError 403 when the operator has not granted the purpose
    Ruling rule(ChatRequest chat, DataClass dataClass, String purpose, Jurisdiction destination) {
        if (!purpose.equals(DecisionRequest.CHAT) && !purposes.contains(purpose))
            throw new ApiError(
                    403,
                    "permission_error",
                    "purpose_not_granted",
                    "diwan-purpose",
                    "The purpose '" + purpose + "' is not granted to clients of this server; leave the header out for '"
                            + DecisionRequest.CHAT + "', or ask the operator (./diwan up --purpose " + purpose + ").");
        var found = new ArrayList<List<Finding>>();
        for (var message : chat.messages()) found.add(classifier.find(message.content()));
        // What is not said as content leaves with it all the same.
        var besides = new ArrayList<Finding>();
        for (String text : besides(chat)) besides.addAll(classifier.find(text));
        found.add(besides);
        boolean personal = found.stream().flatMap(List::stream).anyMatch(Finding::personal);
        boolean sensitive = found.stream().flatMap(List::stream).anyMatch(Finding::sensitive);
        var request = new DecisionRequest(dataClass, personal, sensitive, home, destination, purpose);
        var decision = policy.decide(request);
        var ruling = new Ruling(request, decision, chat.messages());
        if (!ruling.obliges(Obligation.REDACT)) return ruling;
        if (!besides.isEmpty())
            throw new ApiError(
                    403,
                    "permission_error",
                    "cannot_redact",
                    "tools",
                    "Policy obliges to redact what identifies persons before this request leaves, and that stands in"
                            + " its tools, tool calls, reasoning or form, where Diwan does not redact.");

        var redacted = new ArrayList<Message>();
        for (int i = 0; i < chat.messages().size(); i++) {
            var message = chat.messages().get(i);
            redacted.add(message.withContent(Classifier.redact(message.content(), found.get(i))));
        }
        return new Ruling(request, decision, redacted);
    }

    /// All text of a request that is no content of a message.
    private static List<String> besides(ChatRequest chat) {
        var texts = new ArrayList<String>();
        for (var message : chat.messages()) {
            texts.add(message.reasoning());
            for (var call : message.calls()) texts.add(call.arguments());
        }
        for (var tool : chat.terms().tools()) {
            texts.add(tool.description());
            texts.add(JsonText.write(tool.parameters()));
        }
        var form = chat.terms().form();
        if (form != null) texts.add(form.source());
        return texts;
    }

    /// 403 with rule, law and article.
    static ApiError denied(Ruling ruling) {
        var request = ruling.request();
        String what = request.dataClass().label() + (request.personal() ? ", personal" : "")
                + (request.sensitive() ? ", sensitive" : "") + " data from " + request.origin() + " in "
                + request.destination();
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
