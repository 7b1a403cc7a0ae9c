package org.diwan.foundry.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Cuts running text into dialogues, so that a model which has only ever read books learns the form
/// of a chat: the user says the beginning of a passage, the assistant goes on for a few sentences
/// and stops. It is a form, not knowledge: nobody in these texts answers a question.
public final class Dialogue {
    /// Longest answer in UTF-16 units, about 100 Arabic words: it must end well within the context.
    static final int MAX_ANSWER = 600;

    /// Longest opening; a longer sentence is cut at a word and the answer finishes it.
    static final int MAX_OPENING = 160;

    /// Shortest opening cut out of a sentence, in words.
    static final int MIN_WORDS = 2;

    private static final String ENDS = ".!?؟…\n";

    /// One thing said; `user` or else the assistant.
    public record Turn(boolean user, String text) {}

    private Dialogue() {}

    /// Dialogues that together say `text`, in order; the first opens with `title` unless it is empty.
    public static List<List<Turn>> cut(String title, String text, SplittableRandom random) {
        List<String> sentences = sentences(text);
        var dialogues = new ArrayList<List<Turn>>();
        var turns = new ArrayList<Turn>();
        int next = 0;
        String opening = title;
        while (next < sentences.size()) {
            boolean titled = !opening.isEmpty();
            if (!titled) opening = sentences.get(next++);
            String rest = "";
            // Half of the openings stop within the sentence: people begin with few words.
            if (opening.length() > MAX_OPENING || (turns.isEmpty() && !titled && random.nextBoolean())) {
                int at = wordEnd(opening, random);
                rest = opening.substring(at).stripLeading();
                opening = opening.substring(0, at).strip();
            }
            var answer = new StringBuilder(rest);
            int wanted = 1 + random.nextInt(4) - (rest.isEmpty() ? 0 : 1);
            for (int taken = 0; next < sentences.size() && (taken < wanted || answer.isEmpty()); taken++) {
                String sentence = sentences.get(next);
                if (!answer.isEmpty() && answer.length() + sentence.length() > MAX_ANSWER) break;
                if (!answer.isEmpty()) answer.append(answer.charAt(answer.length() - 1) == '\n' ? "" : " ");
                answer.append(sentence);
                next++;
            }
            if (!opening.isEmpty() && !answer.isEmpty() && answer.length() <= 2 * MAX_ANSWER) {
                turns.add(new Turn(true, opening.strip()));
                turns.add(new Turn(false, answer.toString().strip()));
            }
            opening = "";
            boolean goesOn = turns.size() < 6 && random.nextInt(100) < 30;
            if (!goesOn && !turns.isEmpty()) {
                dialogues.add(List.copyOf(turns));
                turns.clear();
            }
        }
        if (!turns.isEmpty()) dialogues.add(List.copyOf(turns));
        return dialogues;
    }

    /// `text` cut after each sentence end; a line feed stays at the end of its sentence.
    static List<String> sentences(String text) {
        var sentences = new ArrayList<String>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (ENDS.indexOf(text.charAt(i)) < 0) continue;
            int end = i + 1;
            while (end < text.length() && (ENDS.indexOf(text.charAt(end)) >= 0 || text.charAt(end) == '»')) end++;
            String sentence = text.substring(from, end).stripLeading();
            if (!sentence.isBlank()) sentences.add(sentence);
            from = end;
            i = end - 1;
        }
        String last = text.substring(from).strip();
        if (!last.isEmpty()) sentences.add(last);
        return sentences;
    }

    /// A word's end in `[MIN_WORDS, 12]` words and at most [#MAX_OPENING] units from the start.
    private static int wordEnd(String sentence, SplittableRandom random) {
        int words = MIN_WORDS + random.nextInt(10);
        int end = 0;
        for (int i = 0; i < sentence.length() && words > 0; i++) {
            if (sentence.charAt(i) != ' ' && i + 1 < sentence.length()) continue;
            if (i > MAX_OPENING && end > 0) break;
            end = i + 1 == sentence.length() ? i + 1 : i;
            words--;
        }
        return Math.min(end, MAX_OPENING * 2);
    }
}
