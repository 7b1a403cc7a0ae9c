package org.diwan.robots.vda5050;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Judges the headers of one topic in the order of their arrival (§7.2): is it for me, in my version, new?
///
/// `headerId` is a uint32 that wraps, so the later of two is the one less than 2³¹ ahead. A sender that
/// starts again counts from 0: that is taken as new if its time says so. One thread owns it.
public final class Inbox {
    /// What to make of a message.
    public sealed interface Verdict {}

    /// Take it; so many were lost before it.
    public record Fresh(long lost) implements Verdict {}

    /// Its version has another major number than ours (§4.2).
    public record WrongVersion(String version) implements Verdict {}

    /// It is for a vehicle of another maker or number.
    public record WrongVehicle(String manufacturer, String serialNumber) implements Verdict {}

    /// It, or a later one, was here before.
    public record Stale(long headerId) implements Verdict {}

    /// It was sent later than now: one of the clocks is wrong.
    public record FromFuture(Duration ahead) implements Verdict {}

    private final Version version;
    private final String manufacturer;
    private final String serialNumber;
    private final Duration skew;
    private @Nullable Header last;

    /// For one vehicle; clocks may differ by `skew`.
    public Inbox(Version version, String manufacturer, String serialNumber, Duration skew) {
        this.version = version;
        this.manufacturer = manufacturer;
        this.serialNumber = serialNumber;
        this.skew = skew;
    }

    /// Only a fresh one is remembered.
    public Verdict judge(Header header, Instant now) {
        if (!major(header.version()).equals(major(version.text()))) return new WrongVersion(header.version());
        if (!header.manufacturer().equals(manufacturer)
                || !header.serialNumber().equals(serialNumber))
            return new WrongVehicle(header.manufacturer(), header.serialNumber());
        var ahead = Duration.between(now, header.timestamp());
        if (ahead.compareTo(skew) > 0) return new FromFuture(ahead);
        var before = last;
        long step = before == null ? 1 : (header.headerId() - before.headerId()) & Check.MAX_UINT32;
        boolean forward = step > 0 && step < 1L << 31;
        boolean later = before == null || !header.timestamp().isBefore(before.timestamp());
        boolean restarted =
                before != null && header.headerId() == 0 && header.timestamp().isAfter(before.timestamp());
        if (!restarted && !(forward && later)) return new Stale(header.headerId());
        last = header;
        return new Fresh(forward ? step - 1 : 0);
    }

    private static String major(String version) {
        int dot = version.indexOf('.');
        return dot < 0 ? version : version.substring(0, dot);
    }
}
