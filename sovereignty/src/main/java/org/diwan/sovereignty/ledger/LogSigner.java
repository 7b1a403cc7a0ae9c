package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The private keys of a log, each of which signs every checkpoint: those of a [KeyFile], Ed25519 and
/// ML-DSA-44, or one that an HSM holds ([HsmKey]).
///
/// Safe to share between threads.
public final class LogSigner {
    private final String origin;
    private final List<SigningKey> signing;
    private final InstantSource clock;

    private LogSigner(List<SigningKey> signing, InstantSource clock) {
        this.origin = signing.getFirst().verifier().name();
        this.signing = List.copyOf(signing);
        this.clock = clock;
    }

    /// Fresh keys for the log `origin` (such as `example.com/log`), kept in `keyFile`.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when `keyFile` is there: keys are never
    ///     overwritten
    public static LogSigner create(Path keyFile, String origin) throws IOException {
        return new LogSigner(KeyFile.LOG.create(keyFile, origin), InstantSource.system());
    }

    /// The keys kept in `keyFile`, each tried on a message before this returns.
    ///
    /// @throws IOException when the file is missing, not a key file, damaged, or readable by others
    public static LogSigner load(Path keyFile) throws IOException {
        return new LogSigner(KeyFile.LOG.load(keyFile), InstantSource.system());
    }

    /// The key of the log `origin` that a hardware security module holds, ECDSA on P-256; it has signed
    /// a message before this returns.
    ///
    /// @throws IOException when the module does not answer, refuses the PIN or has no such key
    public static LogSigner inHsm(HsmKey key, String origin) throws IOException {
        return of(key.open(origin));
    }

    static LogSigner of(SigningKey key) {
        return new LogSigner(List.of(key), InstantSource.system());
    }

    /// The log that these keys speak for.
    public String origin() {
        return origin;
    }

    /// What a verifier needs: one line for each key, Ed25519 first.
    public List<String> verifierKeys() {
        return keys().stream().map(VerifierKey::toString).toList();
    }

    /// The same, as keys.
    public List<VerifierKey> keys() {
        return signing.stream().map(SigningKey::verifier).toList();
    }

    /// A signer with one of the two keys: for tests that sign thousands of checkpoints.
    LogSigner only(VerifierKey.Type type) {
        return new LogSigner(
                signing.stream().filter(key -> key.verifier().type() == type).toList(), clock);
    }

    /// A checkpoint signed by every key. The caller answers for never signing two that disagree.
    Checkpoint sign(long size, byte[] root) {
        var body = new Checkpoint.Body(origin, size, root);
        long now = clock.instant().getEpochSecond();
        return new Checkpoint(
                body, signing.stream().map(key -> key.sign(body, now)).toList());
    }

    /// Names the log and never the keys.
    @Override
    public String toString() {
        return "LogSigner[" + origin + "]";
    }
}
