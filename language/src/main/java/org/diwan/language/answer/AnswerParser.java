package org.diwan.language.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.language.Tool;
import org.diwan.language.answer.AnswerFormat.Frame;
import org.diwan.language.answer.AnswerPart.Reasoning;
import org.diwan.language.answer.AnswerPart.Words;
import org.jspecify.annotations.Nullable;

/// Takes one answer apart while it streams. Words and reasoning go through at once, but for an end
/// that may still become a mark and white space that may still belong to one; calls come when they
/// are complete. The outcome does not depend on how the text is cut into pieces. Belongs to one
/// thread.
///
/// Reasoning begins only before the first word, so that an answer may speak of `<think>`. What
/// begins like a call and is none comes out as words, all of it.
public final class AnswerParser {
    /// Longest stretch of calls that is waited for, in UTF-16 units; longer ones are words.
    public static final int MAX_CALL = 1 << 20;

    private final AnswerFormat format;
    private final List<Tool> tools;
    private final StringBuilder held = new StringBuilder();
    private @Nullable Frame thinking;
    private @Nullable CallReader reader;
    private boolean spoke;
    private boolean afterMark;

    /// White space before the mark that opened the calls: lost with them, but kept if they are
    /// none.
    private String space = "";

    /// @param format of the model that answers
    /// @param tools what it may call; with none, nothing is a call
    /// @param prompt what it answers to, as text; only its end is looked at: a template may already
    ///     have opened the reasoning
    public AnswerParser(AnswerFormat format, List<Tool> tools, String prompt) {
        this.format = format;
        this.tools = List.copyOf(tools);
        Optional<Frame> opened = format.opened(prompt);
        thinking = opened.orElse(null);
        afterMark = opened.isPresent();
    }

    /// What `text`, the next piece of the answer, completes.
    public List<AnswerPart> push(String text) {
        held.append(text);
        return read(false);
    }

    /// What is still held, now that nothing follows. A call that was cut off is words.
    public List<AnswerPart> finish() {
        return read(true);
    }

    private List<AnswerPart> read(boolean end) {
        var parts = new ArrayList<AnswerPart>();
        boolean more = true;
        while (more) {
            if (reader != null) more = calls(reader, end, parts);
            else if (thinking != null) more = reasoning(thinking, end, parts);
            else more = words(end, parts);
        }
        return parts;
    }

    // Each of these is one step and says whether another may follow.

    private boolean reasoning(Frame frame, boolean end, List<AnswerPart> parts) {
        int close = held.indexOf(frame.close());
        if (close >= 0) {
            say(close, true, false, parts);
            drop(frame.close().length());
            thinking = null;
            afterMark = true;
            return true;
        }
        say(end ? held.length() : mayBegin(List.of(frame.close())), end, false, parts);
        return false;
    }

    private boolean words(boolean end, List<AnswerPart> parts) {
        var marks = marks();
        int begin = -1;
        String mark = "";
        for (String candidate : marks) {
            int found = held.indexOf(candidate);
            if (found < 0 || (begin >= 0 && found > begin) || !counts(candidate, found)) continue;
            if (found == begin && candidate.length() < mark.length()) continue;
            begin = found;
            mark = candidate;
        }
        int bare = bareObject();
        if (bare >= 0 && (begin < 0 || bare < begin)) {
            space = held.substring(0, bare);
            drop(bare);
            reader = new JsonCalls(offer(false));
            return true;
        }
        if (begin < 0) {
            boolean mayBeBare = !spoke && speaksBare() && gap() == held.length();
            if (!mayBeBare || end) say(end ? held.length() : mayBegin(marks), end || marks.isEmpty(), true, parts);
            return false;
        }
        say(begin, true, true, parts);
        open(mark);
        return true;
    }

    /// Reasoning does not begin behind words, not even behind those that are held with it.
    private boolean counts(String mark, int at) {
        boolean reasons =
                format.reasoning().stream().anyMatch(frame -> frame.open().equals(mark));
        return !reasons || held.substring(0, at).isBlank();
    }

