package org.diwan.robots.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.diwan.base.AtomicFile;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.vault.ErasedException;
import org.diwan.sovereignty.vault.SealBrokenException;

/// Where the files of jobs are, and who seals what was said:
///
/// ```
/// m-7f3a.words      what was said (Words): as it is, or "diwan-sealed/v1\n" and what Sealing made of it
/// m-7f3a-2.words    what was answered to a question
/// m-7f3a.warrant    the decision and its proof (Warrant)
/// m-7f3a.messages   what was ordered and reported (JobFile)
/// m-7f3a.done       the end (Ended)
/// ```
///
/// @param sealing of what is said from now on; what was sealed before is not readable without
public record JobFolder(Path path, Optional<Sealing> sealing) {
    /// Longest words that are read, bytes: those of the longest body, escaped and sealed.
    private static final int MAX_WORDS = 8 << 20;

    private static final byte[] SEALED = "diwan-sealed/v1\n".getBytes(StandardCharsets.US_ASCII);

    /// What is left of words.
    sealed interface Said {
        /// They can be read.
        record Open(Words words) implements Said {}

        /// They cannot.
        ///
        /// @param why for people
        record Gone(String why) implements Said {}
    }

    /// A folder in which words lie open.
    public static JobFolder open(Path path) {
        return new JobFolder(path, Optional.empty());
    }

    /// Whether files can be named so.
    static boolean isId(String job) {
        return job.matches("[A-Za-z0-9._-]{1,64}");
    }

    Path messages(String job) {
        return path.resolve(job + ".messages");
    }

    Path warrant(String job) {
        return path.resolve(job + ".warrant");
    }

    Path done(String job) {
        return path.resolve(job + ".done");
    }

    Path words(String saying) {
        return path.resolve(saying + ".words");
    }

    /// Keeps `words`, on disk when this returns.
    ///
    /// @param saying a new id
    /// @param person who said them, or whom they are about, as requests name it; empty for nobody
    void keep(String saying, String person, Words words) throws IOException {
        byte[] file = words.bytes();
        if (sealing.isPresent()) {
            var sealed = new ByteArrayOutputStream();
            sealed.writeBytes(SEALED);
            sealed.writeBytes(sealing.get().seal(saying, person, file));
            file = sealed.toByteArray();
        }
        AtomicFile.write(words(saying), file);
    }

    /// What is left of what was kept.
    ///
    /// @throws VerificationException when the file is not what was written
    Said said(String saying) throws IOException, VerificationException {
        Path file = words(saying);
        if (!isId(saying) || !Files.exists(file)) return new Said.Gone("words that were deleted");
        if (Files.size(file) > MAX_WORDS)
            throw new VerificationException(file + " has more than " + MAX_WORDS + " bytes");
        byte[] bytes = Files.readAllBytes(file);
        if (!Arrays.equals(SEALED, Arrays.copyOf(bytes, SEALED.length))) return new Said.Open(Words.parse(bytes));
        if (sealing.isEmpty()) return new Said.Gone("words that are sealed, and whose vault is not here");
        try {
            byte[] sealed = Arrays.copyOfRange(bytes, SEALED.length, bytes.length);
            return new Said.Open(Words.parse(sealing.get().open(saying, sealed)));
        } catch (ErasedException e) {
            return new Said.Gone("words that were erased");
        } catch (SealBrokenException e) {
            throw new VerificationException(file.getFileName() + ": " + e.getMessage());
        }
    }
}
