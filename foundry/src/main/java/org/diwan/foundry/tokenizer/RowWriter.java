package org.diwan.foundry.tokenizer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.diwan.base.Digest;
import org.diwan.foundry.corpus.Document;
import org.diwan.language.BytePairTokenizer;

/// Writes the rows that a model is trained on: each `context + 1` tokens, so that a row gives
/// `context` pairs of token and successor. Two kinds of rows, mixed by section of a document:
/// running text, documents one after the other, cut where a row is full; and dialogues, each row
/// beginning with the first turn of one, the last cut off where the row ends.
///
/// File format: rows one after the other without header, each token two bytes, little-endian.
/// With context 3, tokens 1, 2, 3, 258 are the eight bytes `01 00 02 00 03 00 02 01`.
public final class RowWriter implements AutoCloseable {
    /// About so many UTF-16 units of a document go into the one or the other kind together.
    static final int SECTION_LENGTH = 4_000;

    private final BytePairTokenizer tokenizer;
    private final int endOfText;
    private final int dialoguePercent;
    private final long seed;
    private final OutputStream out;
    private final Row text;
    private final Row dialogue;
    private long textRows;
    private long dialogueRows;

    /// A row being filled.
    private static final class Row {
        final int[] tokens;
        int size;

        Row(int length) {
            tokens = new int[length];
        }
    }

    public RowWriter(Path file, LearntTokens learnt, int context, int dialoguePercent, long seed) throws IOException {
        this.tokenizer = learnt.tokenizer();
        this.endOfText = learnt.control(LearntTokens.END_OF_TEXT);
        this.dialoguePercent = dialoguePercent;
        this.seed = seed;
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        this.text = new Row(context + 1);
        this.dialogue = new Row(context + 1);
    }

    /// Adds all of `document`. Which sections become dialogues follows from the seed and its id.
    public void add(Document document) throws IOException {
        byte[] key = (seed + "\n" + document.source() + "\n" + document.id()).getBytes(StandardCharsets.UTF_8);
        var random = new SplittableRandom(Arrays.hashCode(Digest.sha256(key)));
        String body = document.text();
        for (int from = 0; from < body.length(); ) {
            int to = body.indexOf('\n', Math.min(body.length(), from + SECTION_LENGTH));
            if (to < 0) to = body.length();
            String section = body.substring(from, to);
            if (random.nextInt(100) < dialoguePercent) addDialogues(from == 0 ? document.title() : "", section, random);
            else addText(section);
            from = to;
        }
    }

    private void addText(String section) throws IOException {
        for (int token : tokenizer.encode(section.strip(), false, false)) append(token);
        append(endOfText);
    }

    private void append(int token) throws IOException {
        text.tokens[text.size++] = token;
        if (text.size == text.tokens.length) {
            write(text);
            textRows++;
        }
    }

    private void addDialogues(String title, String section, SplittableRandom random) throws IOException {
        // A document that repeats its title as its first line would answer the title with itself.
        String body =
                section.startsWith(title) ? section.substring(title.length()).strip() : section;
        for (List<Dialogue.Turn> turns : Dialogue.cut(title, body, random)) {
            int[] tokens = tokenizer.encode(ChatFormat.render(turns) + LearntTokens.END_OF_TEXT, true, false);
            int fits = Math.min(tokens.length, dialogue.tokens.length - dialogue.size);
            System.arraycopy(tokens, 0, dialogue.tokens, dialogue.size, fits);
            dialogue.size += fits;
            if (dialogue.size == dialogue.tokens.length) {
                write(dialogue);
                dialogueRows++;
            }
        }
    }

    private void write(Row row) throws IOException {
        byte[] bytes = new byte[row.size * 2];
        for (int i = 0; i < row.size; i++) {
            bytes[2 * i] = (byte) row.tokens[i];
            bytes[2 * i + 1] = (byte) (row.tokens[i] >>> 8);
        }
        out.write(bytes);
        row.size = 0;
    }

    /// Whole rows of running text so far; what does not fill a row is left out.
    public long textRows() {
        return textRows;
    }

    /// Whole rows of dialogues so far.
    public long dialogueRows() {
        return dialogueRows;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
