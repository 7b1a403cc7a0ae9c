package org.diwan.robots.vda5050;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.diwan.robots.vda5050.State.RequestStatus;
import org.diwan.robots.vda5050.State.ZoneRequest;
import org.diwan.robots.vda5050.State.ZoneRequestType;
import org.jspecify.annotations.Nullable;

/// A vehicle's requests to enter `RELEASE` zones and to take its path through `COORDINATED_REPLANNING` ones (§6.4.3,
/// §6.9).
///
/// ```
/// ask:  REQUESTED ─ GRANTED ─┬─ left ─ gone
///           │ QUEUED: waits   └─ revoked, expired ─┬─ outside: asks anew
///           └ REJECTED: asks anew after a while    └─ inside: lost, stays listed until left or granted anew
/// ```
///
/// A lease is good up to its last millisecond and not a nanosecond longer, by the vehicle's clock. One thread owns it.
public final class ZoneRequests {
    /// Asked for again so long after it was rejected.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final class Request {
        final String id;
        final String zoneSetId;
        final ZoneRequestType type;
        final Order.@Nullable Trajectory trajectory;
        RequestStatus status = RequestStatus.REQUESTED;

        @Nullable
        Instant expiry;

        Request(String id, String zoneSetId, ZoneRequestType type, Order.@Nullable Trajectory trajectory) {
            this.id = id;
            this.zoneSetId = zoneSetId;
            this.type = type;
            this.trajectory = trajectory;
        }

        boolean holds(Instant now) {
            return status == RequestStatus.GRANTED && (expiry == null || !now.isAfter(expiry));
        }
    }

    /// What is known of one zone.
    private static final class Claim {
        @Nullable
        Request lost;

        @Nullable
        Request current;

        @Nullable
        Instant notBefore;

        boolean inside;
    }

    private final Map<String, Claim> claims = new LinkedHashMap<>();
    private long asked;

    /// Sees to it that `zone` is asked for, unless it is granted, asked for, or was rejected a short while ago.
    public void ask(
            String zoneId, String zoneSetId, ZoneRequestType type, Order.@Nullable Trajectory trajectory, Instant now) {
        var claim = claims.computeIfAbsent(zoneId, _ -> new Claim());
        if (claim.current != null) return;
        if (claim.notBefore != null && now.isBefore(claim.notBefore)) return;
        claim.current = new Request("zone-" + asked++, zoneSetId, type, trajectory);
    }

    /// Fleet control's answer.
    ///
    /// @return whether there is such a request
    public boolean answer(Responses.Response response, Instant now) {
        for (var claim : claims.values()) {
            var request = claim.current;
            if (request == null || !request.id.equals(response.requestId())) continue;
            switch (response.grantType()) {
                case GRANTED -> {
                    request.status = RequestStatus.GRANTED;
                    request.expiry = response.leaseExpiry();
                    claim.lost = null;
                }
                case QUEUED -> {}
                case REJECTED, REVOKED -> {
                    if (request.status == RequestStatus.REQUESTED) claim.notBefore = now.plus(PATIENCE);
                    lose(claim, RequestStatus.REVOKED);
                }
            }
            expire(now);
            return true;
        }
        return false;
    }

    /// What has run out is over.
    ///
    /// @return whether anything was
    public boolean expire(Instant now) {
        boolean any = false;
        for (var claim : claims.values()) {
            var request = claim.current;
            if (request == null || request.status != RequestStatus.GRANTED || request.holds(now)) continue;
            lose(claim, RequestStatus.EXPIRED);
            any = true;
        }
        return any;
    }

    private static void lose(Claim claim, RequestStatus how) {
        var request = claim.current;
        if (request == null) return;
        boolean granted = request.status == RequestStatus.GRANTED;
        claim.current = null;
        if (!granted || (!claim.inside && how == RequestStatus.REVOKED)) return;
        request.status = how;
        claim.lost = request;
    }

    /// Whether it may be entered.
    public boolean isGranted(String zoneId, Instant now) {
        var claim = claims.get(zoneId);
        return claim != null && claim.current != null && claim.current.holds(now);
    }

    /// It is entered, or cannot be kept out of any more.
    public void enter(String zoneId) {
        claims.computeIfAbsent(zoneId, _ -> new Claim()).inside = true;
    }

    /// It is left: no longer asked for.
    public void leave(String zoneId) {
        claims.remove(zoneId);
    }

    /// It stands, and is in these alone: what it could not be kept out of it was kept out of.
    public void standOutside(Set<String> inside) {
        claims.forEach((zoneId, claim) -> claim.inside = inside.contains(zoneId));
    }

    /// Forgets what is asked for and not in `needed` or entered.
    public void keep(Set<String> needed) {
        claims.entrySet().removeIf(entry -> !entry.getValue().inside && !needed.contains(entry.getKey()));
    }

    /// When, from `now` on, the next lease runs out or something may be asked for again. What may be already waits for
    /// nothing.
    public Optional<Instant> next(Instant now) {
        Instant next = null;
        for (var claim : claims.values()) {
            var request = claim.current;
            var at = request != null && request.status == RequestStatus.GRANTED ? request.expiry : null;
            if (request == null && claim.notBefore != null && now.isBefore(claim.notBefore)) at = claim.notBefore;
            if (at != null && (next == null || at.isBefore(next))) next = at;
        }
        return Optional.ofNullable(next);
    }

    /// As the state lists them.
    public List<ZoneRequest> entries() {
        var entries = new ArrayList<ZoneRequest>();
        claims.forEach((zoneId, claim) -> {
            if (claim.lost != null) entries.add(entry(zoneId, claim.lost));
            if (claim.current != null) entries.add(entry(zoneId, claim.current));
        });
        return entries;
    }

    private static ZoneRequest entry(String zoneId, Request request) {
        return new ZoneRequest(request.id, request.type, zoneId, request.zoneSetId, request.status, request.trajectory);
    }
}
