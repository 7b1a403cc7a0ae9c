package org.diwan.robots.control;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.robots.Cause;
import org.diwan.robots.building.Building.Zone;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.building.View;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.FacilityDesk;
import org.diwan.robots.fleet.Fleet;
import org.diwan.robots.fleet.FleetView;
import org.diwan.robots.fleet.FleetView.JobView;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Placement;
import org.diwan.robots.record.EntryBook;
import org.diwan.robots.record.JobFolder;
import org.diwan.robots.record.OrderDesk;
import org.diwan.robots.record.OrderDesk.Origin;
import org.diwan.robots.record.OrderDesk.Outcome;
import org.diwan.robots.record.RobotRules;
import org.diwan.robots.record.RobotRules.Actor;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.PredefinedAction;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.Version;

/// One building's vehicles, lifts and doors, and the records of what they do, around one bus.
/// Any thread may call it; what concerns the fleet is done on the timeline's thread.
public final class Control implements AutoCloseable {
    /// How long a caller waits for the timeline's thread.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Dry runs at once: each plays a whole fleet, on one core.
    private static final int MAX_DRY_RUNS = 2;

    /// Callers who wait for one.
    private static final int MAX_WAITING_RUNS = 32;

    private static final System.Logger LOG = System.getLogger(Control.class.getName());

    /// What became of a job that somebody wanted done.
    public sealed interface Result {
        /// The fleet has it.
        ///
        /// @param entry the decision's index in the ledger
        /// @param rehearsed what the dry run said, where there was one
        record Taken(String job, long entry, Optional<DryRun.Result> rehearsed) implements Result {}

        /// The dry run did not go well; nothing was decided.
        record Infeasible(Cause fault) implements Result {}

        /// The rules say no.
        record Denied(String job, long entry, Cause reason, boolean needsApproval) implements Result {}
    }

    /// Jobs that wait for a second person; the oldest are forgotten.
    private static final int MAX_WAITING = 1_000;

    /// What [Placement]s are called, by version.
    private static final Set<String> PLACING = Arrays.stream(Version.values())
            .map(PredefinedAction.INITIALIZE_POSITION::type)
            .collect(Collectors.toUnmodifiableSet());

    private record Waiting(Job job, Actor actor, Origin origin) {}

