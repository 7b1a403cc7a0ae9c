package org.diwan.sovereignty.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.diwan.sovereignty.Finding;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Identifier;
import org.diwan.sovereignty.policy.Pack;

/// Finds what the packs want found: numbers by shape and check digits, mail addresses, telephone
/// numbers, and words of protected matters.
///
/// How sure a find is comes from two things. Its *form* gives a certainty `c`: a valid check digit,
/// a number that a numbering plan knows. A *context word* near it leaves a fifth of the doubt:
/// `1 − (1 − c) / 5`; a word that says it is *something else*, such as an order number, halves the
/// certainty; both together cancel. What ends below [#THRESHOLD] is not reported. So for the ten
/// digits of a Saudi ID (one random number in ten has a valid check digit):
///
/// ```
/// هويتي الوطنية 1058529940   0.92   check digit and context
/// 1058529940                 0.60   check digit alone: reported, a miss costs more than an alarm
/// 105852-9940                0.30   in groups, no context: not reported
/// order no. 1058529940          0.30   said to be something else: not reported
/// 1058529941                    –      wrong check digit
/// ```
///
/// Names and addresses come from lists and from what stands around them ([NameFinder],
/// [SyllableNameFinder], [AddressFinder]). They are less sure than numbers, and a name below
/// [Identifier.Names#PERSONAL] is told but does not make a text personal.
///
/// Where finds overlap the surest stays, then the longest, and takes over the traits of the others.
///
/// The time is linear in the text: no expressions, no backtracking, every look-ahead has a limit.
/// Immutable; safe to share between threads.
public final class Classifier {
    /// Longest text, in UTF-16 units; above it the caller must refuse or cut the text.
    public static final int MAX_LENGTH = 1 << 20;

    /// Name and version of what [#find] does: the version rises whenever the same packs would have something
    /// else found in the same text, so that what was decided on old findings is decided again.
    public static final String VERSION = "classify/1";

    /// Least confidence of a reported finding.
    public static final double THRESHOLD = 0.5;

    /// How far from a find a context word may stand, in folded characters: some six words, in one
    /// sentence or line, or before the first number of the next.
    private static final int CONTEXT_DISTANCE = 40;

    /// Certainty of a word of a protected matter: enough to be told, never sure.
    private static final double WORD_CERTAINTY = 0.5;

    private final List<Identifier> identifiers;
    private final NumberFinder numbers;
    private final PhoneFinder phones;
    private final List<NameFinder> names = new ArrayList<>();
    private final List<SyllableNameFinder> syllables = new ArrayList<>();
    private final List<AddressFinder> addresses = new ArrayList<>();

    /// Lists: what raises the identifier of that number, then, as many later, what speaks against it.
    private final WordList words = new WordList();

    private Classifier(List<Identifier> identifiers) {
        this.identifiers = identifiers;
        this.numbers = new NumberFinder(identifiers);
        this.phones = new PhoneFinder(identifiers);
        for (int i = 0; i < identifiers.size(); i++) {
            switch (identifiers.get(i)) {
                case Identifier.Words topic -> words.addAll(topic.words(), i);
                case Identifier.ShapedNumber number -> {
                    words.addAll(number.context(), i);
                    words.addAll(number.against(), identifiers.size() + i);
                }
                case Identifier.Email email -> words.addAll(email.context(), i);
                case Identifier.Phone phone -> {
                    words.addAll(phone.context(), i);
                    words.addAll(phone.against(), identifiers.size() + i);
                }
                case Identifier.Form form -> words.addAll(form.context(), i);
                case Identifier.Address address -> {
                    words.addAll(address.context(), i);
                    addresses.add(new AddressFinder(address, i));
                }
                case Identifier.Names name -> {
                    words.addAll(name.context(), i);
                    words.addAll(name.against(), identifiers.size() + i);
                    if (name.honorifics().isEmpty()) names.add(new NameFinder(name, i));
                    else syllables.add(new SyllableNameFinder(name, i));
                }
            }
        }
    }

    /// A classifier for the identifiers of all `packs`; what several have counts once.
    public static Classifier of(List<Pack> packs) {
        return new Classifier(packs.stream()
                .flatMap(pack -> pack.identifiers().stream())
                .distinct()
                .toList());
    }

    /// What is found in `text`, in the order of the text, without overlaps.
    ///
    /// @throws IllegalArgumentException if the text is longer than [#MAX_LENGTH]
    public List<Finding> find(String text) {
        if (text.length() > MAX_LENGTH)
            throw new IllegalArgumentException("a text of " + text.length()
                    + " characters cannot be classified, the limit is " + MAX_LENGTH + ": send it in parts");
        return look(text, true).findings();
    }

