package org.diwan.robots.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;
import org.diwan.robots.Cause;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.record.JobFolder.Said;
import org.diwan.robots.record.RobotRules.Actor;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.InstantActions;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Topic;
import org.diwan.sovereignty.ledger.VerificationException;
import org.jspecify.annotations.Nullable;

/// The one place from which vehicles are ordered about: decide, record, order, record.
///
/// Entries in canonical JSON; `of` is the index of the one that a later one is about:
///
/// ```
/// {"type":"robot-asked","mission":"m-…","words":"5c…","actor":"k-…","parser":"rules","receipt":null,"time":"…"}
/// {"type":"robot-decided","job":"m-…","of":7,"actor":"k-…","role":"operator","approver":null,"verdict":"permit",
///  "rule":["deliveries"],"rules":"5c…","plan":"a0…","permissions":[],"vehicle":"any","rehearsed":"clean",
///  "time":"…","until":"…"}
/// {"type":"robot-standing","vehicle":"r-007","actions":["startCharging","stopCharging"],"time":"…","until":"…"}
/// {"type":"robot-done","of":8,"job":"m-…","vehicle":"r-007","outcome":"done","messages":41,"chain":"9f…","time":"…"}
/// {"type":"robot-stopped","actor":"k-…","what":"everything","vehicles":110,"time":"…"}
/// ```
///
/// [#ask], [#permit] and [#enrol] wait for the ledger, and any thread may call them; the rest belongs to the
/// timeline and never waits: its last entries are written by a thread of their own.
public final class OrderDesk implements Clearances, AutoCloseable {
    /// The vehicle of a job that any may do.
    static final String ANY = "any";

    /// A decision is acted upon within a day, or made again.
    public static final Duration VALID = Duration.ofHours(24);

    /// Jobs that are under way at once.
    public static final int MAX_OPEN = 10_000;

    private static final int MAX_WAITING_ENTRIES = 10_000;

    /// Jobs that one line of the process' log names.
    private static final int MAX_NAMED = 20;

    private static final List<String> STANDING = List.of("startCharging", "stopCharging");
    private static final System.Logger LOG = System.getLogger(OrderDesk.class.getName());

    /// What was decided.
    public sealed interface Outcome {
        /// The job may be given to the fleet, in this form: restricted zones that it may enter are in it.
        record Permitted(Job job, long entry) implements Outcome {}

        /// It may not.
        ///
        /// @param needsApproval whether a second person's word is all that is missing
        record Denied(long entry, Cause reason, boolean needsApproval) implements Outcome {}
    }

    /// What a job was before it was a plan.
    ///
    /// @param asked the entry of the words, if words were said
    /// @param rehearsed what the dry run said: `clean`, or why there was none
    public record Origin(Optional<Long> asked, String rehearsed) {}

    private static final class Open {
        final Warrant warrant;
        final Instant until;
        final String vehicle;
        final long entry;
        final JobFile file;

        @Nullable
        String sentTo;

        @Nullable
        String before;

        /// States for which the file had no room.
        int unkept;

        Open(Warrant warrant, Instant until, String vehicle, long entry, JobFile file) {
            this.warrant = warrant;
            this.until = until;
            this.vehicle = vehicle;
            this.entry = entry;
            this.file = file;
        }
    }

    private record Standing(Warrant warrant, Instant until) {}

