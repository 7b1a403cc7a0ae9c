package org.diwan.language;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.diwan.language.template.Text;

/// A conversation as the tokens that the model reads, safe against forged turns.
///
/// A template writes control tokens as text (`<|im_start|>user`), so rendered text must be read
/// with control tokens parsed; but then a user who types `<|im_end|>` would end the turn and speak
/// as somebody else. Escaping such text beforehand changes what the user said, and misses tokens
/// that content and template form together. So the template keeps a mark on every character
/// ([Text]): **a control token is made only of characters that the template itself wrote**. All
/// else is ordinary text, whatever it spells: nothing is removed or replaced, and a conversation
/// that spells no control token gives the same tokens as reading the rendered text in one piece.
///
/// Trusted are the template's literals, the begin and end token of the vocabulary, and the roles
/// `system`, `developer`, `user`, `assistant`, `tool`, `ipython`. Everything else in messages and
/// variables is not, nor are strings computed from it.
public final class ChatPrompt {
    private static final String BOS = "bos_token";
    private static final String EOS = "eos_token";

    private final int[] tokens;
    private final String text;

    private ChatPrompt(int[] tokens, String text) {
        this.tokens = tokens;
        this.text = text;
    }

    /// The prompt for `messages`.
    ///
    /// @param tools what the model may call; a template without tools leaves them out
    /// @param addGenerationPrompt ends with the header of the assistant's next turn
    /// @param variables what else the template may read, such as `enable_thinking` or `documents`;
    ///     as [ChatTemplate#render], except that `bos_token` and `eos_token` are the vocabulary's
    /// @throws org.diwan.language.template.TemplateException as [ChatTemplate#render]
    public static ChatPrompt of(
            ChatTemplate template,
            Tokenizer tokenizer,
            List<ChatMessage> messages,
            List<Tool> tools,
            boolean addGenerationPrompt,
            Map<String, Object> variables) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        var all = new HashMap<String, Object>(variables);
        all.put(BOS, text(vocabulary, vocabulary.bos()));
        all.put(EOS, text(vocabulary, vocabulary.eos()));
        if (!tools.isEmpty()) all.put("tools", tools.stream().map(Tool::json).toList());
        Text prompt = template.marked(messages, addGenerationPrompt, all, Set.of(BOS, EOS));

        String begin = text(vocabulary, vocabulary.bos());
        boolean doubled = vocabulary.addBos()
                && !begin.isEmpty()
                && prompt.value().startsWith(begin)
                && prompt.isTrusted(0, begin.length());
        Text rest = doubled ? prompt.cut(begin.length()) : prompt;
        int[] tokens =
                switch (tokenizer) {
                    case BytePairTokenizer bytePair -> bytePair.encode(rest.value(), rest::isTrusted, true);
                    case SentencePieceTokenizer sentencePiece ->
                        sentencePiece.encode(rest.value(), rest::isTrusted, true);
                    case WordPieceTokenizer wordPiece -> wordPiece.encode(rest.value(), rest::isTrusted, true);
                    case UnigramTokenizer unigram -> unigram.encode(rest.value(), rest::isTrusted, true);
                };
        return new ChatPrompt(tokens, prompt.value());
    }

    /// As [#of] without tools, the tokens alone.
    public static int[] encode(
            ChatTemplate template,
            Tokenizer tokenizer,
            List<ChatMessage> messages,
            boolean addGenerationPrompt,
            Map<String, Object> variables) {
        return of(template, tokenizer, messages, List.of(), addGenerationPrompt, variables).tokens;
    }

    /// What the model reads. Begins with exactly one begin token if the vocabulary asks for one,
    /// whether or not the template writes it, too.
    public int[] tokens() {
        return tokens.clone();
    }

    /// The same as text, as the template wrote it: to show, and to see where the answer begins.
    /// Never to be tokenized, see above.
    public String text() {
        return text;
    }

    private static String text(Vocabulary vocabulary, int token) {
        return token == Vocabulary.NONE ? "" : vocabulary.tokens().get(token).text();
    }
}
