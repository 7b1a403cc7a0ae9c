package org.diwan.sovereignty.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// A log's signed statement "my first `size` entries hash to `root`" (C2SP tlog-checkpoint), kept with
/// the exact text that was signed.
///
/// ```
/// <origin>\n
/// <size, decimal, no leading zero>\n
/// <root, base64 of 32 bytes>\n
/// \n
/// — <key name> <base64(key id, 4 bytes ‖ signature)>\n        one line for each signature
/// ```
///
/// Parsing checks the form, not the signatures: that is [#verify]. Extension lines, which the
/// specification advises against, are refused: the ML-DSA-44 signature would not cover them.
public final class Checkpoint {
    /// Signature lines in one checkpoint: the log's, and as many witnesses as a policy must be able to
    /// name. The specification asks readers for at least 16.
    static final int MAX_SIGNATURES = 40;

    /// Characters in one checkpoint: 40 signatures of nearly 5 kB.
    static final int MAX_TEXT = 200 * 1024;

    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

    /// What is signed. Never compared by `equals`; the root is not handed out uncopied.
    @SuppressWarnings("ArrayRecordComponent")
    record Body(String origin, long size, byte[] root) {
        Body {
            VerifierKey.checkName(origin);
            if (size < 0) throw new IllegalArgumentException("a tree has no size " + size);
            if (root.length != Merkle.HASH_SIZE) throw new IllegalArgumentException("a root has 32 bytes");
        }

        String text() {
            return origin + "\n" + size + "\n" + StrictBase64.encode(root) + "\n";
        }

        byte[] bytes() {
            return text().getBytes(StandardCharsets.UTF_8);
        }
    }

    /// One signature line: `blob` is what follows the key id. Compared by [#text].
    @SuppressWarnings("ArrayRecordComponent")
    record SignatureLine(String name, String keyId, byte[] blob) {
        String text() {
            byte[] id = HexFormat.of().parseHex(keyId);
            return "— " + name + " " + StrictBase64.encode(StrictBase64.concatenate(id, blob)) + "\n";
        }

        /// Whether a cosignature leaves out when it was made, and so does not say "the newest I know".
        boolean isWithoutTime() {
            return blob.length < Long.BYTES || ByteBuffer.wrap(blob).getLong() == 0;
        }

        boolean by(VerifierKey key) {
            return name.equals(key.name()) && keyId.equals(key.idText());
        }
    }

    private final Body body;
    private final List<SignatureLine> signatures;
    private final String text;

    /// A checkpoint to be written: its lines in one order, so that a proof has one spelling.
    Checkpoint(Body body, List<SignatureLine> signatures) {
        this(
                signatures.stream()
                        .sorted(Comparator.comparing(SignatureLine::text))
                        .toList(),
                body);
    }

    private Checkpoint(List<SignatureLine> signatures, Body body) {
        this.body = body;
        this.signatures = List.copyOf(signatures);
        var out = new StringBuilder(body.text()).append('\n');
        for (var line : signatures) out.append(line.text());
        this.text = out.toString();
    }

    /// The checkpoint that `text` spells.
    ///
    /// @throws VerificationException naming the line that breaks the format
    public static Checkpoint parse(String text) throws VerificationException {
        if (text.length() > MAX_TEXT)
            throw new VerificationException("checkpoint: " + text.length() + " characters, limit " + MAX_TEXT);
        String[] lines = text.split("\n", -1);
        if (lines.length < 6 || !lines[lines.length - 1].isEmpty())
            throw new VerificationException(
                    "checkpoint: expected origin, size, root, an empty line and signatures, each ended by a newline");
        if (!lines[3].isEmpty())
            throw new VerificationException(
                    "checkpoint line 4: extension lines are refused, no signature may miss them");
        int count = lines.length - 5;
        if (count > MAX_SIGNATURES)
            throw new VerificationException("checkpoint: " + count + " signatures, limit " + MAX_SIGNATURES);
        int line = 0;
        try {
            String origin = VerifierKey.checkName(lines[line]);
            line = 1;
            long size = number(lines[line]);
            line = 2;
            var body = new Body(origin, size, StrictBase64.hash(lines[line]));
            var signatures = new ArrayList<SignatureLine>();
            for (line = 4; line < lines.length - 1; line++) signatures.add(signature(lines[line]));
            var checkpoint = new Checkpoint(signatures, body);
            if (!checkpoint.text.equals(text))
                throw new VerificationException("checkpoint: not in the form that it would be written in");
            return checkpoint;
        } catch (IllegalArgumentException e) {
            throw new VerificationException("checkpoint line " + (line + 1) + ": " + e.getMessage());
        }
    }

    static SignatureLine signature(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !parts[0].equals("—"))
            throw new IllegalArgumentException("a signature line is \"— <name> <base64>\"");
        byte[] bytes = StrictBase64.decode(parts[2]);
        if (bytes.length < 5) throw new IllegalArgumentException("a signature has a key id and at least one byte");
        return new SignatureLine(
                VerifierKey.checkName(parts[1]),
                HexFormat.of().formatHex(bytes, 0, 4),
                Arrays.copyOfRange(bytes, 4, bytes.length));
    }

    /// A decimal without sign or leading zero, below 2^63.
    ///
    /// @throws IllegalArgumentException when `text` is anything else
    static long number(String text) {
        if (!DECIMAL.matcher(text).matches())
            throw new IllegalArgumentException("not a plain decimal: \"" + text + "\"");
        return Long.parseLong(text);
    }

    /// Returns when every key of `keys` has signed this checkpoint. Lines of other keys are ignored,
    /// as signed-note asks. *Every* key, because a log signs with a classical and a
    /// quantum-safe key: whoever breaks one must not be able to drop the other.
    ///
    /// @throws VerificationException naming the key whose signature is missing or wrong, or the origin
    ///     when none of `keys` is the log's own
    public void verify(List<VerifierKey> keys) throws VerificationException {
        if (keys.stream().noneMatch(key -> key.name().equals(origin())))
            throw new VerificationException("checkpoint of " + origin() + ": no verifier key of that log was given");
        for (var key : keys)
            if (!isSignedBy(key))
                throw new VerificationException("checkpoint of " + origin() + " at size " + size()
                        + ": no signature by " + key.name() + "+" + key.idText() + " (" + key.type().algorithm + ")");
    }

    /// Whether there is a signature by `key`.
    ///
    /// @throws VerificationException when there is one and it is wrong: such a note is refused whole
    ///     (signed-note, "Signatures")
    boolean isSignedBy(VerifierKey key) throws VerificationException {
        var lines = signatures.stream().filter(line -> line.by(key)).toList();
        for (var line : lines)
            if (!key.verifies(body, line.blob()))
                throw new VerificationException("checkpoint of " + origin() + " at size " + size()
                        + ": the signature by " + key.name() + "+" + key.idText() + " (" + key.type().algorithm
                        + ") is wrong");
        return !lines.isEmpty();
    }

    /// This checkpoint with more lines under it.
    Checkpoint with(List<SignatureLine> more) {
        var all = new ArrayList<>(signatures);
        all.addAll(more);
        return new Checkpoint(body, all);
    }

    /// Which log speaks.
    public String origin() {
        return body.origin();
    }

    /// How many entries the root covers.
    public long size() {
        return body.size();
    }

    /// The root hash, 32 bytes, a copy.
    public byte[] root() {
        return body.root().clone();
    }

    /// The signed note, as served at `/log/checkpoint`.
    public String text() {
        return text;
    }

    Body body() {
        return body;
    }

    List<SignatureLine> signatures() {
        return signatures;
    }

    @Override
    public String toString() {
        return text;
    }
}
