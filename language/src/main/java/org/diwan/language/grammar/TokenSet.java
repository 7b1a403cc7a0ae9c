package org.diwan.language.grammar;

/// Some tokens of a vocabulary: as a list of ids where they are few, as bits where they are many.
/// Immutable.
sealed interface TokenSet {
    /// Sets the bits of its tokens.
    void addTo(long[] bits);

    /// What it takes of memory, about, in bytes.
    int size();

    /// The tokens whose bits are set.
    static TokenSet of(long[] bits) {
        int count = 0;
        for (long word : bits) count += Long.bitCount(word);
        if (count > bits.length) return new Many(bits.clone());
        int[] ids = new int[count];
        int at = 0;
        for (int i = 0; i < bits.length; i++)
            for (long word = bits[i]; word != 0; word &= word - 1)
                ids[at++] = i * Long.SIZE + Long.numberOfTrailingZeros(word);
        return new Few(ids);
    }

    final class Few implements TokenSet {
        private final int[] ids;

        private Few(int[] ids) {
            this.ids = ids;
        }

        @Override
        public void addTo(long[] bits) {
            for (int id : ids) bits[id >> 6] |= 1L << id;
        }

        @Override
        public int size() {
            return 32 + ids.length * Integer.BYTES;
        }
    }

    final class Many implements TokenSet {
        private final long[] words;

        private Many(long[] words) {
            this.words = words;
        }

        @Override
        public void addTo(long[] bits) {
            for (int i = 0; i < words.length; i++) bits[i] |= words[i];
        }

        @Override
        public int size() {
            return 32 + words.length * Long.BYTES;
        }
    }
}
