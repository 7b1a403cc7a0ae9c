package org.diwan.language;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// SentencePiece's scores as ranked merges, and back.
final class MergeScores {
    private MergeScores() {}

    /// Every pair that forms a token, the highest score first: what SentencePiece does by looking
    /// pairs up, a table does by listing them.
    static List<String> merges(List<Vocabulary.Token> tokens) {
        var known = new HashSet<String>();
        var ordered = new ArrayList<Vocabulary.Token>();
        for (Vocabulary.Token token : tokens) if (isText(token) && known.add(token.text())) ordered.add(token);
        ordered.sort((a, b) -> Float.compare(b.score() + 0.0f, a.score() + 0.0f));
        var merges = new ArrayList<String>();
        for (Vocabulary.Token token : ordered)
            for (int cut : cuts(token.text(), known))
                merges.add(token.text().substring(0, cut) + " " + token.text().substring(cut));
        return merges;
    }

    /// `tokens` with scores under which SentencePiece merges as `merges` says.
    ///
    /// @throws IllegalArgumentException when none do: a pair that forms a token is not listed, or
    ///     pairs that form one token have ranks apart
    static List<Vocabulary.Token> score(List<Vocabulary.Token> tokens, List<String> merges) {
        var known = new HashSet<String>();
        for (Vocabulary.Token token : tokens) if (isText(token)) known.add(token.text());
        var ranks = new HashMap<String, Integer>();
        var counts = new HashMap<String, Integer>();
        String last = "";
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int space = merge.indexOf(' ', 1);
            String whole = space < 0 ? "" : merge.substring(0, space) + merge.substring(space + 1);
            if (!known.contains(whole))
                throw new IllegalArgumentException(
                        "model.merges[" + rank + "] is '" + merge + "', which forms no token of model.vocab");
            if (!whole.equals(last) && ranks.containsKey(whole))
                throw new IllegalArgumentException("model.merges[" + rank + "] forms '" + whole
                        + "' as an earlier one does: ranks that no scores express are not supported");
            last = whole;
            ranks.putIfAbsent(whole, rank);
            counts.merge(whole, 1, Integer::sum);
        }
        for (String text : known)
            if (cuts(text, known).size() != counts.getOrDefault(text, 0))
                throw new IllegalArgumentException("model.merges lists " + counts.getOrDefault(text, 0)
                        + " of the pairs of tokens that form '" + text + "', must list all "
                        + cuts(text, known).size());
        return tokens.stream()
                .map(token -> new Vocabulary.Token(
                        token.text(), -ranks.getOrDefault(token.text(), 0), token.type(), token.edges()))
                .toList();
    }

    private static boolean isText(Vocabulary.Token token) {
        return token.type() == TokenType.NORMAL;
    }

    private static List<Integer> cuts(String text, Set<String> known) {
        var cuts = new ArrayList<Integer>();
        for (int cut = 1; cut < text.length(); cut++)
            if (known.contains(text.substring(0, cut)) && known.contains(text.substring(cut))) cuts.add(cut);
        return cuts;
    }
}
