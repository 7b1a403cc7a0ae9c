package org.diwan.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--data`, and what lies in that folder.
final class DataFolder {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of ledger, keys and database (default: ~/.diwan).")
    private @Nullable Path chosen;

    Path folder() {
        return chosen != null ? chosen.toAbsolutePath() : Path.of(System.getProperty("user.home"), ".diwan");
    }

    /// How a person names this folder in another command: nothing where it is the usual one.
    String option() {
        return chosen != null ? " --data " + chosen : "";
    }

    Path ledger() {
        return folder().resolve("ledger");
    }

    /// The first API key of the server whose data this is.
    String operatorKey() throws IOException {
        try {
            return Files.readString(folder().resolve("operator.key")).strip();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    folder() + ": no operator.key here; start a server with ./diwan up, or say --data", e);
        }
    }

    /// The log's verifier keys: those named by `--key`, each a key or a file of keys, else the ones of
    /// this folder.
    List<VerifierKey> verifierKeys(List<String> named) throws IOException {
        return keys(named.isEmpty() ? List.of(folder().resolve("keys/log.vkey").toString()) : named);
    }

    /// The witness policy in the file that was named; else, for the log of this folder, this folder's.
    ///
    /// @param ownLog whether no other log's keys were named
    WitnessPolicy policy(@Nullable Path named, boolean ownLog) throws IOException {
        Path file = named != null ? named : folder().resolve("keys/log.policy");
        if (named == null && (!ownLog || !Files.exists(file))) return WitnessPolicy.NONE;
        return WitnessPolicy.parse(Files.readAllBytes(file));
    }

    /// Verifier keys, each named by itself or by a file with one on each line.
    static List<VerifierKey> keys(List<String> named) throws IOException {
        var keys = new ArrayList<VerifierKey>();
        for (String name : named) {
            // A verifier key has two '+' and is no path that anybody has.
            if (name.indexOf('+') > 0 && !Files.exists(Path.of(name))) keys.add(VerifierKey.parse(name));
            else
                for (String line : Files.readAllLines(Path.of(name)))
                    if (!line.isBlank()) keys.add(VerifierKey.parse(line));
        }
        return keys;
    }
}
