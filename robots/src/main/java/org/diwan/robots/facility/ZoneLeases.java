package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.diwan.robots.building.Building;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Leases.Standing;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Header;
import org.diwan.robots.vda5050.Inbox;
import org.diwan.robots.vda5050.MalformedException;
import org.diwan.robots.vda5050.Responses;
import org.diwan.robots.vda5050.Responses.GrantType;
import org.diwan.robots.vda5050.Responses.Response;
import org.diwan.robots.vda5050.State;
import org.diwan.robots.vda5050.State.RequestStatus;
import org.diwan.robots.vda5050.State.Use;
import org.diwan.robots.vda5050.State.ZoneRequest;
import org.diwan.robots.vda5050.State.ZoneRequestType;
import org.diwan.robots.vda5050.Topic;
import org.diwan.robots.vda5050.Version;
import org.diwan.robots.vda5050.ZoneSet;
import org.jspecify.annotations.Nullable;

/// Answers the zone requests of vehicles of VDA 5050 3.0 (§6.4.3, §6.9) from a [FacilityDesk], and gives them the
/// zone sets of the floors that they are on or have maps of.
///
/// A request is QUEUED until the desk grants it, GRANTED with a `leaseExpiry` that is renewed while the vehicle's
/// states come in, REVOKED when the lift or door fails; REJECTED where the zone set is not ours, the zone is none, or
/// the desk is full. The desk gets it back once the request has left the vehicle's state and the vehicle stands
/// outside the zone, for what leaves a state in a lift is still in the lift. The holder's name is the serial number.
/// Called on the timeline's thread.
public final class ZoneLeases {
    /// Vehicles that are remembered; more are not answered.
    public static final int MAX_VEHICLES = 10_000;

    /// Requests of one vehicle at once; more are not answered.
    public static final int MAX_REQUESTS = 64;

    /// How often the same is said again to a vehicle that does not seem to have heard it.
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private static final Duration ZONE_SET_AGAIN = Duration.ofSeconds(10);

    /// What a vehicle was told about a request.
    private static final class Answer {
        private final String facility;
        private @Nullable GrantType said;
        private Instant when;
        private Instant expiry = Instant.EPOCH;

        Answer(String facility, Instant now) {
            this.facility = facility;
            when = now;
        }
    }

    private static final class Vehicle {
        private final Address address;
        private final Inbox inbox;
        private final Map<String, Answer> answers = new LinkedHashMap<>();
        private final Map<String, Instant> zoneSets = new HashMap<>();
        private @Nullable State state;
        private long responses;
        private long sets;

        Vehicle(Address address) {
            this.address = address;
            inbox = new Inbox(address.version(), address.manufacturer(), address.serialNumber(), Duration.ofDays(1));
        }
    }

    private final FacilityDesk desk;
    private final Bus bus;
    private final Timeline timeline;
    private final ZoneMaps maps;
    private final BiConsumer<Address, String> enable;
    private final Codec codec = new Codec(Version.V3_0);
    private final Map<Address, Vehicle> vehicles = new LinkedHashMap<>();

    /// Answers from now on.
    ///
    /// @param enable has fleet control send `enableZoneSet` for the zone set of that name; called again until the
    ///     vehicle says that it is enabled
    public ZoneLeases(
            Building building, FacilityDesk desk, Bus bus, Timeline timeline, BiConsumer<Address, String> enable) {
        this.desk = desk;
        this.bus = bus;
        this.timeline = timeline;
        this.enable = enable;
        maps = new ZoneMaps(building);
        bus.subscribe("+/v3/+/+/state", this::on);
        desk.listen(() -> vehicles.values().forEach(this::answer));
        timeline.every(AGAIN, () -> vehicles.values().forEach(this::answer));
    }

    private void on(String topic, byte[] payload) {
        String[] levels = topic.split("/", -1);
        var address = new Address(levels[0], Version.V3_0, levels[2], levels[3]);
        var vehicle = vehicles.get(address);
        if (vehicle == null && vehicles.size() == MAX_VEHICLES) return;
        State state;
        try {
            state = (State) codec.read(Topic.STATE, payload);
        } catch (MalformedException e) {
            return;
        }
        if (vehicle == null) {
            vehicle = new Vehicle(address);
            vehicles.put(address, vehicle);
        }
        if (!(vehicle.inbox.judge(state.header(), timeline.instant()) instanceof Inbox.Fresh)) return;
        vehicle.state = state;
        zoneSets(vehicle, state);
        for (var request : state.zoneRequests()) take(vehicle, request);
        giveBack(vehicle, state);
        answer(vehicle);
    }

    // --- requests ------------------------------------------------------------------------------------

    private void take(Vehicle vehicle, ZoneRequest request) {
        if (vehicle.answers.containsKey(request.requestId()) || vehicle.answers.size() >= MAX_REQUESTS) return;
        var answer = new Answer(request.zoneId(), timeline.instant());
        vehicle.answers.put(request.requestId(), answer);
        String holder = vehicle.address.serialNumber();
        var set = maps.set(request.zoneSetId());
        boolean known = set.isPresent()
                && request.requestType() == ZoneRequestType.ACCESS
                && set.get().zones().stream()
                        .anyMatch(zone ->
                                zone.zoneId().equals(request.zoneId()) && zone.rule() instanceof ZoneSet.Release);
        if (!known) {
            say(vehicle, request.requestId(), answer, GrantType.REJECTED);
            return;
        }
        // Where fleet control has asked for it already, or asks to be carried, that stands.
        if (desk.standing(request.zoneId(), holder) != Standing.NONE) return;
        try {
            desk.request(request.zoneId(), holder, set.get().floor());
        } catch (IllegalArgumentException e) {
            say(vehicle, request.requestId(), answer, GrantType.REJECTED);
        }
    }