    private final RobotRules rules;
    private final RoadMap map;
    private final EntryBook book;
    private final Bus bus;
    private final Function<String, Address> addresses;
    private final Timeline timeline;
    private final ZoneId zone;
    private final JobFolder folder;
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private final Map<String, Standing> standing = new ConcurrentHashMap<>();
    private final ExecutorService scribe = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING_ENTRIES),
            Thread.ofPlatform().name("robots-scribe").factory());

    /// Ends what an earlier desk left open in `folder` ([Leftovers]).
    ///
    /// @param addresses of vehicles, by serial number
    /// @param zone the building's clock
    /// @param folder for the files of jobs; made if it is not there
    /// @throws IOException when neither folder nor ledger can be written
    public OrderDesk(
            RobotRules rules,
            RoadMap map,
            EntryBook book,
            Bus bus,
            Function<String, Address> addresses,
            Timeline timeline,
            ZoneId zone,
            JobFolder folder)
            throws IOException {
        this.rules = rules;
        this.map = map;
        this.book = book;
        this.bus = bus;
        this.addresses = addresses;
        this.timeline = timeline;
        this.zone = zone;
        this.folder = folder;
        Files.createDirectories(folder.path());
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx------"));
        report(Leftovers.end(folder, book, now()));
    }

    private void report(Leftovers.Result leftovers) {
        int count = leftovers.ended().size();
        if (count > 0)
            LOG.log(
                    Level.WARNING,
                    count + " jobs were open when fleet control ended, and are on record as ended: "
                            + String.join(", ", leftovers.ended().subList(0, Math.min(count, MAX_NAMED)))
                            + (count > MAX_NAMED ? ", …" : ""));
        if (leftovers.left())
            LOG.log(
                    Level.WARNING,
                    folder.path() + ": not all open jobs were looked at; start again to end more of them, and move the"
                            + " files of old jobs elsewhere if there are more than " + Leftovers.MAX_JOBS);
    }

    /// Words that were said, before anything is decided: the entry has a commitment, the words stay in the folder, to
    /// be erased when somebody wants that.
    ///
    /// @param mission that they belong to; answers to questions have the same
    /// @param person who said them, or whom they are about, as requests name it; empty for nobody
    /// @param parser what understood them: `rules`, `chat`, or `none` where nobody was asked
    /// @param receipt of the model's answer, if one was asked
    /// @return the entry's index
    public long ask(String mission, String person, Words words, String actor, String parser, Optional<String> receipt)
            throws IOException {
        String saying = mission;
        for (int turn = 2; Files.exists(folder.words(saying)); turn++) saying = mission + "-" + turn;
        folder.keep(saying, person, words);
        var entry = new HashMap<String, @Nullable Object>();
        entry.put("type", "robot-asked");
        entry.put("mission", saying);
        entry.put("words", words.commitment());
        entry.put("actor", actor);
        entry.put("parser", parser);
        entry.put("receipt", receipt.orElse(null));
        entry.put("time", now().toString());
        return book.append(CanonicalJson.bytes(entry));
    }

    /// Decides about `job` and records it; what is permitted can be shown to a vehicle from now on.
    ///
    /// @throws IOException when the ledger cannot be written or published; then nothing is permitted
    /// @throws IllegalArgumentException if the job names a place that is not there, or its id was used before
    public Outcome permit(Job job, Actor actor, Origin origin) throws IOException {
        if (job.id().startsWith(HOUSE) || !JobFolder.isId(job.id()))
            throw new IllegalArgumentException("a job's id is 1 to 64 of A-Z a-z 0-9 . _ -, is " + job.id());
        if (open.size() >= MAX_OPEN)
            throw new IllegalStateException(open.size() + " jobs are open, the limit is " + MAX_OPEN);
        if (Files.exists(folder.messages(job.id())) || Files.exists(folder.warrant(job.id())))
            throw new IllegalArgumentException("there was a job " + job.id() + " before");
        var now = now();
        var verdict = rules.decide(actor, job, map, now.atZone(zone).toLocalTime());
        var permitted = job.withPermissions(verdict.permissions());
        byte[] plan = JobText.bytes(permitted);
        var until = now.plus(VALID);
        var entry = new HashMap<String, @Nullable Object>();
        entry.put("type", "robot-decided");
        entry.put("job", job.id());
        entry.put("of", origin.asked().orElse(null));
        entry.put("actor", actor.name());
        entry.put("role", actor.role());
        entry.put("approver", actor.approver().orElse(null));
        entry.put("verdict", verdict.permitted() ? "permit" : "deny");
        entry.put("rule", verdict.rules());
        entry.put("rules", rules.digest());
        entry.put("plan", JobText.digest(plan));
        entry.put("permissions", verdict.permissions());
        entry.put("vehicle", job.vehicle().orElse(ANY));
        entry.put("rehearsed", origin.rehearsed());
        entry.put("time", now.toString());
        entry.put("until", until.toString());
        byte[] decided = CanonicalJson.bytes(entry);
        long index = book.append(decided);
        if (!verdict.permitted())
            return new Outcome.Denied(index, verdict.reason().orElseThrow(), verdict.needsApproval());

        String text = new String(decided, StandardCharsets.UTF_8);
        var warrant = new Warrant(text, new String(plan, StandardCharsets.UTF_8), book.prove(index));
        AtomicFile.write(folder.warrant(job.id()), warrant.bytes());
        var file = new JobFile(folder.messages(job.id()), text);
        open.put(job.id(), new Open(warrant, until, job.vehicle().orElse(ANY), index, file));
        return new Outcome.Permitted(permitted, index);
    }

    /// The restricted zones that the rules would open to `job`, if a second person agreed where one is wanted; none
    /// where they deny it anyhow.
    ///
    /// @throws IllegalArgumentException if the job names a place that is not there
    public List<String> permissions(Job job, Actor actor) {
        var both = new Actor(actor.name(), actor.role(), Optional.of("somebody else than " + actor.name()));
        return rules.decide(both, job, map, now().atZone(zone).toLocalTime()).permissions();
    }

    /// Lets `vehicle` park, charge and give way for a day; to be called again before that is over.
    public void enrol(String vehicle) throws IOException {
        var now = now();
        var until = now.plus(VALID);
        byte[] entry = CanonicalJson.bytes(Map.of(
                "type",
                "robot-standing",
                "vehicle",
                vehicle,
                "actions",
                STANDING,
                "time",
                now.toString(),
                "until",
                until.toString()));
        long index = book.append(entry);
        var warrant = new Warrant(new String(entry, StandardCharsets.UTF_8), "", book.prove(index));
        standing.put(vehicle, new Standing(warrant, until));
        var topic = Warrant.topic(addresses.apply(vehicle));
        timeline.post(() -> bus.publish(Bus.Message.retained(topic, warrant.bytes())));
    }

    @Override
    public Optional<String> clear(Job job, String vehicle) {
        if (job.id().startsWith(HOUSE)) {
            var permit = standing.get(vehicle);
            if (permit == null) return Optional.of(vehicle + " is not enrolled");
            return timeline.instant().isBefore(permit.until())
                    ? Optional.empty()
                    : Optional.of("the standing permission of " + vehicle + " ended at " + permit.until());
        }
        var decided = open.get(job.id());
        if (decided == null) return Optional.of("nothing was decided about " + job.id());
        if (!decided.vehicle.equals(ANY) && !decided.vehicle.equals(vehicle))
            return Optional.of(job.id() + " is for " + decided.vehicle);
        return timeline.instant().isBefore(decided.until)
                ? Optional.empty()
                : Optional.of("the decision about " + job.id() + " ended at " + decided.until);
    }

    /// Puts the order on record, then sends it, with its warrant where it is the first.
    ///
    /// @throws IllegalStateException if it was not cleared, or its job's file has no room for what would follow
    @Override
    public void send(String job, Order order) {
        if (!order.orderId().equals(job) && !order.orderId().startsWith(job + PART))
            throw new IllegalStateException("order " + order.orderId() + " is no order of job " + job);
        var vehicle = order.header().serialNumber();
        var address = addresses.apply(vehicle);
        byte[] payload = new Codec(address.version()).write(order);
        String topic = address.topic(Topic.ORDER);
        Warrant warrant;
        if (job.startsWith(HOUSE)) {
            var permit = standing.get(vehicle);
            if (permit == null) throw new IllegalStateException(vehicle + " is not enrolled");
            warrant = permit.warrant();
        } else {
            warrant = keep(job, "order " + order.orderId(), vehicle, topic, payload);
        }
        // Updates need no second copy: whoever took the first has it. An order that is sent again brings it again.
        if (order.orderUpdateId() == 0)
            bus.publish(new Bus.Message(Warrant.topic(address), warrant.bytes(), true, false));
        bus.publish(Bus.Message.once(topic, payload));
    }

    /// Puts them on record, then sends them, with their warrant.
    ///
    /// @throws IllegalStateException if nothing was decided, or the job's file has no room for what would follow
    @Override
    public void send(String job, InstantActions actions) {
        var address = addresses.apply(actions.header().serialNumber());
        byte[] payload = new Codec(address.version()).write(actions);
        String topic = address.topic(Topic.INSTANT_ACTIONS);
        var warrant = keep(job, "what is to be done at once", address.serialNumber(), topic, payload);
        bus.publish(new Bus.Message(Warrant.topic(address), warrant.bytes(), true, false));
        bus.publish(Bus.Message.once(topic, payload));
    }

    private Warrant keep(String job, String what, String vehicle, String topic, byte[] payload) {
        var decided = open.get(job);
        if (decided == null) throw new IllegalStateException("nothing was decided about " + job);
        if (!decided.file.takesOrders() || !write(job, decided, topic, payload))
            throw noRoom(job, what, vehicle, decided.file);
        decided.sentTo = vehicle;
        return decided.warrant;
    }

    private IllegalStateException noRoom(String job, String what, String vehicle, JobFile file) {
        return new IllegalStateException(("%s was not sent to %s: the file of job %s in %s has %d lines and %d"
                        + " bytes, and takes no order after %d lines or %d bytes; cancel the job and have the rest"
                        + " done as another")
                .formatted(
                        what,
                        vehicle,
                        job,
                        folder.path(),
                        file.lines(),
                        file.size(),
                        JobFile.MAX_LINES_BEFORE_ORDER,
                        JobFile.MAX_BYTES_BEFORE_ORDER));
    }

    /// A state of `vehicle` as it came, which is about the order `orderId`; kept where it says something new.
    ///
    /// @param gist what of it counts: two states with the same gist are kept once
    public void saw(String orderId, String topic, byte[] payload, String gist) {
        int part = orderId.indexOf(PART);
        String job = part < 0 ? orderId : orderId.substring(0, part);
        var decided = open.get(job);
        if (decided == null || gist.equals(decided.before)) return;
        decided.before = gist;
        if (!write(job, decided, topic, payload)) decided.unkept++;
    }

    private boolean write(String job, Open decided, String topic, byte[] payload) {
        try {
            return decided.file.add(timeline.instant(), topic, new String(payload, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the file of job " + job + " cannot be written", e);
        }
    }

    /// The job is over: `done`, or why not. How many states its file had no room for becomes part of that.
    public void finished(String job, String outcome) {
        var decided = open.remove(job);
        if (decided == null) return;
        var ended = new Ended(
                job,
                Optional.of(decided.entry),
                Optional.ofNullable(decided.sentTo),
                decided.unkept == 0 ? outcome : outcome + "; its file had no room for " + decided.unkept + " states",
                decided.file.lines(),
                decided.file.chain(),
                now());
        later(() -> {
            decided.file.close();
            ended.write(folder, book);
        });
    }

    /// How `job` ended, now or in an earlier life of fleet control; empty if it did not, or nothing is known of it.
    public Optional<Ended> ended(String job) throws IOException {
        return Ended.find(folder, job);
    }

    /// The words that `job` began with; empty if there were none, or nobody can read them any more.
    public Optional<String> said(String job) throws IOException {
        try {
            if (folder.said(job) instanceof Said.Open(Words words)) return Optional.of(words.text());
            return Optional.empty();
        } catch (VerificationException e) {
            return Optional.empty();
        }
    }

    /// Somebody stopped `what`; recorded after the fact, for a stop waits for nothing.
    public void stopped(String actor, String what, int vehicles) {
        byte[] entry = CanonicalJson.bytes(Map.of(
                "type", "robot-stopped",
                "actor", actor,
                "what", what,
                "vehicles", vehicles,
                "time", now().toString()));
        later(() -> book.append(entry));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void later(Work work) {
        try {
            scribe.execute(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    LOG.log(Level.ERROR, "an entry about robots was not written", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.log(Level.ERROR, "more than " + MAX_WAITING_ENTRIES + " entries about robots wait; one was lost", e);
        }
    }

    private Instant now() {
        return timeline.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    }

    /// Waits until all that is due is written. Jobs that are under way get their last entry from the next desk: nobody
    /// knows yet what comes of them.
    @Override
    public void close() {
        scribe.close();
        for (var decided : open.values()) {
            try {
                decided.file.close();
            } catch (IOException e) {
                LOG.log(Level.ERROR, "the messages of a job are not on disk", e);
            }
        }
    }
}
