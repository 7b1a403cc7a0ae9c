package org.diwan.sovereignty.classify;

import java.util.List;
import org.diwan.sovereignty.policy.Identifier.Email;

/// Finds mail addresses: from each `@` outwards, over letters and digits of any script. Quoted local
/// parts and domain literals (RFC 5321 section 4.1.2) are not looked for; nobody has one.
final class EmailFinder {
    /// RFC 5321 section 4.5.3.1: octets in a local part and in a domain.
    static final int MAX_LOCAL = 64;

    private static final int MAX_DOMAIN = 255;

    private static final double CERTAINTY = 0.95;

    private EmailFinder() {}

    static void find(NormalText text, Email email, int list, List<Candidate> found) {
        for (int at = 0; at < text.length(); at++) {
            if (text.at(at) != '@') continue;
            int start = at;
            while (at - start < MAX_LOCAL && isLocal(text.at(start - 1))) start--;
            while (start < at && text.at(start) == '.') start++;
            int end = at + 1;
            while (end - at <= MAX_DOMAIN && isDomain(text.at(end))) end++;
            while (end > at && !isAlphanumeric(text.at(end - 1))) end--;
            if (start < at && endsInTopLevel(text, at, end))
                found.add(new Candidate(email, list, start, end, CERTAINTY));
        }
    }

    /// True if `(at, end)` has a dot with at least two letters and nothing else behind the last.
    private static boolean endsInTopLevel(NormalText text, int at, int end) {
        int dot = end - 1;
        while (dot > at && Character.isLetter(text.at(dot))) dot--;
        return text.at(dot) == '.' && end - dot > 2 && dot > at + 1;
    }

    private static boolean isLocal(char c) {
        return isAlphanumeric(c) || ".!#$%&'*+/=?^_`{|}~-".indexOf(c) >= 0;
    }

    private static boolean isDomain(char c) {
        return isAlphanumeric(c) || c == '.' || c == '-';
    }

    private static boolean isAlphanumeric(char c) {
        return Character.isLetterOrDigit(c);
    }
}
