package org.diwan.language;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The text of one answer, token by token, never half a character: bytes of an unfinished UTF-8
/// sequence (at most [#MAX_HELD]) wait for the token that completes them. Everything pushed,
/// concatenated, is the UTF-8 decoding of all bytes at once; an invalid sequence becomes U+FFFD as
/// the JDK's decoder does it. Belongs to one thread.
public final class Detokenizer {
    /// Most bytes held back: all but the last of a four-byte sequence (RFC 3629 §3).
    public static final int MAX_HELD = 3;

    private final Tokenizer tokenizer;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final Map<Integer, byte[]> spelled;
    private byte[] held = {};
    private boolean dropsSpace;

    /// For the beginning of a text: where the vocabulary puts a space before every text
    /// ([Vocabulary#addSpacePrefix]), one leading space is dropped, as [Tokenizer#decode] does.
    public Detokenizer(Tokenizer tokenizer) {
        this(tokenizer, Map.of(), tokenizer.vocabulary().addSpacePrefix());
    }

    /// As [#Detokenizer(Tokenizer)], but the control tokens in `spelled` are given as text: marks
    /// that whoever reads the answer needs to see.
    ///
    /// @param spelled as [#spelled] finds them
    public Detokenizer(Tokenizer tokenizer, Map<Integer, byte[]> spelled) {
        this(tokenizer, spelled, tokenizer.vocabulary().addSpacePrefix());
    }

    private Detokenizer(Tokenizer tokenizer, Map<Integer, byte[]> spelled, boolean dropsSpace) {
        this.tokenizer = tokenizer;
        this.spelled = spelled;
        this.dropsSpace = dropsSpace;
    }

    /// For text that goes on where a prompt stopped: no space is dropped.
    public static Detokenizer continuing(Tokenizer tokenizer) {
        return new Detokenizer(tokenizer, Map.of(), false);
    }

    /// The control tokens of `vocabulary` that are spelled as one of `texts`, with their bytes.
    /// Walks the vocabulary: for set-up.
    public static Map<Integer, byte[]> spelled(Vocabulary vocabulary, Set<String> texts) {
        var found = new HashMap<Integer, byte[]>();
        for (int id = 0; id < vocabulary.size(); id++) {
            Vocabulary.Token token = vocabulary.tokens().get(id);
            if (token.type() == TokenType.CONTROL && texts.contains(token.text()))
                found.put(id, token.text().getBytes(StandardCharsets.UTF_8));
        }
        return found;
    }

    /// The characters that `token` completes; empty for a control token or an unfinished character.
    public String push(int token) {
        byte[] mark = spelled.get(token);
        return decode(mark == null ? tokenizer.bytes(token) : mark, false);
    }

    /// What is still held, as U+FFFD; afterwards nothing may be pushed.
    public String finish() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] bytes, boolean end) {
        var in = ByteBuffer.allocate(held.length + bytes.length);
        in.put(held).put(bytes).flip();
        // Every byte gives at most one UTF-16 unit, and so does every replacement.
        var out = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, out, end);
        if (end) decoder.flush(out);
        held = new byte[in.remaining()];
        in.get(held);
        assert held.length <= MAX_HELD : "more bytes held than a character has";
        String text = out.flip().toString();
        if (dropsSpace && !text.isEmpty()) {
            dropsSpace = false;
            return text.startsWith(" ") ? text.substring(1) : text;
        }
        return text;
    }
}
