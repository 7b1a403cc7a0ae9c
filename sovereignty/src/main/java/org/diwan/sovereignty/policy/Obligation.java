package org.diwan.sovereignty.policy;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A condition on an allowed request, to be met by whoever carries it out.
///
/// @param label the name as policies and receipts write it: `in_country`, `retain 1825 days`
/// @param days how long the record of the decision must be kept; 0 for all others
public record Obligation(String label, int days) {
    /// Replace every personal identifier before the text leaves; see
    /// [org.diwan.sovereignty.classify.Classifier#redact].
    public static final Obligation REDACT = new Obligation("redact", 0);

    /// Mark the answer with its data class and the place where it was made.
    public static final Obligation LABEL = new Obligation("label", 0);

    /// Keep the data in the destination's territory to the end: no failover, copy or log elsewhere.
    public static final Obligation IN_COUNTRY = new Obligation("in_country", 0);

    /// Tell the person who asks that a machine answers.
    public static final Obligation NOTIFY = new Obligation("notify", 0);

    /// A person with the authority to do so agrees to this very request first.
    public static final Obligation HUMAN_APPROVAL = new Obligation("human_approval", 0);

    private static final List<Obligation> PLAIN = List.of(REDACT, LABEL, IN_COUNTRY, NOTIFY, HUMAN_APPROVAL);

    /// Longest time to keep a record, in days: a century.
    private static final int MAX_DAYS = 36_525;

    private static final Pattern RETAIN = Pattern.compile("retain ([0-9]{1,5}) days");

    /// Keep the record of the decision for so many days.
    public static Obligation retain(int days) {
        if (days < 1 || days > MAX_DAYS)
            throw new IllegalArgumentException("retain " + days + " days: must be 1 to " + MAX_DAYS);
        return new Obligation("retain " + days + " days", days);
    }

    /// The obligation that [#label] names.
    ///
    /// @throws IllegalArgumentException naming the text and what there is
    public static Obligation of(String label) {
        for (var obligation : PLAIN) if (obligation.label.equals(label)) return obligation;
        var retain = RETAIN.matcher(label);
        if (retain.matches()) return retain(Integer.parseInt(retain.group(1)));
        throw new IllegalArgumentException("obligation '" + label
                + "' must be one of redact, label, in_country, notify, human_approval, retain N days");
    }

    /// True if whoever meets this meets `other` too: the same, or kept at least as long.
    public boolean covers(Obligation other) {
        return equals(other) || (other.days > 0 && days >= other.days);
    }

    /// What `rules` oblige to together; of several times to keep a record the longest.
    static Set<Obligation> of(Collection<Rule> rules) {
        var all = new HashSet<Obligation>();
        for (var rule : rules) all.addAll(rule.obligations());
        int longest = all.stream().mapToInt(Obligation::days).max().orElse(0);
        all.removeIf(one -> one.days > 0 && one.days < longest);
        return all;
    }
}