    private void open(String mark) {
        afterMark = true;
        if (!spoke)
            for (Frame frame : format.reasoning())
                if (frame.open().equals(mark)) {
                    drop(mark.length());
                    thinking = frame;
                    return;
                }
        for (CallSyntax call : format.calls())
            if (!tools.isEmpty() && call.open().equals(mark)) {
                reader = reader(call);
                return;
            }
        drop(mark.length());
    }

    private CallReader reader(CallSyntax call) {
        return switch (call) {
            case CallSyntax.Json json ->
                new JsonCalls(json, offer(json.nameKey().isEmpty()));
            case CallSyntax.Bare bare -> new JsonCalls(offer(false));
            case CallSyntax.Python python -> new PythonCalls(python, offer(false));
            case CallSyntax.Functions functions -> new FunctionCalls(functions, offer(false));
        };
    }

    private Offer offer(boolean nameIsKey) {
        return new Offer(tools, nameIsKey);
    }

    private boolean calls(CallReader calls, boolean end, List<AnswerPart> parts) {
        CallReader.State state = calls.read(held, end, parts);
        if (state == CallReader.State.OPEN && held.length() <= MAX_CALL) return false;
        drop(calls.consumed());
        reader = null;
        afterMark = true;
        if (state == CallReader.State.CLOSED) return held.length() > 0;
        // What opened it must not open it again.
        int opening = opening();
        String words = (calls.consumed() == 0 ? space : "") + held.substring(0, opening);
        drop(opening);
        if (!words.isEmpty()) parts.add(new Words(words));
        spoke |= !words.isEmpty();
        afterMark = false;
        return held.length() > 0;
    }

    /// Length of the mark, or of the bracket, at the beginning of what is held.
    private int opening() {
        for (String mark : format.callOpenings()) if (held.indexOf(mark) == 0) return mark.length();
        return Math.min(1, held.length());
    }

    /// The marks that mean something where we are.
    private List<String> marks() {
        var marks = new ArrayList<>(format.silent());
        if (!tools.isEmpty()) marks.addAll(format.callOpenings());
        if (!spoke) for (Frame frame : format.reasoning()) marks.add(frame.open());
        return marks;
    }

    private boolean speaksBare() {
        return !tools.isEmpty() && format.calls().stream().anyMatch(CallSyntax.Bare.class::isInstance);
    }

    /// Where an object begins that may be a call without marks, or -1.
    private int bareObject() {
        if (spoke || !speaksBare()) return -1;
        int begin = gap();
        return begin < held.length() && held.charAt(begin) == '{' ? begin : -1;
    }

    /// Length of what may stand between two objects, at the beginning of what is held.
    private int gap() {
        int i = 0;
        while (i < held.length() && (Character.isWhitespace(held.charAt(i)) || held.charAt(i) == ';')) i++;
        return i;
    }

    /// How much of what is held cannot be the beginning of one of `marks`.
    private int mayBegin(List<String> marks) {
        int longest = marks.stream().mapToInt(String::length).max().orElse(0);
        for (int from = Math.max(0, held.length() - longest + 1); from < held.length(); from++) {
            String rest = held.substring(from);
            if (marks.stream().anyMatch(mark -> mark.startsWith(rest))) return from;
        }
        return held.length();
    }

    /// Gives the first `length` characters of what is held as words or reasoning. White space next
    /// to a mark belongs to the mark.
    ///
    /// @param isEnd whether a mark or the end of the answer follows
    private void say(int length, boolean isEnd, boolean aloud, List<AnswerPart> parts) {
        int from = 0;
        if (afterMark) while (from < length && Character.isWhitespace(held.charAt(from))) from++;
        int to = length;
        boolean markFollows = isEnd && length < held.length();
        if (!isEnd || markFollows || !aloud) while (to > from && Character.isWhitespace(held.charAt(to - 1))) to--;
        space = held.substring(to, length);
        if (to > from) {
            String text = held.substring(from, to);
            parts.add(aloud ? new Words(text) : new Reasoning(text));
            afterMark = false;
            spoke |= aloud;
        }
        // Before a mark, the white space goes with it; else it waits for what follows.
        if (isEnd) drop(length);
        else drop(to);
    }

    private void drop(int length) {
        held.delete(0, length);
    }
}