    private void giveBack(Vehicle vehicle, State state) {
        var asked = state.zoneRequests().stream().map(ZoneRequest::requestId).toList();
        var facilities = state.zoneRequests().stream().map(ZoneRequest::zoneId).toList();
        var gone = new ArrayList<String>();
        vehicle.answers.forEach((id, answer) -> {
            if (asked.contains(id)) return;
            var position = state.mobileRobotPosition();
            boolean outside = position != null && !maps.isWithin(position, answer.facility);
            if (answer.said != GrantType.REJECTED && !outside) return;
            gone.add(id);
            if (answer.said != GrantType.REJECTED && !facilities.contains(answer.facility))
                desk.release(answer.facility, vehicle.address.serialNumber());
        });
        gone.forEach(vehicle.answers::remove);
    }

    private void answer(Vehicle vehicle) {
        var state = vehicle.state;
        if (state == null) return;
        for (var request : state.zoneRequests()) {
            var answer = vehicle.answers.get(request.requestId());
            if (answer == null) continue;
            var type = now(vehicle, answer);
            if (type != answer.said || isToBeSaidAgain(answer, request, vehicle))
                say(vehicle, request.requestId(), answer, type);
        }
    }

    /// A request that was revoked, rejected or has expired stays so: the vehicle has to make another.
    private GrantType now(Vehicle vehicle, Answer answer) {
        if (answer.said == GrantType.REJECTED || answer.said == GrantType.REVOKED) return answer.said;
        String holder = vehicle.address.serialNumber();
        var standing = desk.standing(answer.facility, holder);
        boolean granted = desk.holds(answer.facility, holder)
                && standing != Standing.REFUSED
                && (standing == Standing.GRANTED || answer.said == GrantType.GRANTED);
        if (granted) return GrantType.GRANTED;
        return answer.said == GrantType.GRANTED ? GrantType.REVOKED : GrantType.QUEUED;
    }

    private boolean isToBeSaidAgain(Answer answer, ZoneRequest request, Vehicle vehicle) {
        if (timeline.instant().isBefore(answer.when.plus(AGAIN)) || answer.said == null) return false;
        return switch (answer.said) {
            case QUEUED -> false;
            case REJECTED -> request.requestStatus() == RequestStatus.REQUESTED;
            case REVOKED -> request.requestStatus() == RequestStatus.GRANTED;
            case GRANTED -> {
                var now = timeline.instant();
                var expiry = expiry(vehicle, answer);
                // Renewed when half of it is over.
                boolean stale =
                        Duration.between(now, answer.expiry).multipliedBy(2).compareTo(Duration.between(now, expiry))
                                < 0;
                yield request.requestStatus() == RequestStatus.REQUESTED || stale;
            }
        };
    }

    private Instant expiry(Vehicle vehicle, Answer answer) {
        return desk.expiry(answer.facility, vehicle.address.serialNumber()).orElse(timeline.instant());
    }

    private void say(Vehicle vehicle, String request, Answer answer, GrantType type) {
        answer.said = type;
        answer.when = timeline.instant();
        if (type == GrantType.GRANTED) answer.expiry = expiry(vehicle, answer);
        var response = new Response(request, type, type == GrantType.GRANTED ? answer.expiry : null);
        var header = header(vehicle, vehicle.responses++);
        send(vehicle, Topic.RESPONSES, codec.write(new Responses(header, List.of(response))));
    }

    // --- zone sets -----------------------------------------------------------------------------------

    private void zoneSets(Vehicle vehicle, State state) {
        var floors =
                new ArrayList<>(state.maps().stream().map(State.MapEntry::mapId).toList());
        Optional.ofNullable(state.mobileRobotPosition()).ifPresent(position -> floors.add(position.mapId()));
        for (String floor : floors) {
            var set = maps.floor(floor);
            if (set.isEmpty()) continue;
            var use = state.zoneSets().stream()
                    .filter(entry -> entry.zoneSetId().equals(set.get().id()))
                    .map(State.ZoneSetEntry::zoneSetStatus)
                    .findFirst();
            if (use.equals(Optional.of(Use.ENABLED))) continue;
            var now = timeline.instant();
            var last = vehicle.zoneSets.get(floor);
            if (last != null && now.isBefore(last.plus(ZONE_SET_AGAIN))) continue;
            vehicle.zoneSets.put(floor, now);
            if (use.isPresent()) enable.accept(vehicle.address, set.get().id());
            else
                send(
                        vehicle,
                        Topic.ZONE_SET,
                        codec.write(new ZoneSet(
                                header(vehicle, vehicle.sets++),
                                floor,
                                set.get().id(),
                                null,
                                set.get().zones())));
        }
    }

    private Header header(Vehicle vehicle, long number) {
        return new Header(
                number & 0xffff_ffffL,
                timeline.instant(),
                Version.V3_0.text(),
                vehicle.address.manufacturer(),
                vehicle.address.serialNumber());
    }

    private void send(Vehicle vehicle, Topic topic, byte[] payload) {
        bus.publish(Message.once(vehicle.address.topic(topic), payload));
    }
}
