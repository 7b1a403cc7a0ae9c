package org.diwan.foundry.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.diwan.language.BytePairTokenizer;
import org.diwan.language.PreTokenizer;

/// What a byte-pair trainer has learnt, and the vocabulary that a model gets from it: the learnt
/// tokens first, the three control tokens of ChatML last.
///
/// @param tokens in byte-level letters, indexed by id, bytes first
/// @param merges `"left right"`, the most frequent first
public record LearntTokens(List<String> tokens, List<String> merges) {
    /// Ends a text.
    public static final String END_OF_TEXT = "<|endoftext|>";

    /// Begins a turn of a dialogue; the role follows.
    public static final String TURN_START = "<|im_start|>";

    /// Ends a turn of a dialogue.
    public static final String TURN_END = "<|im_end|>";

    /// The control tokens in the order of their ids.
    public static final List<String> CONTROL = List.of(END_OF_TEXT, TURN_START, TURN_END);

    /// The cut of words: keeps Arabic words with their vowel marks whole, which `qwen2`'s does not.
    public static final PreTokenizer PRE_TOKENIZER = PreTokenizer.GPT_4O;

    public LearntTokens {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
    }

    /// All tokens of the model, control tokens last.
    public List<String> vocabulary() {
        var all = new ArrayList<>(tokens);
        all.addAll(CONTROL);
        return all;
    }

    /// The id of control token `text`.
    public int control(String text) {
        int index = CONTROL.indexOf(text);
        if (index < 0) throw new IllegalArgumentException(text + " is no control token");
        return tokens.size() + index;
    }

    /// The tokenizer that encodes with these tokens.
    public BytePairTokenizer tokenizer() {
        return BytePairTokenizer.of(vocabulary(), merges, PRE_TOKENIZER, Set.copyOf(CONTROL));
    }
}
