package org.diwan.sovereignty.policy;

import java.util.ArrayList;
import java.util.List;

/// The form of a number, one symbol for each character, so that matching takes exactly one look at
/// each: no shape, however written, can be slow.
///
/// ```
/// #    a digit               @      a letter A–Z, either case
/// *    a digit or letter     [12]   one of these digits and letters
/// 7    itself, as any digit and letter
/// {n}  the symbol before, n times in all
/// - . / and space   themselves: the form has them here, and nowhere else
/// ```
/// `[12]#{9}` is ten digits that begin with 1 or 2; `SA##*{20}` is an IBAN of one country.
/// Writers put spaces and hyphens between the symbols as they like; the finder steps over them.
/// Where a shape has a separator itself, as `###-##-#####`, they must stand just so.
///
/// @param text as written in the pack
/// @param symbols the characters allowed at each position, as bits: 0–9 digits, 10–35 letters, then
///     the separators
public record Shape(String text, List<Long> symbols) {
    /// Longest number there is; an IBAN has at most 34 characters (ISO 13616).
    public static final int MAX_LENGTH = 40;

    private static final long DIGITS = (1L << 10) - 1;
    private static final long LETTERS = (1L << 36) - 1 - DIGITS;
    private static final String SEPARATORS = "-./ ";
    private static final long[] ASCII = ascii();

    public Shape {
        symbols = List.copyOf(symbols);
    }

    /// Reads the small language above.
    ///
    /// @throws IllegalArgumentException naming the shape and what is wrong with it
    public static Shape of(String text) {
        var symbols = new ArrayList<Long>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '#' -> symbols.add(DIGITS);
                case '@' -> symbols.add(LETTERS);
                case '*' -> symbols.add(DIGITS | LETTERS);
                case '[' -> {
                    int end = closing(text, i, ']');
                    long any = 0;
                    for (int k = i + 1; k < end; k++) any |= bit(text, text.charAt(k));
                    symbols.add(any);
                    i = end;
                }
                case '{' -> {
                    int end = closing(text, i, '}');
                    if (symbols.isEmpty()) throw wrong(text, "{n} needs a symbol before it");
                    for (int n = count(text, text.substring(i + 1, end)); n > 1; n--) symbols.add(symbols.getLast());
                    i = end;
                }
                default -> symbols.add(bit(text, c));
            }
        }
        if (symbols.isEmpty() || symbols.size() > MAX_LENGTH)
            throw wrong(text, "must have 1 to " + MAX_LENGTH + " symbols");
        return new Shape(text, symbols);
    }

    /// Number of characters, of separators only those that the shape has itself.
    public int length() {
        return symbols.size();
    }

    /// True if the shape says itself where separators stand.
    public boolean parted() {
        return symbols.stream().anyMatch(symbol -> symbol > DIGITS + LETTERS);
    }

    /// True if `c`, a digit, letter or separator in ASCII, may stand at `position`.
    public boolean matches(int position, char c) {
        return (symbols.get(position) & symbol(c)) != 0;
    }

    /// The bit of `c` in [#symbols], 0 if no symbol stands for it.
    public static long symbol(char c) {
        return c < ASCII.length ? ASCII[c] : 0;
    }

    /// 0–9 for digits, 10–35 for letters of either case, −1 for anything else.
    static int value(char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
        if (c >= 'a' && c <= 'z') return c - 'a' + 10;
        return -1;
    }

    private static long[] ascii() {
        var bits = new long[128];
        for (char c = 0; c < bits.length; c++) if (bitOf(c) >= 0) bits[c] = 1L << bitOf(c);
        return bits;
    }

    private static int bitOf(char c) {
        int separator = SEPARATORS.indexOf(c);
        return separator >= 0 ? 36 + separator : value(c);
    }

    private static long bit(String text, char c) {
        if (bitOf(c) < 0) throw wrong(text, "'" + c + "' is no symbol");
        return 1L << bitOf(c);
    }

    private static int closing(String text, int open, char bracket) {
        int end = text.indexOf(bracket, open);
        if (end <= open + 1) throw wrong(text, "'" + text.charAt(open) + "' without content or end");
        return end;
    }

    private static int count(String text, String digits) {
        if (!digits.matches("[0-9]{1,2}") || Integer.parseInt(digits) < 1)
            throw wrong(text, "{" + digits + "} must be a count from 1 to 99");
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException wrong(String text, String problem) {
        return new IllegalArgumentException("shape '" + text + "': " + problem);
    }
}
