package org.diwan.sovereignty.admit;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.admit.Verdict.Outcome;
import org.diwan.sovereignty.classify.Classifier;
import org.diwan.sovereignty.classify.LongTexts;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Obligation;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Rule;

/// Decides of one document after the other whether it may be taken: first by its licence, then by the
/// law, with what the classifier finds in it.
///
/// An allowed document is redacted where the decision obliges to. What obliges to a person's approval
/// is dropped, for nobody is there to be asked. The other obligations (`in_country`, `label`, `notify`,
/// `retain`) bind whoever goes on with the documents; the verdict hands them over. Consent is not looked
/// at: no document carries it and no rule knows it.
///
/// Immutable; safe to share between threads.
public final class Admission {
    /// Reason: its licence is not among those accepted.
    public static final String LICENCE = "licence";

    /// Reason: no rule permits it, and what nothing permits is denied.
    public static final String NO_RULE = "no-rule";

    /// Reason: a person would have to approve it first.
    public static final String APPROVAL = "human_approval";

    private final Policy policy;
    private final LongTexts texts;
    private final Terms terms;

    /// @throws IllegalArgumentException if no pack declares the purpose of `terms`
    public Admission(Policy policy, Classifier classifier, Terms terms) {
        if (!policy.purposes().contains(terms.purpose()))
            throw new IllegalArgumentException("purpose '" + terms.purpose() + "' is in no pack; there are "
                    + String.join(", ", policy.purposes()));
        this.policy = policy;
        this.texts = new LongTexts(classifier);
        this.terms = terms;
    }

    /// What comes of `text`, of any length.
    ///
    /// @param licence under which it may be used
    /// @param origin whose law it is under
    public Verdict judge(String text, String licence, Jurisdiction origin) {
        if (!terms.licences().contains(licence)) return drop(List.of(LICENCE), new TreeMap<>());
        var findings = texts.find(text);
        var traits = EnumSet.noneOf(Trait.class);
        traits.addAll(terms.traits());
        for (var finding : findings) traits.addAll(finding.traits());
        var request = new DecisionRequest(
                terms.dataClass(), terms.sector(), traits, origin, terms.destination(), terms.purpose());
        var found = count(findings);
        return switch (policy.decide(request)) {
            case Decision.Deny(List<Rule> rules) -> drop(rules.isEmpty() ? List.of(NO_RULE) : ids(rules), found);
            case Decision.Allow(List<Rule> rules, Set<Obligation> obligations) -> {
                if (obligations.contains(Obligation.HUMAN_APPROVAL)) yield drop(List.of(APPROVAL), found);
                var personal = findings.stream().filter(Finding::personal).toList();
                if (personal.isEmpty() || !obligations.contains(Obligation.REDACT))
                    yield new Verdict(Outcome.ADMIT, text, ids(rules), found, new TreeMap<>(), obligations);
                String redacted = Classifier.redact(text, personal);
                yield new Verdict(Outcome.REDACT, redacted, ids(rules), found, count(personal), obligations);
            }
        };
    }

    private static Verdict drop(List<String> reasons, SortedMap<String, Integer> found) {
        return new Verdict(Outcome.DROP, "", reasons, found, new TreeMap<>(), Set.of());
    }

    private static List<String> ids(List<Rule> rules) {
        return rules.stream().map(Rule::id).sorted().toList();
    }

    private static SortedMap<String, Integer> count(List<Finding> findings) {
        var counts = new TreeMap<String, Integer>();
        for (var finding : findings) counts.merge(finding.type(), 1, Integer::sum);
        return counts;
    }
}
