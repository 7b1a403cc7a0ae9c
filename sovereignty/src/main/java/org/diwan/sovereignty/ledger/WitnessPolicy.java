package org.diwan.sovereignty.ledger;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whose word a checkpoint needs besides its log's: how many witnesses out of which groups must have
/// cosigned it (C2SP tlog-policy). With a group for each jurisdiction it says how many states would
/// have to conspire to show two people two histories:
///
/// ```
/// log example.com/log+…                     optional: the checkpoint is signed by one of these
/// witness ksu witness.ksu.example+… https://witness.ksu.example/
/// witness tum witness.tum.example+… https://witness.tum.example/
/// witness epfl witness.epfl.example+… https://witness.epfl.example/
/// group sa any ksu
/// group eu any tum epfl
/// group both all sa eu
/// quorum both                               exactly one; `quorum none` asks for nobody
/// ```
///
/// Names mean nothing outside of the file. A name stands in one group at most, so that no witness
/// counts twice. Immutable.
public final class WitnessPolicy {
    /// Lines of one kind; the specification asks for at least 32.
    private static final int MAX_LINES = 32;

    /// Bytes in a policy: 96 lines of the longest keys and addresses.
    static final int MAX_SIZE = 512 * 1024;

    private static final Pattern BLANKS = Pattern.compile("[ \t]+");

    /// A witness, and where to submit checkpoints to it, where the file says that.
    record Witness(String name, VerifierKey key, @Nullable URI url) {}

    /// When a checkpoint is witnessed, given who has cosigned it.
    private sealed interface Rule {
        boolean isMet(Predicate<VerifierKey> cosigned);
    }

    private record Nobody() implements Rule {
        @Override
        public boolean isMet(Predicate<VerifierKey> cosigned) {
            return true;
        }
    }

    private record One(VerifierKey key) implements Rule {
        @Override
        public boolean isMet(Predicate<VerifierKey> cosigned) {
            return cosigned.test(key);
        }
    }

    private record Group(int threshold, List<Rule> members) implements Rule {
        @Override
        public boolean isMet(Predicate<VerifierKey> cosigned) {
            return members.stream().filter(member -> member.isMet(cosigned)).count() >= threshold;
        }
    }

    /// Asks for nobody and knows nobody.
    public static final WitnessPolicy NONE = parse("quorum none\n".getBytes(StandardCharsets.US_ASCII));

    private final byte[] file;
    private final List<VerifierKey> logs;
    private final List<Witness> witnesses;
    private final String quorumName;
    private final Rule quorum;

    private WitnessPolicy(
            byte[] file, List<VerifierKey> logs, List<Witness> witnesses, String quorumName, Rule quorum) {
        this.file = file;
        this.logs = List.copyOf(logs);
        this.witnesses = List.copyOf(witnesses);
        this.quorumName = quorumName;
        this.quorum = quorum;
    }

    /// The policy that the bytes of a file spell.
    ///
    /// @throws IllegalArgumentException naming the line that breaks the format
    public static WitnessPolicy parse(byte[] file) {
        if (file.length > MAX_SIZE)
            throw new IllegalArgumentException("policy: " + file.length + " bytes, limit " + MAX_SIZE);
        return new Parser().parse(file);
    }

    /// Reads lines from top to bottom; a name must stand above the line that uses it.
    private static final class Parser {
        private final List<VerifierKey> logs = new ArrayList<>();
        private final List<Witness> witnesses = new ArrayList<>();
        private final Map<String, Rule> rules = new HashMap<>();
        private final Set<String> members = new HashSet<>();
        private int groups;
        private @Nullable String quorum;

