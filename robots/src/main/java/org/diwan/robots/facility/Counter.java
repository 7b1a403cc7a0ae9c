package org.diwan.robots.facility;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.diwan.robots.bus.Timeline;
import org.diwan.robots.facility.Leases.Standing;
import org.jspecify.annotations.Nullable;

/// The queue before one device, and who is served.
///
/// INVARIANT: at most one claim is served; only that one is ever GRANTED, and only while its holder is alive, the
/// device says that it is ready for it, and nothing is wrong with the device. Who was granted once is served until
/// it is released: it may be within.
final class Counter {
    /// Most claims at one facility.
    static final int MAX_CLAIMS = 10_000;

    private final String id;
    private final Device device;
    private final Timeline timeline;
    private final Times times;

    /// The longest waiting first.
    private final Map<String, Claim> claims = new LinkedHashMap<>();

    private @Nullable Claim served;

    Counter(String id, Device device, Timeline timeline, Times times) {
        this.id = id;
        this.device = device;
        this.timeline = timeline;
        this.times = times;
    }

    Device device() {
        return device;
    }

    void request(String holder, String floor) {
        var claim = claims.get(holder);
        if (claim == null) {
            if (claims.size() == MAX_CLAIMS)
                throw new IllegalArgumentException(id + " is asked for by " + MAX_CLAIMS + " holders, the limit");
            claim = new Claim(holder, floor, timeline.instant());
            claims.put(holder, claim);
        }
        claim.floor = floor;
        claim.alive = timeline.instant();
    }

    void release(String holder) {
        var claim = claims.remove(holder);
        if (claim != null && claim == served) served = null;
    }

    void alive(String holder) {
        var claim = claims.get(holder);
        if (claim != null) claim.alive = timeline.instant();
    }

    Standing standing(String holder) {
        var claim = claims.get(holder);
        if (claim == null) return Standing.NONE;
        if (refusal(claim).isPresent()) return Standing.REFUSED;
        return claim == served && device.ready() ? Standing.GRANTED : Standing.QUEUED;
    }

    Optional<String> why(String holder) {
        return Optional.ofNullable(claims.get(holder)).flatMap(this::refusal);
    }

    private Optional<String> refusal(Claim claim) {
        var fault = device.fault();
        if (fault.isPresent()) return fault.map(what -> id + " " + what);
        var now = timeline.instant();
        if (now.isAfter(expiry(claim)))
            return Optional.of("nothing was heard of " + claim.holder + " since " + claim.alive);
        if (served != null && served != claim && now.isAfter(expiry(served)))
            return Optional.of(served.holder + " may be within " + id + ", and nothing was heard of it since "
                    + served.alive + "; release it where it is known to be elsewhere");
        return Optional.empty();
    }

    private Instant expiry(Claim claim) {
        return claim.alive.plus(times.lease());
    }

    /// When that holder's lease ends if it says nothing more.
    Optional<Instant> expiry(String holder) {
        return Optional.ofNullable(claims.get(holder)).map(this::expiry);
    }

    /// Whether it has the facility, granted or being carried.
    boolean holds(String holder) {
        return served != null && served.entered && served.holder.equals(holder);
    }

    Optional<String> holder() {
        return Optional.ofNullable(served).map(claim -> claim.holder);
    }

    /// Looks who is to be served now; whether anybody's standing has changed since the last time.
    boolean update() {
        claims.values().removeIf(claim -> !claim.entered && claim != served && isSilent(claim));
        if (served != null && !served.entered && isSilent(served)) {
            claims.remove(served.holder);
            served = null;
        }
        if (served == null && !claims.isEmpty()) served = device.next(List.copyOf(claims.values()));
        device.serve(Optional.ofNullable(served));
        boolean changed = false;
        for (var claim : claims.values()) {
            var standing = standing(claim.holder);
            if (standing == Standing.GRANTED) claim.entered = true;
            changed |= standing != claim.told;
            claim.told = standing;
        }
        return changed;
    }

    private boolean isSilent(Claim claim) {
        return timeline.instant().isAfter(expiry(claim));
    }
}
