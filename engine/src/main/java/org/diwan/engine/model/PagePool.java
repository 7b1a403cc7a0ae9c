package org.diwan.engine.model;

import java.util.ArrayDeque;
import java.util.Deque;

/// The pages that sequences of one model share, at most as many as a stated number: memory for keys
/// and values is taken a page at a time, as a text grows (Kwon et al. 2023, "PagedAttention", §4.2).
///
/// A page is made when one is needed and none is free, and never given back to the system. Owned by
/// the thread that runs the sequences' batches.
public final class PagePool {
    private final ModelConfig config;
    private final int pages;
    private final Deque<Page> free = new ArrayDeque<>();
    private int made;

    /// @param pages at most, 1 or more
    PagePool(ModelConfig config, int pages) {
        if (pages < 1) throw new IllegalArgumentException("a pool of " + pages + " pages, must be 1 or more");
        this.config = config;
        this.pages = pages;
    }

    /// A text of no tokens yet.
    public Sequence sequence() {
        return new Sequence(this, config);
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
        Page page;
        if (free.isEmpty()) {
            page = new Page(config);
            made++;
        } else {
            page = free.pop();
        }
        page.holders = 1;
        return page;
    }
}