        WitnessPolicy parse(byte[] file) {
            // Octets are opaque here: Latin-1 keeps each of them apart.
            String text = new String(file, StandardCharsets.ISO_8859_1);
            if (!text.endsWith("\n")) throw new IllegalArgumentException("policy: the last line has no newline");
            String[] lines = text.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                try {
                    parse(lines[i]);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("policy line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
            if (quorum == null) throw new IllegalArgumentException("policy: no quorum line; write \"quorum none\"");
            return new WitnessPolicy(
                    file.clone(), logs, witnesses, quorum, quorum.equals("none") ? new Nobody() : rule(quorum));
        }

        private void parse(String line) {
            if (line.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f))
                throw new IllegalArgumentException("control characters other than tab and newline are not allowed");
            String trimmed = BLANKS.matcher(line).replaceAll(" ").strip();
            if (trimmed.isEmpty() || trimmed.startsWith("#")) return;
            var words = List.of(trimmed.split(" "));
            switch (words.getFirst()) {
                case "log" -> log(words);
                case "witness" -> witness(words);
                case "group" -> group(words);
                case "quorum" -> quorum(words);
                default ->
                    throw new IllegalArgumentException(
                            "\"" + words.getFirst() + "\" is not one of log, witness, group and quorum");
            }
        }

        private void log(List<String> words) {
            if (words.size() < 2 || words.size() > 3) throw new IllegalArgumentException("expected log <key> [<url>]");
            var key = key(words.get(1));
            if (!key.type().isOfLogs()) throw new IllegalArgumentException("a witness' key is not a log's");
            if (logs.stream().anyMatch(key::isSameKey)) throw new IllegalArgumentException("this log's key again");
            limit(logs.size(), "logs");
            logs.add(key);
        }

        private void witness(List<String> words) {
            if (words.size() < 3 || words.size() > 4)
                throw new IllegalArgumentException("expected witness <name> <key> [<url>]");
            var key = key(words.get(2));
            if (!key.type().isTimed()) throw new IllegalArgumentException("a log's key is not a witness'");
            if (witnesses.stream().anyMatch(one -> one.key().isSameKey(key)))
                throw new IllegalArgumentException("this witness' key again");
            limit(witnesses.size(), "witnesses");
            witnesses.add(new Witness(words.get(1), key, words.size() < 4 ? null : url(words.get(3))));
            define(words.get(1), new One(key));
        }

        private void group(List<String> words) {
            if (words.size() < 4)
                throw new IllegalArgumentException("expected group <name> <all, any or a number> <name>...");
            limit(groups++, "groups");
            var all = words.subList(3, words.size());
            long threshold =
                    switch (words.get(2)) {
                        case "all" -> all.size();
                        case "any" -> 1;
                        default -> Checkpoint.number(words.get(2));
                    };
            if (threshold < 1 || threshold > all.size())
                throw new IllegalArgumentException("a threshold of " + threshold + " is not within 1 to " + all.size());
            var rules = new ArrayList<Rule>();
            for (String name : all) {
                rules.add(rule(name));
                if (!members.add(name)) throw new IllegalArgumentException(name + " is a member of a group already");
            }
            define(words.get(1), new Group((int) threshold, List.copyOf(rules)));
        }

        private void quorum(List<String> words) {
            if (words.size() != 2) throw new IllegalArgumentException("expected quorum <name>");
            if (quorum != null) throw new IllegalArgumentException("a second quorum line");
            quorum = words.get(1);
            if (!quorum.equals("none")) rule(quorum);
        }

        private Rule rule(String name) {
            var rule = rules.get(name);
            if (rule == null) throw new IllegalArgumentException(name + " is not defined on a line above");
            return rule;
        }

        private void define(String name, Rule rule) {
            if (name.equals("none")) throw new IllegalArgumentException("the name none is taken: nobody");
            if (rules.put(name, rule) != null) throw new IllegalArgumentException(name + " is defined already");
        }

        private static void limit(int count, String what) {
            if (count >= MAX_LINES) throw new IllegalArgumentException("more than " + MAX_LINES + " " + what);
        }

        private static VerifierKey key(String word) {
            return VerifierKey.parse(utf8(word));
        }

        private static URI url(String word) {
            var url = URI.create(utf8(word));
            if (url.getHost() == null || !Set.of("http", "https").contains(url.getScheme()))
                throw new IllegalArgumentException("not an http or https address: " + url);
            return url;
        }

        private static String utf8(String word) {
            return new String(word.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }

    /// Returns when one of the policy's logs, if it names any, has signed `checkpoint` and enough of its
    /// witnesses have cosigned it.
    ///
    /// @throws VerificationException naming who has, and who was wanted; also when a line by a known
    ///     witness is wrong
    public void verify(Checkpoint checkpoint) throws VerificationException {
        boolean known = logs.isEmpty();
        for (var log : logs) known |= log.name().equals(checkpoint.origin()) && checkpoint.isSignedBy(log);
        if (!known)
            throw new VerificationException(
                    "checkpoint of " + checkpoint.origin() + ": not signed by a log of the witness policy");
        var cosigners = cosigners(checkpoint);
        if (!quorum.isMet(cosigners::contains))
            throw new VerificationException("checkpoint of " + checkpoint.origin() + " at size " + checkpoint.size()
                    + ": the witness policy asks for " + quorumName + ", it is cosigned by "
                    + (cosigners.isEmpty() ? "nobody" : String.join(", ", names(cosigners))));
    }

    /// Whether enough witnesses have cosigned.
    ///
    /// @throws VerificationException when a line by a known witness is wrong
    boolean isMetBy(Checkpoint checkpoint) throws VerificationException {
        return quorum.isMet(cosigners(checkpoint)::contains);
    }

    /// The names, in this policy, of the witnesses that have cosigned `checkpoint`.
    ///
    /// @throws VerificationException when a line by a known witness is wrong
    public List<String> cosignedBy(Checkpoint checkpoint) throws VerificationException {
        return names(cosigners(checkpoint));
    }

    private Set<VerifierKey> cosigners(Checkpoint checkpoint) throws VerificationException {
        var found = new HashSet<VerifierKey>();
        for (var witness : witnesses) if (checkpoint.isSignedBy(witness.key())) found.add(witness.key());
        return found;
    }

    private List<String> names(Set<VerifierKey> keys) {
        return witnesses.stream()
                .filter(witness -> keys.contains(witness.key()))
                .map(witness ->
                        new String(witness.name().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .toList();
    }

    /// The file that it was parsed from.
    public byte[] bytes() {
        return file.clone();
    }

    List<Witness> witnesses() {
        return witnesses;
    }

    /// Whether a signature line is one that this policy can check.
    boolean explains(Checkpoint.SignatureLine line) {
        return witnesses.stream().anyMatch(witness -> line.by(witness.key()))
                || logs.stream().anyMatch(line::by);
    }
}
