package org.diwan.sovereignty.ledger;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.diwan.sovereignty.ledger.Cosigner.Answer;
import org.jspecify.annotations.Nullable;

/// The witnesses of a log: each checkpoint is shown to all of them at once before it is published, and
/// carries the cosignatures that came back in time.
///
/// What is not enough is for the policy's quorum to say. `quorum none` publishes with whoever has
/// answered; any other quorum publishes nothing that it is not met by, and the previous checkpoint stays
/// in force ([NoQuorum]) while entries go on being acknowledged. A witness that fails is not waited for
/// again for 10 s.
///
/// Used by one thread at a time, the one that publishes.
public final class Cosigners {
    /// The most that a checkpoint waits for all witnesses together.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /// How long a witness that failed is left alone: a dead one must not slow down every checkpoint.
    private static final Duration REST = Duration.ofSeconds(10);

    /// One submission address, which may answer with several keys.
    private static final class Place {
        final Cosigner cosigner;
        final List<VerifierKey> keys = new ArrayList<>();
        /// The size that it has cosigned last, as far as we know.
        long size;

        long restsUntilNanos;
        String trouble = "";

        Place(Cosigner cosigner, long now) {
            this.cosigner = cosigner;
            this.restsUntilNanos = now;
        }
    }

    /// Gives the proof that the new tree begins with the tree of `oldSize` leaves; from any thread.
    @FunctionalInterface
    interface Consistency {
        List<byte[]> from(long oldSize) throws IOException;
    }

    private final WitnessPolicy policy;
    private final List<Place> places;

    private final Duration patience;
    private final Duration rest;

    private Cosigners(WitnessPolicy policy, List<Place> places, Duration patience, Duration rest) {
        this.policy = policy;
        this.places = places;
        this.patience = patience;
        this.rest = rest;
    }

    /// The witnesses that `policy` gives an address for. Nobody is asked yet.
    public static Cosigners of(WitnessPolicy policy) {
        return of(policy, Cosigner::of, PATIENCE, REST);
    }

    static Cosigners of(WitnessPolicy policy, Function<URI, Cosigner> reach, Duration patience, Duration rest) {
        var places = new LinkedHashMap<URI, Place>();
        long now = System.nanoTime();
        for (var witness : policy.witnesses()) {
            var url = witness.url();
            if (url == null) continue;
            places.computeIfAbsent(url, at -> new Place(reach.apply(at), now))
                    .keys
                    .add(witness.key());
        }
        return new Cosigners(policy, List.copyOf(places.values()), patience, rest);
    }

    /// `signed` with the cosignatures that its witnesses give.
    ///
    /// @throws NoQuorum when they are not enough for the policy
    /// @throws InterruptedIOException when the calling thread is interrupted
    Checkpoint cosign(Checkpoint signed, Consistency consistency) throws IOException {
        if (places.isEmpty()) return checked(signed);
        long now = System.nanoTime();
        var asked = places.stream()
                .filter(place -> place.restsUntilNanos - now <= 0)
                .toList();
        var questions = new ArrayList<Callable<List<Checkpoint.SignatureLine>>>();
        for (var place : asked) questions.add(() -> ask(place, signed, consistency));
        var lines = new ArrayList<Checkpoint.SignatureLine>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(questions, patience.toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < asked.size(); i++) {
                var place = asked.get(i);
                try {
                    lines.addAll(answers.get(i).get());
                    place.trouble = "";
                } catch (ExecutionException e) {
                    rest(
                            place,
                            e.getCause() instanceof IOException cause
                                    ? String.valueOf(cause.getMessage())
                                    : String.valueOf(e));
                } catch (CancellationException e) {
                    rest(place, place.cosigner + ": no answer within " + patience.toMillis() + " ms");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for witnesses");
        }
        return checked(signed.with(lines));
    }

    /// Whether `checkpoint` carries the cosignatures that the policy asks for.
    boolean suffice(Checkpoint checkpoint) {
        try {
            return policy.isMetBy(checkpoint);
        } catch (VerificationException e) {
            return false;
        }
    }

    private void rest(Place place, String trouble) {
        place.trouble = trouble;
        place.restsUntilNanos = System.nanoTime() + rest.toNanos();
    }

    private Checkpoint checked(Checkpoint cosigned) throws NoQuorum {
        if (suffice(cosigned)) return cosigned;
        throw new NoQuorum(cosigned.size(), troubles());
    }

    private List<String> troubles() {
        return places.stream()
                .map(place -> place.trouble)
                .filter(trouble -> !trouble.isEmpty())
                .toList();
    }

    /// The lines of one witness, each verified. A witness that knows another size than we thought says
    /// so and is asked once more.
    private static List<Checkpoint.SignatureLine> ask(Place place, Checkpoint signed, Consistency consistency)
            throws IOException {
        var answer = submit(place, signed, consistency);
        if (answer instanceof Answer.Conflict(long size)) {
            if (size > signed.size())
                throw new IOException(place.cosigner + ": has cosigned size " + size + " of this log, which has only "
                        + signed.size() + ": an older copy of the log was put back, or the witness lies");
            place.size = size;
            answer = submit(place, signed, consistency);
        }
        return switch (answer) {
            case Answer.Cosigned(String lines) -> {
                var verified = verified(place, lines, signed);
                place.size = signed.size();
                yield verified;
            }
            case Answer.Conflict(long size) ->
                throw new IOException(place.cosigner + ": says size " + size + " after size " + place.size);
            case Answer.Refused(int status, String reason) ->
                throw new IOException(place.cosigner + ": refuses with " + status + ": " + reason);
        };
    }

    private static Answer submit(Place place, Checkpoint signed, Consistency consistency) throws IOException {
        // An address may lead to another witness' memory than it did: never prove from beyond our tree.
        long oldSize = Math.min(place.size, signed.size());
        return place.cosigner.addCheckpoint(new AddCheckpoint(oldSize, consistency.from(oldSize), signed).text());
    }

    /// The lines by keys that the policy knows; others are ignored, as tlog-witness asks.
    private static List<Checkpoint.SignatureLine> verified(Place place, String text, Checkpoint signed)
            throws IOException {
        var lines = new ArrayList<Checkpoint.SignatureLine>();
        var parts = text.lines().limit(Checkpoint.MAX_SIGNATURES).toList();
        for (var key : place.keys) {
            var line = find(place, parts, key);
            if (line == null)
                throw new IOException(place.cosigner + ": did not sign with " + key.name() + "+" + key.idText());
            if (line.isWithoutTime() || !key.verifies(signed.body(), line.blob()))
                throw new IOException(
                        place.cosigner + ": the cosignature by " + key.name() + "+" + key.idText() + " is wrong");
            lines.add(line);
        }
        return lines;
    }

    private static Checkpoint.@Nullable SignatureLine find(Place place, List<String> lines, VerifierKey key)
            throws IOException {
        try {
            for (String text : lines) {
                var line = Checkpoint.signature(text);
                if (line.by(key)) return line;
            }
            return null;
        } catch (IllegalArgumentException e) {
            throw new IOException(place.cosigner + ": " + e.getMessage(), e);
        }
    }
}
