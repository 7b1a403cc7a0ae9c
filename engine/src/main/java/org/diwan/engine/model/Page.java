package org.diwan.engine.model;

import java.lang.foreign.MemorySegment;
import org.diwan.engine.kernel.KeyValues;

/// Keys and values of [#POSITIONS] positions in all layers. Made by a [PagePool]; sequences that
/// begin with the same tokens may hold the same page, because what it remembers depends on those
/// tokens alone. A page that is full is never written again.
public final class Page {
    /// Positions of a page.
    public static final int POSITIONS = KeyValues.PAGE;

    /// The part of each layer, as [KeyValues] lays it out.
    final MemorySegment[] layers;

    int holders;

    Page(MemorySegment[] layers) {
        this.layers = layers;
    }

    /// How many hold it: sequences, and whoever called [PagePool#hold(Page)].
    public int holders() {
        return holders;
    }
}
