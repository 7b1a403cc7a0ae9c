package org.diwan.cloud.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.api.Terms;
import org.diwan.cloud.audit.Drawn.Verdict;
import org.diwan.cloud.receipt.AnswerOpening;
import org.diwan.cloud.receipt.AnsweredEntry;
import org.diwan.cloud.receipt.ErasedEntry;
import org.diwan.cloud.receipt.Maker;
import org.diwan.cloud.receipt.ModelShelf;
import org.diwan.cloud.receipt.Outcome;
import org.diwan.cloud.receipt.Receipt;
import org.diwan.cloud.receipt.ReceiptVerifier;
import org.diwan.cloud.receipt.RequestOpening;
import org.diwan.cloud.serving.Rescoring;
import org.diwan.sovereignty.ledger.LogClient;
import org.diwan.sovereignty.ledger.LogScan;
import org.diwan.sovereignty.ledger.TileSource;
import org.diwan.sovereignty.ledger.TlogProof;
import org.diwan.sovereignty.ledger.VerificationException;
import org.diwan.sovereignty.ledger.VerifierKey;
import org.diwan.sovereignty.ledger.WitnessPolicy;
import org.jspecify.annotations.Nullable;

/// An audit by sampling. Nobody can run all answers of a ministry again; a few, drawn so that nobody
/// could foresee which, tell about all of them.
///
/// 1. Read the whole log, up to the signed root: which entries are answers.
/// 2. Draw some ([Draw]).
/// 3. Ask the vault for each receipt; an answer whose texts are not handed out is a finding, unless the
///    log says that they were erased.
/// 4. The receipt must be the one of exactly this entry, hold together, and give the same answer when run
///    again ([ReceiptVerifier]).
/// 5. An upstream's answers, which nobody can run again, are scored under the weights that it claims, each by
///    itself and all together ([Plausibility]).
/// 6. Say how likely it was to find a forgery, had there been one ([Detection]).
public final class Audit {
    /// Answers whose places are remembered, 8 bytes each: half a gigabyte.
    public static final int MAX_ANSWERS = 1 << 26;

    private final TileSource log;
    private final List<VerifierKey> keys;
    private final WitnessPolicy policy;
    private final Openings openings;
    private final ModelShelf models;
    private final Map<String, Path> claims;
    private final ReceiptVerifier verifier;
    private final Map<String, Together> together = new TreeMap<>();

    /// @param keys every key that signs the log's checkpoints
    /// @param policy which witnesses must stand by its checkpoints
    /// @param models stay the caller's
    /// @param claims the weights that an upstream says it runs, `upstream/model` to a GGUF file
    public Audit(
            TileSource log,
            List<VerifierKey> keys,
            WitnessPolicy policy,
            Openings openings,
            ModelShelf models,
            Map<String, Path> claims) {
        this.log = log;
        this.keys = List.copyOf(keys);
        this.policy = policy;
        this.openings = openings;
        this.models = models;
        this.claims = Map.copyOf(claims);
        this.verifier = new ReceiptVerifier(keys, policy, step -> {});
    }

    /// An answer that was drawn, as the log has it.
    @SuppressWarnings("ArrayRecordComponent") // read once, compared with Arrays.equals
    private record Place(long index, byte[] bytes, AnsweredEntry entry) {}

    /// The places of all answers.
    private static final class Places {
        private long[] indexes = new long[1024];
        private int count;

        void add(long index) throws VerificationException {
            if (count == MAX_ANSWERS)
                throw new VerificationException("the log has more than " + MAX_ANSWERS
                        + " answers, which is the limit of one audit; audit a copy of it as of an earlier checkpoint");
            if (count == indexes.length) indexes = Arrays.copyOf(indexes, 2 * count);
            indexes[count++] = index;
        }
    }

    /// Audits `count` answers, drawn by `seed`.
    ///
    /// @param heard is told of each drawn answer when it has been checked
    /// @throws VerificationException when the log itself does not hold
    /// @throws IOException when the log, the vault or a model file cannot be read
    public AuditReport run(int count, String seed, Consumer<Drawn> heard)
            throws IOException, VerificationException, InterruptedException {
        var places = new Places();
        var checkpoint = LogScan.read(log, keys, (index, entry) -> {
            if (type(index, entry).equals("answered")) places.add(index);
        });
        var sample = new ArrayList<Place>();
        var client = new LogClient(log, keys, policy);
        for (int number : Draw.sample(seed, checkpoint.root(), count, places.count)) {
            long index = places.indexes[number];
            byte[] bytes = client.entry(checkpoint, index);
            sample.add(new Place(index, bytes, answered(index, bytes)));
        }
        // Answers of one model follow each other, so that it is loaded once.
        sample.sort(Comparator.comparing(place -> model(place.entry().by())));
        together.clear();
        var drawn = new ArrayList<Drawn>();
        for (var place : sample) {
            var one = check(place);
            heard.accept(one);
            drawn.add(one);
        }
        excuse(sample, drawn);
        drawn.sort(Comparator.comparingLong(Drawn::index));
        return new AuditReport(checkpoint, places.count, seed, drawn, List.copyOf(together.values()));
    }

    /// Looks through the log for what says why receipts were not handed out.
    private void excuse(List<Place> sample, List<Drawn> drawn) throws IOException, VerificationException {
        if (drawn.stream().noneMatch(one -> one.verdict() == Verdict.WITHHELD)) return;
        LogScan.read(log, keys, (at, bytes) -> {
            if (!type(at, bytes).equals("erased")) return;
            var erased = ErasedEntry.parse(json(at, bytes), "entry " + at);
            for (int i = 0; i < drawn.size(); i++) {
                var one = drawn.get(i);
                String tenant = sample.get(i).entry().tenant();
                if (one.verdict() == Verdict.WITHHELD && one.index() < at && erased.covers(one.receipt(), tenant))
                    drawn.set(i, new Drawn(one.index(), one.receipt(), Verdict.ERASED, "as entry " + at + " says"));
            }
        });
    }

