package org.diwan.robots.mission;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.diwan.robots.mission.Sense.Kind;

/// The hours and minutes of an utterance: when to begin, when to be done, how long.
///
/// An hour from 1 to 6 without more is one of the afternoon: missions are for working hours.
final class Times {
    private static final int FIRST_WORKING_HOUR = 7;
    private static final int MAX_MINUTES = 24 * 60;

    private static final Pattern COLON = Pattern.compile(":");

    private final List<Piece> pieces;
    private final LocalTime now;
    private final List<Piece> rest = new ArrayList<>();
    private Optional<LocalTime> notBefore = Optional.empty();
    private Optional<LocalTime> due = Optional.empty();
    private int minutes;

    private Times(List<Piece> pieces, LocalTime now) {
        this.pieces = pieces;
        this.now = now;
    }

    /// Reads the times out of `pieces`.
    static Times of(List<Piece> pieces, LocalTime now) {
        var times = new Times(pieces, now);
        for (int i = 0; i < pieces.size(); ) i = times.read(i);
        return times;
    }

    /// What is left.
    List<Piece> rest() {
        return rest;
    }

    Optional<LocalTime> notBefore() {
        return notBefore;
    }

    Optional<LocalTime> due() {
        return due;
    }

    /// A duration that is neither a beginning nor an end, 0 if there is none.
    int minutes() {
        return minutes;
    }

    private int read(int i) {
        int end = duration(i);
        if (end == i) end = clock(i);
        if (end == i) rest.add(pieces.get(end++));
        return end;
    }

    private boolean is(int i, String value) {
        return i >= 0 && i < pieces.size() && pieces.get(i).is(Kind.TIME, value);
    }

    private boolean isNumber(int i) {
        return i < pieces.size() && pieces.get(i).is(Kind.NUMBER);
    }

    /// `5 minutes`, `half an hour`, `an hour` behind in or within.
    private int duration(int i) {
        int unit = isNumber(i) || is(i, "half") || is(i, "quarter") ? i + 1 : i;
        while (unit < pieces.size() && pieces.get(unit).is(Kind.FILLER) && unit == i + 1) unit++;
        boolean told = isBefore("relative") || isBefore("within");
        boolean hour = is(unit, "hour") && !(is(unit, "clock") && isNumber(unit + 1));
        int length;
        if (is(unit, "minute") && isNumber(i)) length = pieces.get(i).number();
        else if (hour && isNumber(i)) length = 60 * pieces.get(i).number();
        else if (hour && unit > i) length = is(i, "half") ? 30 : 15;
        else if (is(i, "two-minutes")) length = 2;
        else if (is(i, "two-hours")) length = 120;
        else if (told && is(i, "minute")) length = 1;
        else if (told && hour) length = 60;
        else return i;
        int end = unit + 1;
        if (unit == i && length == 1 && isNumber(end) && pieces.get(end).number() == 1) end++; // دقيقة واحدة
        length = Math.clamp(length, 1, MAX_MINUTES);
        if (is(end, "half") && length % 60 == 0) {
            length += 30;
            end++;
        }
        boolean due = isBefore("due"); // no later than ten minutes from now
        boolean within = due || isBefore("within") || is(end, "within");
        if (within || isBefore("relative") || is(end, "relative")) {
            int minute = minuteAfter(length);
            if (minute >= MAX_MINUTES) return i; // tomorrow is not understood
            var time = Optional.of(LocalTime.of(minute / 60, minute % 60));
            if (within) this.due = time;
            else notBefore = time;
            if (due && is(end, "relative")) end++;
            return dropped(due ? "due" : within ? "within" : "relative", end);
        }
        minutes = length;
        return end;
    }

    /// Minutes of the day when `length` minutes are over.
    private int minuteAfter(int length) {
        return now.toSecondOfDay() / 60 + length;
    }

    private boolean isBefore(String value) {
        return !rest.isEmpty() && rest.get(before()).is(Kind.TIME, value);
    }

    /// The word before, but for an article: in under a minute.
    private int before() {
        int last = rest.size() - 1;
        return last > 0 && rest.get(last).is(Kind.FILLER) ? last - 1 : last;
    }

