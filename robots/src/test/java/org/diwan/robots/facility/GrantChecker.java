package org.diwan.robots.facility;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.diwan.robots.facility.FacilityWorld.Grant;
import org.jspecify.annotations.Nullable;

/// Holds what was granted against the devices' own logs, and knows nothing else.
final class GrantChecker {
    private GrantChecker() {}

    /// Two holders at one time.
    static List<String> doubles(List<Grant> grants) {
        var found = new ArrayList<String>();
        for (int i = 1; i < grants.size(); i++) {
            var a = grants.get(i - 1);
            var b = grants.get(i);
            if (a.time().equals(b.time()) && a.facility().equals(b.facility())) found.add(a + " and " + b);
        }
        return found;
    }

    /// The longest time in which somebody was granted what was not so: the lift elsewhere, shut, or another's; the
    /// door shut.
    static Duration longestUntruth(FacilityWorld world) {
        var longest = Duration.ZERO;
        @Nullable Instant since = null;
        @Nullable Instant last = null;
        int lift = 0;
        int door = 0;
        for (var grant : world.grants) {
            while (lift + 1 < world.lift.size()
                    && !world.lift.get(lift + 1).time().isAfter(grant.time())) lift++;
            while (door + 1 < world.door.size()
                    && !world.door.get(door + 1).time().isAfter(grant.time())) door++;
            boolean isTrue = grant.facility().equals("l")
                    ? lift < world.lift.size() && isTrue(world.lift.get(lift), grant)
                    : door < world.door.size() && world.door.get(door).open();
            boolean goesOn = last != null && !grant.time().isAfter(last.plus(FacilityWorld.STEP));
            if (isTrue) since = null;
            else if (since == null || !goesOn) since = grant.time();
            if (since != null) {
                var length = Duration.between(since, grant.time()).plus(FacilityWorld.STEP);
                if (length.compareTo(longest) > 0) longest = length;
            }
            last = grant.time();
        }
        return longest;
    }

    private static boolean isTrue(SimulatedLift.Moment moment, Grant grant) {
        return moment.open()
                && moment.floor().equals(grant.floor())
                && moment.session().equals(grant.holder());
    }
}