    /// What is found in a text, and how much of it is settled.
    ///
    /// @param settled whatever follows the text, findings that begin before this place stay as they are
    record Look(List<Finding> findings, int settled) {}

    /// As [#find], of a text that may go on unless it has `ended`.
    Look look(String text, boolean ended) {
        var normal = NormalText.of(text);
        var near = new BitSet[2 * identifiers.size()];
        Arrays.setAll(near, i -> new BitSet());
        var candidates = new ArrayList<Candidate>();
        var hits = words.find(normal);
        for (var hit : hits) {
            if (hit.list() < identifiers.size() && identifiers.get(hit.list()) instanceof Identifier.Words topic) {
                candidates.add(new Candidate(topic, hit.list(), hit.start(), hit.end(), WORD_CERTAINTY));
            } else {
                near[hit.list()].set(reachBack(normal, hit.start()), reachOn(normal, hit.end()));
            }
        }
        numbers.find(normal, candidates);
        phones.find(normal, near, candidates);
        var tokens = Token.of(normal, text);
        for (var finder : names) finder.find(tokens, candidates);
        for (var finder : syllables) finder.find(normal, tokens, candidates);
        for (var finder : addresses) finder.find(normal, tokens, candidates);
        for (int i = 0; i < identifiers.size(); i++) {
            switch (identifiers.get(i)) {
                case Identifier.Email email -> EmailFinder.find(normal, email, i, candidates);
                case Identifier.Form form -> find(normal, form, i, hits, candidates);
                case Identifier.ShapedNumber number -> {} // found above, all in one walk
                case Identifier.Phone phone -> {}
                case Identifier.Names name -> {}
                case Identifier.Address address -> {}
                case Identifier.Words topic -> {}
            }
        }
        var findings = new ArrayList<Finding>();
        for (var candidate : candidates) {
            double confidence = confidence(candidate, near);
            if (confidence >= THRESHOLD) findings.add(finding(normal, candidate, confidence));
        }
        int settled = ended ? text.length() : settled(normal, tokens, near, candidates, text.length());
        return new Look(withoutOverlaps(findings), settled);
    }

    /// Where in the original the end begins in which a longer text may be found otherwise: what may still become a
    /// find or belong to one, and a find for or against which a context word may still come.
    private int settled(
            NormalText text, List<Token> tokens, BitSet[] near, List<Candidate> candidates, int originalLength) {
        var possible = new ArrayList<>(candidates);
        possible.sort(Comparator.comparingInt(Candidate::start).reversed());

        int open = Math.min(lastWord(text), numbers.open(text));
        open = Math.min(open, PhoneFinder.open(text, end -> mayHear(text, end), contextReach()));
        open = Math.min(open, Math.min(MrzFinder.open(text), CoordinatesFinder.open(text)));
        open = Math.min(open, SecretFinder.open(text));
        for (var finder : names) open = Math.min(open, finder.open(text, tokens));
        for (var finder : syllables) open = Math.min(open, finder.open(text, tokens));
        for (var finder : addresses) open = Math.min(open, finder.open(text, tokens));
        for (int i = 0; i < possible.size(); i++) {
            var candidate = possible.get(i);
            boolean atEnd = candidate.end() >= text.length() - 1;
            boolean partOf = candidate.identifier() instanceof Identifier.Address
                    && AddressFinder.mayGoOn(text, tokens, candidate.end());
            boolean undecided = mayHear(text, candidate.end()) && (isOpen(candidate, near) || overlaps(possible, i));
            if (atEnd || partOf || undecided || candidate.end() > open) open = Math.min(open, candidate.start());
        }
        return open < text.length() ? text.start(open) : originalLength;
    }

    /// Where the last word begins, or what is long enough for a key of it, a local part in other scripts.
    private static int lastWord(NormalText text) {
        int end = text.length();
        int start = end;
        while (start > 0 && text.at(start - 1) > ' ' && end - start < SecretFinder.MAX_KEY) {
            if (end - start >= EmailFinder.MAX_LOCAL && text.at(start - 1) > '~') break;
            start--;
        }
        return start;
    }

    /// Whether a word to come may be near what ends at `end`: as far as one reaches back, plus its own length.
    private boolean mayHear(NormalText text, int end) {
        if (text.length() - end > contextReach()) return false;
        for (int i = end; i < text.length() - 1; i++) if (endsSentence(text, i)) return false;
        return true;
    }

    private int contextReach() {
        return CONTEXT_DISTANCE + words.longest();
    }