    private final Map<String, Waiting> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Waiting> eldest) {
            return size() > MAX_WAITING;
        }
    };

    private final Timeline timeline;
    private final RoadMap map;
    private final RobotRules rules;
    private final DryRun dryRun;
    private final Semaphore running = new Semaphore(MAX_DRY_RUNS, true);
    private final OrderDesk desk;
    private final FacilityDesk facilities;
    private final Fleet fleet;
    private final Sight sight;
    private final Map<String, Address> vehicles = new HashMap<>();

    /// @param vehicles that are taken in, and no others
    /// @param zone the building's clock
    /// @param folder for what is kept of jobs
    public Control(
            Bus bus,
            Timeline timeline,
            RoadMap map,
            RobotRules rules,
            EntryBook book,
            List<Address> vehicles,
            ZoneId zone,
            JobFolder folder)
            throws IOException {
        this.timeline = timeline;
        this.map = map;
        this.rules = rules;
        for (var address : vehicles)
            if (this.vehicles.put(address.serialNumber(), address) != null)
                throw new IllegalArgumentException("two vehicles have the serial number " + address.serialNumber());
        dryRun = new DryRun(map, 1);
        desk = new OrderDesk(rules, map, book, bus, this::address, timeline, zone, folder);
        // A vehicle is in the fleet once it has leave to move.
        for (var address : vehicles) desk.enrol(address.serialNumber());
        sight = call(() -> new Sight(map.building(), vehicles, bus, this::saw));
        facilities = call(() -> new FacilityDesk(map.building(), bus, timeline));
        fleet = call(() -> {
            var made = new Fleet(bus, timeline, map, facilities, desk, this::changed, 1);
            vehicles.forEach(made::enrol);
            return made;
        });
        timeline.every(OrderDesk.VALID.dividedBy(2), () -> Thread.ofVirtual().start(this::renew));
    }

    private Address address(String serial) {
        var address = vehicles.get(serial);
        if (address == null) throw new IllegalArgumentException("no vehicle " + serial);
        return address;
    }

    private void renew() {
        for (String serial : vehicles.keySet()) {
            try {
                desk.enrol(serial);
            } catch (IOException e) {
                LOG.log(Level.ERROR, "the standing permission of " + serial + " was not renewed", e);
            }
        }
    }

    /// What a vehicle reports of its orders goes on record where it says something new.
    private void saw(State state, String topic, byte[] payload) {
        desk.saw(state.orderId(), topic, payload, gist(state));
        Stream.concat(state.instantActionStates().stream(), state.actionStates().stream())
                .filter(action -> PLACING.contains(String.valueOf(action.actionType())))
                .forEach(action -> Placement.job(action.actionId())
                        .ifPresent(job -> desk.saw(job, topic, payload, state.lastNodeId() + action.actionStatus())));
    }

    private static String gist(State state) {
        return state.lastNodeId() + state.lastNodeSequenceId() + state.actionStates() + state.errors();
    }

    private void changed(JobView view) {
        if (view.status().isOver())
            desk.finished(
                    view.id(),
                    view.status().name().toLowerCase(Locale.ROOT)
                            + view.reason().map(reason -> ": " + reason.text()).orElse(""));
    }

    /// The map.
    public RoadMap map() {
        return map;
    }

    /// The desk, for what is asked in words.
    OrderDesk desk() {
        return desk;
    }

    /// What would happen if `job` were done from now on.
    ///
    /// @throws Refusal when too many ask at once
    DryRun.Result rehearse(Job job) throws IOException {
        if (running.getQueueLength() >= MAX_WAITING_RUNS)
            throw new Refusal(429, "", MAX_WAITING_RUNS + " jobs wait for a dry run; try again later.");
        running.acquireUninterruptibly();
        try {
            return dryRun.play(job, call(this::scene));
        } finally {
            running.release();
        }
    }

    private Scene scene() {
        var cabins = new HashMap<String, FacilityDesk.Cabin>();
        for (var lift : map.building().lifts())
            facilities.cabin(lift.id()).ifPresent(cabin -> cabins.put(lift.id(), cabin));
        var broken = new HashSet<String>();
        for (String facility : facilities.facilities())
            if (facilities.fault(facility).isPresent()) broken.add(facility);
        return new Scene(fleet.snapshot(), cabins, broken);
    }

    /// The restricted zones that somebody of this role may ever have opened.
    Set<String> openable(String role) {
        var zones = new HashSet<String>();
        var named = rules.openable(role);
        for (var zone : map.building().zones())
            if (zone.kind() == Zone.Kind.RESTRICTED && named.contains(zone.id())) zones.add(zone.id());
        return zones;
    }

    /// Has `job` done, if it would go well and the rules permit it.
    ///
    /// @throws IllegalArgumentException if it names a place that is not there, or its id was used
    /// @throws IOException if nothing can be recorded; then nothing is done
    public Result order(Job job, Actor actor) throws IOException {
        for (var stop : job.stops()) map.vertex(stop.place());
        var rehearsed = rehearse(job.withPermissions(desk.permissions(job, actor)));
        if (rehearsed.fault().isPresent())
            return new Result.Infeasible(rehearsed.fault().get());
        return switch (decide(job, actor, new Origin(Optional.empty(), "clean"))) {
            case Result.Taken taken -> new Result.Taken(taken.job(), taken.entry(), Optional.of(rehearsed));
            case Result.Infeasible infeasible -> infeasible;
            case Result.Denied denied -> denied;
        };
    }

    /// Has a vehicle told where it is, as a [Placement] says, if nothing speaks against it and the rules permit it.
    ///
    /// @throws IllegalArgumentException if there is no such vehicle
    /// @throws IOException if nothing can be recorded; then nothing is said
    public Result locate(Job placement, Actor actor) throws IOException {
        var obstacle = call(() -> fleet.obstacle(placement));
        if (obstacle.isPresent()) return new Result.Infeasible(Cause.of(Cause.Kind.MISPLACED, obstacle.get()));
        return decide(placement, actor, new Origin(Optional.empty(), "not rehearsed"));
    }

    /// Has `job` done, if the rules permit it; whoever calls has seen to a rehearsal.
    Result decide(Job job, Actor actor, Origin origin) throws IOException {
        return switch (desk.permit(job, actor, origin)) {
            case Outcome.Permitted(Job permitted, long entry) -> {
                call(() -> {
                    if (Placement.is(permitted)) fleet.locate(permitted);
                    else fleet.submit(permitted);
                    return permitted;
                });
                yield new Result.Taken(job.id(), entry, Optional.empty());
            }
            case Outcome.Denied(long entry, Cause reason, boolean needsApproval) -> {
                if (needsApproval) {
                    synchronized (waiting) {
                        waiting.put(job.id(), new Waiting(job, actor, origin));
                    }
                }
                yield new Result.Denied(job.id(), entry, reason, needsApproval);
            }
        };
    }

    /// A second person agrees to a job that waits for one; decided again, and put on record with both names.
    ///
    /// @param key of one of the rules' approvers
    /// @return empty if no job of that id waits, or it is nobody's key
    public Optional<Result> approve(String job, String key) throws IOException {
        var approver = rules.approver(key);
        if (approver.isEmpty()) return Optional.empty();
        Waiting decided;
        synchronized (waiting) {
            decided = waiting.remove(job);
        }
        if (decided == null) return Optional.empty();
        var both = new Actor(decided.actor().name(), decided.actor().role(), approver);
        return Optional.of(decide(decided.job(), both, decided.origin()));
    }

    /// Calls a job off; false if it is not known or over.
    public boolean cancel(String job) throws IOException {
        return call(() -> fleet.cancel(job));
    }

    /// Stops every vehicle, or those in or near a zone or on a floor, before anything else; recorded afterwards.
    ///
    /// @return the serial numbers of those that were told
    /// @throws IllegalArgumentException if there is no such zone or floor
    public List<String> stop(String actor, Optional<String> zone) {
        var stopped = zone.map(fleet::stop).orElseGet(fleet::stop);
        desk.stopped(actor, zone.orElse("everything"), stopped.size());
        return stopped;
    }

    /// Lets go on what was stopped.
    public void resume(Optional<String> zone) throws IOException {
        call(() -> {
            fleet.resume(zone.orElse("everything"));
            return true;
        });
    }

    /// The fleet as it is now.
    public FleetView view() throws IOException {
        return call(fleet::view);
    }

    /// What can be seen of it now.
    public View look() throws IOException {
        return call(() -> sight.view(fleet.view(), timeline.instant()));
    }

    /// The time that it lives in.
    public Instant now() {
        return timeline.instant();
    }

    private <T> T call(Supplier<T> work) throws IOException {
        var done = new CompletableFuture<T>();
        timeline.post(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException why) throw why;
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("fleet control did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fleet control was asked", e);
        }
    }

    @Override
    public void close() {
        desk.close();
    }
}
