package org.diwan.sovereignty.classify;

import static org.diwan.sovereignty.classify.NormalText.isDigit;

import java.util.HashSet;
import java.util.List;
import org.diwan.sovereignty.policy.Identifier.Form;

/// Finds what opens doors: keys that their issuers gave a form so that they can be found
/// (https://docs.github.com/en/code-security/secret-scanning, supported patterns), tokens of RFC 7519,
/// private keys of RFC 7468, and whatever looks random behind a word such as `password:`.
final class SecretFinder {
    /// How a key begins, lower case as the text is folded, and how many more characters it has at least.
    private record Issued(String prefix, int least) {}

    private static final List<Issued> ISSUED = List.of(
            new Issued("akia", 16), // Amazon Web Services
            new Issued("asia", 16),
            new Issued("ghp_", 36), // GitHub
            new Issued("gho_", 36),
            new Issued("ghu_", 36),
            new Issued("ghs_", 36),
            new Issued("ghr_", 36),
            new Issued("github_pat_", 60),
            new Issued("glpat-", 20), // GitLab
            new Issued("sk-", 20), // OpenAI, Anthropic
            new Issued("dk-", 43), // Diwan
            new Issued("aiza", 35), // Google
            new Issued("ya29.", 30),
            new Issued("xoxb-", 20), // Slack
            new Issued("xoxp-", 20),
            new Issued("xoxa-", 20),
            new Issued("xapp-", 20),
            new Issued("hf_", 34), // Hugging Face
            new Issued("npm_", 36),
            new Issued("pypi-", 50),
            new Issued("sk_live_", 20), // Stripe
            new Issued("rk_live_", 20),
            new Issued("sg.", 60), // SendGrid
            new Issued("eyj", 40)); // a JSON Web Token: {" in base64url

    /// Longest first line of a PEM block up to its words "private key".
    private static final int MAX_HEAD = 64;

    /// Longest key or token that is told whole; a longer one is found up to here.
    static final int MAX_KEY = 2048;

    /// Longest PEM block; an RSA key of 16,384 bits has some 12,700 characters.
    static final int MAX_PEM = 16_384;

    /// Of what stands behind a word.
    private static final int LEAST_RANDOM = 10;

    private static final int LEAST_DIFFERENT = 7;
    private static final int MOST_BETWEEN = 4;
    private static final double KEY = 0.9;

    private static final String BEGIN = "-----begin ";
    private static final String PRIVATE = "private key-----";
    private static final String END = "-----end ";

    private SecretFinder() {}

    static void findKeys(NormalText text, Form form, int list, List<WordList.Hit> words, List<Candidate> found) {
        for (int i = 0; i < text.length(); i++) {
            if (!isKey(text.at(i)) || isKey(text.at(i - 1))) continue;
            for (var issued : ISSUED) {
                if (!stands(text, i, issued.prefix)) continue;
                int end = keyEnd(text, i);
                if (end - i >= issued.prefix.length() + issued.least && hasDigit(text, i + issued.prefix.length(), end))
                    found.add(new Candidate(form, list, i, end, KEY));
            }
        }
        for (var word : words) {
            if (word.list() != list) continue;
            int start = word.end();
            while (start - word.end() < MOST_BETWEEN && " :='\"".indexOf(text.at(start)) >= 0) start++;
            boolean assigned =
                    text.substring(word.end(), Math.min(start, text.length())).matches(".*[:=].*");
            int end = randomEnd(text, start);
            if (assigned && looksRandom(text, start, end)) found.add(new Candidate(form, list, start, end, KEY));
        }
    }

    static void findPrivateKeys(NormalText text, Form form, int list, List<Candidate> found) {
        for (int i = 0; i < text.length(); i++) {
            if (text.at(i) != '-' || !stands(text, i, BEGIN)) continue;
            int head = i + BEGIN.length();
            while (head - i < MAX_HEAD && text.at(head) != '\n' && !stands(text, head, PRIVATE)) head++;
            if (!stands(text, head, PRIVATE)) continue;
            int end = head + PRIVATE.length();
            while (end - i < MAX_PEM && end < text.length() && !stands(text, end, END)) end++;
            while (end < text.length() && text.at(end) != '\n') end++;
            found.add(new Candidate(form, list, i, Math.min(end, text.length()), KEY));
            i = end;
        }
    }

    /// Where a private key may have begun whose first line `text` does not end yet, or the end of the text.
    static int open(NormalText text) {
        int open = text.length();
        for (int i = Math.max(0, open - MAX_HEAD); i < open; i++) {
            int k = 0;
            while (k < BEGIN.length() && text.at(i + k) == BEGIN.charAt(k)) k++;
            boolean begun = k == BEGIN.length() || (k > 0 && i + k == text.length());
            if (begun && !lineEnds(text, i)) return i;
        }
        return open;
    }

    private static boolean lineEnds(NormalText text, int from) {
        for (int i = from; i < text.length(); i++) if (text.at(i) == '\n') return true;
        return false;
    }

    private static boolean stands(NormalText text, int start, String word) {
        for (int k = 0; k < word.length(); k++) if (text.at(start + k) != word.charAt(k)) return false;
        return true;
    }

    private static int keyEnd(NormalText text, int start) {
        int end = start;
        while (end - start < MAX_KEY && isKey(text.at(end))) end++;
        while (text.at(end - 1) == '.' || text.at(end - 1) == '-') end--;
        return end;
    }

    private static int randomEnd(NormalText text, int start) {
        int end = start;
        while (end - start < MAX_KEY && text.at(end) > ' ' && "'\",;".indexOf(text.at(end)) < 0) end++;
        return end;
    }

    /// Long, of many different characters, digits and letters both: no word and no number.
    private static boolean looksRandom(NormalText text, int start, int end) {
        if (end - start < LEAST_RANDOM) return false;
        var different = new HashSet<Character>();
        boolean letter = false;
        for (int i = start; i < end; i++) {
            different.add(text.at(i));
            letter |= Character.isLetter(text.at(i));
        }
        return letter && hasDigit(text, start, end) && different.size() >= LEAST_DIFFERENT;
    }

    private static boolean hasDigit(NormalText text, int start, int end) {
        for (int i = start; i < end; i++) if (isDigit(text.at(i))) return true;
        return false;
    }

    private static boolean isKey(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == '.';
    }
}
