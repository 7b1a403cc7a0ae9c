package org.diwan.sovereignty.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.policy.Identifier;
import org.diwan.sovereignty.policy.Pack;

/// Finds what the packs want found: numbers by shape and check digits, mail addresses, telephone
/// numbers, and words of protected matters.
///
/// How sure a find is comes from two things. Its *form* gives a certainty `c`: a valid check digit,
/// a number that a numbering plan knows. A *context word* near it leaves a fifth of the doubt:
/// `1 − (1 − c) / 5`. What ends below [#THRESHOLD] is not reported. So for the ten digits of a
/// Saudi ID (one random number in ten has a valid check digit):
///
/// ```
/// هويتي الوطنية 1058529940   0.92   check digit and context
/// 1058529940                 0.60   check digit alone: reported, a miss costs more than an alarm
/// 105852-9940                0.30   in groups, no context: not reported
/// 1058529941                    –   wrong check digit
/// ```
///
/// Where finds overlap the surest stays, then the longest, and takes over the traits of the others.
///
/// The time is linear in the text: no expressions, no backtracking, every look-ahead has a limit.
/// Immutable; safe to share between threads.
public final class Classifier {
    /// Longest text, in UTF-16 units; above it the caller must refuse or cut the text.
    public static final int MAX_LENGTH = 1 << 20;

    /// Least confidence of a reported finding.
    public static final double THRESHOLD = 0.5;

    /// How far from a find a context word may stand, in folded characters: some six words.
    private static final int CONTEXT_DISTANCE = 40;

    /// Certainty of a word of a protected matter: enough to be told, never sure.
    private static final double WORD_CERTAINTY = 0.5;

    private final List<Identifier> identifiers;
    private final WordList words = new WordList();

    private Classifier(List<Identifier> identifiers) {
        this.identifiers = identifiers;
        for (int i = 0; i < identifiers.size(); i++) {
            var identifier = identifiers.get(i);
            var entries = identifier instanceof Identifier.Words topic ? topic.words() : identifier.context();
            for (var entry : entries) words.add(entry, i);
        }
    }

    /// A classifier for the identifiers of all `packs`.
    public static Classifier of(List<Pack> packs) {
        return new Classifier(
                packs.stream().flatMap(pack -> pack.identifiers().stream()).toList());
    }

    /// What is found in `text`, in the order of the text, without overlaps.
    ///
    /// @throws IllegalArgumentException if the text is longer than [#MAX_LENGTH]
    public List<Finding> find(String text) {
        if (text.length() > MAX_LENGTH)
            throw new IllegalArgumentException("a text of " + text.length()
                    + " characters cannot be classified, the limit is " + MAX_LENGTH + ": send it in parts");
        var normal = NormalText.of(text);
        var near = new BitSet[identifiers.size()];
        Arrays.setAll(near, i -> new BitSet());
        var candidates = new ArrayList<Candidate>();
        for (var hit : words.find(normal)) {
            if (identifiers.get(hit.list()) instanceof Identifier.Words topic) {
                candidates.add(new Candidate(topic, hit.list(), hit.start(), hit.end(), WORD_CERTAINTY));
            } else {
                near[hit.list()].set(Math.max(0, hit.start() - CONTEXT_DISTANCE), hit.end() + CONTEXT_DISTANCE);
            }
        }
        for (int i = 0; i < identifiers.size(); i++) {
            switch (identifiers.get(i)) {
                case Identifier.ShapedNumber number -> NumberFinder.find(normal, number, i, candidates);
                case Identifier.Email email -> EmailFinder.find(normal, email, i, candidates);
                case Identifier.Phone phone -> PhoneFinder.find(normal, phone, i, near[i], candidates);
                case Identifier.Words topic -> {} // found with the context words
            }
        }
        var findings = new ArrayList<Finding>();
        for (var candidate : candidates) {
            var context = near[candidate.list()];
            boolean inContext = context.get(candidate.start()) || context.get(candidate.end() - 1);
            double confidence = inContext ? 1 - (1 - candidate.certainty()) / 5 : candidate.certainty();
            if (confidence >= THRESHOLD) findings.add(finding(normal, candidate, confidence));
        }
        return withoutOverlaps(findings);
    }

    /// `text` with every personal finding replaced by its type in brackets, `[IBAN]`. Words of
    /// protected matters stay: without an identifier they lead to nobody.
    ///
    /// @param findings what [#find] said about this very text
    public static String redact(String text, List<Finding> findings) {
        var out = new StringBuilder(text.length());
        int done = 0;
        for (var finding : findings) {
            if (!finding.personal()) continue;
            if (finding.start() < done || finding.end() > text.length())
                throw new IllegalArgumentException(
                        finding + " does not fit the text: findings must be in order and of this text");
            out.append(text, done, finding.start())
                    .append('[')
                    .append(finding.type())
                    .append(']');
            done = finding.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    private static Finding finding(NormalText text, Candidate candidate, double confidence) {
        return new Finding(
                candidate.identifier().type(),
                text.start(candidate.start()),
                text.end(candidate.end() - 1),
                confidence,
                candidate.identifier().traits());
    }

    private static List<Finding> withoutOverlaps(List<Finding> findings) {
        findings.sort(Comparator.comparingDouble(Finding::confidence)
                .reversed()
                .thenComparing(finding -> finding.start() - finding.end())
                .thenComparing(Finding::start));
        var kept = new TreeMap<Integer, Finding>();
        for (var finding : findings) {
            var before = kept.floorEntry(finding.end() - 1);
            if (before == null || before.getValue().end() <= finding.start()) kept.put(finding.start(), finding);
            else kept.put(before.getKey(), with(before.getValue(), finding));
        }
        return List.copyOf(kept.values());
    }

    private static Finding with(Finding winner, Finding loser) {
        var traits = EnumSet.copyOf(winner.traits());
        traits.addAll(loser.traits());
        return new Finding(winner.type(), winner.start(), winner.end(), winner.confidence(), traits);
    }
}