    /// Takes the word of that kind away, before or behind.
    private int dropped(String value, int end) {
        if (is(end, value)) return end + 1;
        if (isBefore(value)) rest.remove(before());
        return end;
    }

    /// الثالثة عصرا: an ordinal that a word beside it makes an hour.
    private boolean isHour(int i, boolean sure) {
        if (i >= pieces.size() || !pieces.get(i).is(Kind.ORDINAL)) return false;
        return sure || is(i + 1, "am") || is(i + 1, "pm") || is(i + 1, "half") || is(i + 1, "less-quarter");
    }

    private int clock(int i) {
        int at = i;
        boolean sure = false;
        boolean afternoon = false;
        boolean morning = false;
        if (is(at, "clock")) {
            at++;
            sure = true;
        }
        if (is(at, "am") || is(at, "pm")) {
            afternoon = is(at, "pm");
            morning = !afternoon;
            at++;
            sure = true;
        }
        int hour;
        int minute = 0;
        if (at >= pieces.size()) return i;
        String value = pieces.get(at).value(Kind.TIME);
        if (value.indexOf(':') > 0) {
            var parts = COLON.split(value, 3);
            if (parts.length != 2 || parts[0].length() > 2 || parts[1].length() > 2) return i;
            hour = Integer.parseInt(parts[0]);
            minute = Integer.parseInt(parts[1]);
            at++;
            sure = true;
        } else if (isNumber(at) && is(at + 1, "past") && isNumber(at + 2)) { // ten past three
            hour = pieces.get(at + 2).number();
            minute = pieces.get(at).number();
            at += 3;
            sure = true;
        } else if ((isNumber(at) || isHour(at, sure)) && pieces.get(at).number() <= 24) {
            hour = pieces.get(at).number();
            at++;
        } else if ((is(at, "noon") || is(at, "midnight")) && at == i) {
            hour = is(at, "noon") ? 12 : 24;
            afternoon = hour == 12;
            at++;
            sure = true;
        } else if ((is(at, "half") || is(at, "quarter-past") || is(at, "quarter-to"))
                && isNumber(at + 1)) { // half past two
            hour = pieces.get(at + 1).number();
            minute = is(at, "half") ? 30 : is(at, "quarter-to") ? -15 : 15;
            at += 2;
            sure = true;
        } else return i;
        if (is(at, "clock") || (is(at, "hour") && sure)) {
            at++;
            sure = true;
        }
        if (is(at, "half") || is(at, "quarter") || is(at, "less-quarter")) {
            minute = is(at, "half") ? 30 : is(at, "quarter") ? 15 : -15;
            at++;
            sure = true;
        } else if (isNumber(at) && pieces.get(at).number() < 60 && (is(at + 1, "minute") || isBefore("from"))) {
            minute = pieces.get(at).number();
            at += is(at + 1, "minute") ? 2 : 1;
        }
        if (is(at, "am") || is(at, "pm") || is(at, "noon")) {
            afternoon = !is(at, "am");
            morning = !afternoon;
            at++;
            sure = true;
        }
        boolean told = isBefore("due") || isBefore("from");
        if (!sure && !(told && isAlone(at))) return i;
        boolean early = hour > 0 && hour < FIRST_WORKING_HOUR && !value.startsWith("0"); // 2:30, but 02:30
        if (hour < 12 && (afternoon || (!morning && early))) hour += 12;
        if (hour == 12 && morning) hour = 0;
        if (hour > 24 || minute > 59) return i;
        if (minute < 0) {
            hour = Math.max(0, hour - 1);
            minute += 60;
        }
        var time = hour == 24 ? LocalTime.of(23, 59) : LocalTime.of(hour, minute);
        return place(time, at);
    }

    /// Whether a bare number before `at` can only be an hour.
    private boolean isAlone(int at) {
        return at >= pieces.size()
                || !(pieces.get(at).is(Kind.ITEM) || pieces.get(at).is(Kind.COUNTER));
    }

    private int place(LocalTime time, int end) {
        var last = pieces.get(end - 1);
        boolean until = last.roles().contains("until");
        if (isBefore("due") || is(end, "due") || until) {
            due = Optional.of(time);
            return dropped("due", end);
        }
        notBefore = Optional.of(time);
        return dropped("from", end);
    }
}
