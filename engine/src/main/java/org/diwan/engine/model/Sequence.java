package org.diwan.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.diwan.engine.kernel.KeyValues;
import org.diwan.engine.kernel.KvType;

/// One text as the model remembers it: the keys and values of its positions in every layer, in pages
/// of a [PagePool]. Owned by the thread that runs its batches.
public final class Sequence {
    private final PagePool pool;
    private final List<KeyValues> layers;
    private final List<Page> pages = new ArrayList<>();
    private final int capacity;
    private int length;

    Sequence(PagePool pool, ModelConfig config, KvType type) {
        this.pool = pool;
        this.capacity = config.contextLength();
        this.layers = new ArrayList<>(config.layers());
        for (int i = 0; i < config.layers(); i++) layers.add(new KeyValues(type, config.kvHeads(), config.headSize()));
    }

    /// Positions that hold a token, or will after the batch that carries it has run.
    public int length() {
        return length;
    }

    /// Pages that it holds.
    public int pages() {
        return pages.size();
    }

    /// The page of positions `index · POSITIONS` and on.
    public Page page(int index) {
        return pages.get(index);
    }

    /// Pages that must be free before `tokens` more are added.
    public int pagesFor(int tokens) {
        return Math.max(0, Math.ceilDiv(length + tokens, Page.POSITIONS) - pages.size());
    }

    /// Goes on from a full page that another sequence computed from the same tokens at the same
    /// positions.
    ///
    /// @throws IllegalStateException when the last page is not full
    public void adopt(Page page) {
        if (length != pages.size() * Page.POSITIONS) {
            throw new IllegalStateException("the page before, up to position " + length + ", is not full");
        }
        pool.hold(page);
        attach(page);
        length += Page.POSITIONS;
    }

    /// Forgets all positions from `length` on.
    public void truncate(int length) {
        assert length <= this.length : "a text is not made longer by forgetting";
        this.length = length;
    }

    /// Forgets everything and gives the pages back, the last one first.
    public void release() {
        length = 0;
        for (KeyValues layer : layers) layer.clear();
        while (!pages.isEmpty()) pool.release(pages.removeLast());
    }

    /// The position of one more token.
    int append() {
        if (length == capacity) throw new IllegalStateException("the context of " + capacity + " positions is full");
        if (length == pages.size() * Page.POSITIONS) attach(pool.take());
        return length++;
    }

    KeyValues layer(int index) {
        return layers.get(index);
    }

    private void attach(Page page) {
        pages.add(page);
        for (int i = 0; i < layers.size(); i++) layers.get(i).attach(page.layers[i]);
    }
}
