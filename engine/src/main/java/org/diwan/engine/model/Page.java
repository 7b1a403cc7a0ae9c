package org.diwan.engine.model;

import org.diwan.engine.kernel.KeyValues;

/// Keys and values of [#POSITIONS] positions in all layers. Made by a [PagePool]; sequences that
/// begin with the same tokens may hold the same page, because what it remembers depends on those
/// tokens alone. A page that is full is never written again.
public final class Page {
    /// Positions of a page.
    public static final int POSITIONS = KeyValues.PAGE;

    final float[][] keys;
    final float[][] values;

    /// How many hold it; guarded by the pool's owner thread.
    int holders;

    Page(ModelConfig config) {
        keys = new float[config.layers()][config.keyWidth() * POSITIONS];
        values = new float[config.layers()][config.keyWidth() * POSITIONS];
    }

    /// How many hold it: sequences, and whoever called [PagePool#hold(Page)].
    public int holders() {
        return holders;
    }
}
