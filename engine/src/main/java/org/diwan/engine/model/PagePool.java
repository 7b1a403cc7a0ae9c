package org.diwan.engine.model;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.diwan.engine.kernel.KeyValues;
import org.diwan.engine.kernel.KvType;
import org.diwan.engine.kernel.LargeMemory;

/// The pages that sequences of one model share, at most as many as a stated number: memory for keys
/// and values is taken a page at a time, as a text grows (Kwon et al. 2023, "PagedAttention", §4.2).
///
/// Memory is off the heap and asked for in slabs of [#SLAB_BYTES], when a page is needed and none is
/// free; the system hands it out as it is written. It goes back when the pool and all its sequences
/// are garbage. Owned by the thread that runs the sequences' batches.
public final class PagePool {
    private static final long SLAB_BYTES = 64L << 20;

    private final ModelConfig config;
    private final KvType type;
    private final int pages;
    private final Deque<Page> free = new ArrayDeque<>();
    private int made;

    /// @param pages at most, 1 or more
    PagePool(ModelConfig config, KvType type, int pages) {
        if (pages < 1) throw new IllegalArgumentException("a pool of " + pages + " pages, must be 1 or more");
        this.config = config;
        this.type = type;
        this.pages = pages;
    }

    /// A text of no tokens yet.
    public Sequence sequence() {
        return new Sequence(this, config, type);
    }

    /// Pages, held or free.
    public int pages() {
        return pages;
    }

    /// Pages that nobody holds.
    public int free() {
        return pages - made + free.size();
    }

    /// One holder more.
    public void hold(Page page) {
        assert page.holders > 0 : "a free page is not there to be held";
        page.holders++;
    }

    /// One holder less; the last one frees the page.
    public void release(Page page) {
        assert page.holders > 0 : "a page is released once for each time it was held";
        if (--page.holders == 0) free.push(page);
    }

    /// A page with one holder, whose content is anything.
    ///
    /// @throws IllegalStateException when all pages are held: whoever adds tokens sees to it that
    ///     there is room ([Sequence#pagesFor(int)])
    Page take() {
        if (free() == 0) throw new IllegalStateException("all " + pages + " pages are held");
        if (free.isEmpty()) makeSlab();
        Page page = free.pop();
        page.holders = 1;
        return page;
    }

    /// Bytes of a page of a model.
    static long pageBytes(ModelConfig config, KvType type) {
        return config.layers() * KeyValues.pageSize(type, config.kvHeads(), config.headSize());
    }

    private void makeSlab() {
        long layerBytes = KeyValues.pageSize(type, config.kvHeads(), config.headSize());
        long pageBytes = pageBytes(config, type);
        int count = Math.clamp(SLAB_BYTES / pageBytes, 1, pages - made);
        MemorySegment slab = LargeMemory.allocate(count * pageBytes);
        for (int i = 0; i < count; i++) {
            var layers = new MemorySegment[config.layers()];
            for (int layer = 0; layer < layers.length; layer++) {
                layers[layer] = slab.asSlice(i * pageBytes + layer * layerBytes, layerBytes);
            }
            free.add(new Page(layers));
        }
        made += count;
    }
}