    /// Whether words to come would make a personal find of `candidate`, or none.
    private boolean isOpen(Candidate candidate, BitSet[] near) {
        double least = candidate.identifier() instanceof Identifier.Names ? Identifier.Names.PERSONAL : THRESHOLD;
        double certainty = candidate.certainty();
        boolean found = confidence(candidate, near) >= least;
        return switch (candidate.identifier()) {
            case Identifier.Words topic -> false;
            case Identifier.Phone phone -> false; // the finder says where one may still be made

            case Identifier.ShapedNumber number -> turns(number.against(), found, certainty, least);
            case Identifier.Names name -> turns(name.against(), found, certainty, least);
            case Identifier.Email email -> !found;
            case Identifier.Form form -> !found;
            case Identifier.Address address -> !found;
        };
    }

    private static boolean turns(List<String> against, boolean found, double certainty, double least) {
        return found ? !against.isEmpty() && certainty / 2 < least : inContext(certainty) >= least;
    }

    private static boolean overlaps(List<Candidate> sorted, int index) {
        var one = sorted.get(index);
        for (int i = Math.max(0, index - 2); i < Math.min(sorted.size(), index + 3); i++) {
            var other = sorted.get(i);
            boolean same = other.identifier().type().equals(one.identifier().type());
            if (!same && other.start() < one.end() && one.start() < other.end()) return true;
        }
        return false;
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

    private static void find(
            NormalText text, Identifier.Form form, int list, List<WordList.Hit> words, List<Candidate> found) {
        switch (form.kind()) {
            case MRZ -> MrzFinder.find(text, form, list, found);
            case COORDINATES -> CoordinatesFinder.find(text, form, list, found);
            case SECRET -> SecretFinder.findKeys(text, form, list, words, found);
            case PRIVATE_KEY -> SecretFinder.findPrivateKeys(text, form, list, found);
        }
    }

    /// How far before `start` a context word speaks: to the beginning of its sentence or line.
    private static int reachBack(NormalText text, int start) {
        int i = start;
        while (i > 0 && start - i < CONTEXT_DISTANCE && !endsSentence(text, i - 1)) i--;
        return i;
    }

    /// How far behind `end` it speaks: over line ends and abbreviations to the first number, then to
    /// the end of that sentence or line.
    private static int reachOn(NormalText text, int end) {
        boolean number = false;
        int i = end;
        while (i < text.length() && i - end < CONTEXT_DISTANCE && !(number && endsSentence(text, i))) {
            number |= NormalText.isDigit(text.at(i));
            i++;
        }
        return Math.max(i, end + 1);
    }

    private static boolean endsSentence(NormalText text, int i) {
        char c = text.at(i);
        char next = text.at(i + 1);
        return c == '\n' || (".!?\u061f".indexOf(c) >= 0 && (next == ' ' || next == '\n'));
    }

    private double confidence(Candidate candidate, BitSet[] near) {
        boolean inContext = touches(near[candidate.list()], candidate);
        boolean against = !(candidate.identifier() instanceof Identifier.Phone) // where it counts, none is found
                && touches(near[identifiers.size() + candidate.list()], candidate);
        double certainty = candidate.certainty();
        if (inContext == against) return certainty;
        return inContext ? inContext(certainty) : certainty / 2;
    }

    private static double inContext(double certainty) {
        return 1 - (1 - certainty) / 5;
    }

    private static boolean touches(BitSet near, Candidate candidate) {
        return near.get(candidate.start()) || near.get(candidate.end() - 1);
    }

    private static Finding finding(NormalText text, Candidate candidate, double confidence) {
        var identifier = candidate.identifier();
        boolean anybody = identifier instanceof Identifier.Names && confidence < Identifier.Names.PERSONAL;
        return new Finding(
                identifier.type(),
                text.start(candidate.start()),
                text.end(candidate.end() - 1),
                confidence,
                anybody ? Set.of() : identifier.traits());
    }

    private static List<Finding> withoutOverlaps(List<Finding> findings) {
        findings.sort(Classifier::surerFirst);
        var kept = new TreeMap<Integer, Finding>();
        for (var finding : findings) {
            var before = kept.floorEntry(finding.end() - 1);
            if (before == null || before.getValue().end() <= finding.start()) kept.put(finding.start(), finding);
            else kept.put(before.getKey(), with(before.getValue(), finding));
        }
        return List.copyOf(kept.values());
    }

    /// The surest, the longest, the first. Composed comparators take three times as long.
    private static int surerFirst(Finding a, Finding b) {
        int order = Double.compare(b.confidence(), a.confidence());
        if (order == 0) order = Integer.compare(b.end() - b.start(), a.end() - a.start());
        return order == 0 ? Integer.compare(a.start(), b.start()) : order;
    }

    private static Finding with(Finding winner, Finding loser) {
        var traits = EnumSet.noneOf(Trait.class);
        traits.addAll(winner.traits());
        traits.addAll(loser.traits());
        return new Finding(winner.type(), winner.start(), winner.end(), winner.confidence(), traits);
    }
}