    private static @Nullable Object json(long index, byte[] entry) throws VerificationException {
        try {
            return Json.plain(Json.parse(entry));
        } catch (IOException | IllegalArgumentException e) {
            throw new VerificationException("entry " + index + ": " + e.getMessage());
        }
    }

    private static String type(long index, byte[] entry) throws VerificationException {
        try {
            return Json.parse(entry).path("type").asText("");
        } catch (IOException e) {
            throw new VerificationException("entry " + index + ": " + e.getMessage());
        }
    }

    private static AnsweredEntry answered(long index, byte[] bytes) throws VerificationException {
        if (Outcome.parse(json(index, bytes), "entry " + index) instanceof AnsweredEntry entry) return entry;
        throw new AssertionError("only answers were drawn");
    }

    private static String model(Maker maker) {
        return switch (maker) {
            case Maker.Engine engine -> engine.sha256() + engine.cache();
            case Maker.Encoder encoder -> encoder.sha256();
            case Maker.Upstream upstream -> upstream.upstream() + "/" + upstream.model();
        };
    }

    private Drawn check(Place place) throws IOException, InterruptedException {
        String id = place.entry().receipt();
        Optional<byte[]> file = openings.receipt(id);
        if (file.isEmpty()) return new Drawn(place.index(), id, Verdict.WITHHELD, "no receipt was handed out");
        try {
            var receipt = verifier.bindings(file.get());
            belongs(receipt, place);
            return switch (place.entry().by()) {
                case Maker.Upstream upstream -> upstream(receipt, place, upstream);
                case Maker.Engine engine -> again(receipt, place, engine.model());
                case Maker.Encoder encoder -> again(receipt, place, encoder.model());
            };
        } catch (VerificationException e) {
            return new Drawn(place.index(), id, Verdict.FORGED, String.valueOf(e.getMessage()));
        }
    }

    /// The receipt is that of the entry which was drawn, and the log stands by it.
    private void belongs(Receipt receipt, Place place) throws IOException, VerificationException {
        var answered = receipt.answered();
        if (answered == null || !Arrays.equals(answered.entry().bytes(), place.bytes()))
            throw new VerificationException("the receipt that was handed out is not of entry " + place.index());
        var client = new LogClient(log, keys, policy);
        client.check(
                TlogProof.parse(receipt.decided().proof()),
                receipt.decided().entry().bytes());
        client.check(TlogProof.parse(answered.proof()), place.bytes());
    }

    /// Scores what an upstream said under the weights that it claims.
    private Drawn upstream(Receipt receipt, Place place, Maker.Upstream maker)
            throws IOException, VerificationException {
        String name = maker.upstream() + "/" + maker.model();
        Path file = claims.get(name);
        if (file == null) return unchecked(place, "answered by upstream " + name + ", whose weights nobody claimed");
        if (!(receipt.asked() instanceof RequestOpening asked && receipt.said() instanceof AnswerOpening said))
            throw new VerificationException("an upstream answers conversations only");
        if (!asked.terms().equals(Terms.NONE)
                || !asked.logitBias().isEmpty()
                || maker.sampling().keySet().stream().anyMatch(option -> option.endsWith("_penalty")))
            return unchecked(place, "tools, forms, biases and penalties change what is likely");
        float temperature = maker.sampling().getOrDefault("temperature", 1).floatValue();
        boolean greedy = temperature == 0;
        try {
            var model = models.claimed(file);
            var prompt = model.prompt(asked.messages(), List.of());
            String finish = place.entry().finish();
            var words = new Rescoring.Said(
                    said.text(),
                    said.tokens(),
                    finish.equals("stop") && asked.stop().isEmpty(),
                    finish.equals("cancelled") || !asked.stop().isEmpty());
            var rescoring = model.rescoring();
            var misspelt = rescoring.misspelt(words);
            if (misspelt.isPresent()) return new Drawn(place.index(), receipt.id(), Verdict.MISSPELT, misspelt.get());
            var found = Plausibility.of(rescoring.score(prompt, words, temperature), greedy, cuts(maker));
            boolean told = !said.tokens().isEmpty();
            String weights = String.valueOf(file.getFileName());
            together.merge(name, new Together(name, weights).plus(found, told), (sum, one) -> sum.plus(found, told));
            return new Drawn(
                    place.index(),
                    receipt.id(),
                    found.isPlausible() ? Verdict.PLAUSIBLE : Verdict.IMPLAUSIBLE,
                    "scored under " + weights + (told ? " by its tokens: " : " by its words: ") + found.text());
        } catch (IllegalArgumentException e) {
            return unchecked(place, "the claimed weights cannot read it: " + e.getMessage());
        }
    }

    /// Whether the sampler was asked to cut the tail off; a value that means no cut counts as one, too.
    private static boolean cuts(Maker.Upstream maker) {
        return maker.sampling().keySet().stream().anyMatch(Set.of("top_k", "top_p", "min_p")::contains);
    }

    private static Drawn unchecked(Place place, String why) {
        return new Drawn(place.index(), place.entry().receipt(), Verdict.UNCHECKED, why);
    }

    private Drawn again(Receipt receipt, Place place, String model)
            throws IOException, VerificationException, InterruptedException {
        verifier.replay(receipt, models);
        String tokens = place.entry().completionTokens() == null
                ? ""
                : ", " + place.entry().completionTokens() + " tokens";
        return new Drawn(place.index(), receipt.id(), Verdict.IDENTICAL, "run again on " + model + tokens);
    }
}
