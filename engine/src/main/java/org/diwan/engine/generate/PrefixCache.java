package org.diwan.engine.generate;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.diwan.engine.model.Page;
import org.diwan.engine.model.PagePool;
import org.diwan.engine.model.Sequence;
import org.jspecify.annotations.Nullable;

/// Full pages by what they hold, so that a text which begins like an earlier one need not be read
/// again (Kwon et al. 2023, "PagedAttention", §4.4; Zheng et al. 2024, "SGLang", §3). An adopted page
/// has the bits that computing it would give, because the kernels promise as much for any batch.
///
/// Names ([Text]) say nothing of the model or how keys are stored, since a cache belongs to one
/// engine, which has one of each.
///
/// Pages that no sequence holds wait here until their memory is needed, and go in the order of last
/// use, deeper ones first. Owned by the engine's thread.
final class PrefixCache {
    private final PagePool pool;
    private final Map<ByteBuffer, Page> pages = new HashMap<>();
    private final Map<Page, ByteBuffer> names = new HashMap<>();

    /// Pages that only this cache holds, the least recently used first.
    private final Map<Page, ByteBuffer> idle = new LinkedHashMap<>();

    PrefixCache(PagePool pool) {
        this.pool = pool;
    }

    /// Pages that are free or can be made so.
    int available() {
        return pool.free() + idle.size();
    }

    /// Makes `count` pages free where that is possible.
    ///
    /// @return whether they are
    boolean makeRoom(int count) {
        if (count > available()) return false;
        var each = idle.entrySet().iterator();
        while (pool.free() < count) {
            var oldest = each.next();
            each.remove();
            names.remove(oldest.getKey());
            pages.remove(oldest.getValue());
            pool.release(oldest.getKey());
        }
        return true;
    }

    /// How many of the first `most` pages of `text` are here.
    int known(Text text, int most) {
        int count = 0;
        while (count < most && pages.containsKey(text.name(count))) count++;
        return count;
    }

    /// Those of [#known] that only this cache holds: by adopting them, `sequence` would take as much
    /// from what is available.
    int idle(Text text, int known) {
        int count = 0;
        for (int i = 0; i < known; i++) if (idle.containsKey(pages.get(text.name(i)))) count++;
        return count;
    }

    /// Lets the empty `sequence` begin with the first `count` pages of `text`, which are known.
    void adopt(Sequence sequence, Text text, int count) {
        for (int i = 0; i < count; i++) {
            @Nullable Page page = pages.get(text.name(i));
            if (page == null) throw new AssertionError("page " + i + " was known");
            idle.remove(page);
            sequence.adopt(page);
        }
    }

    /// Remembers page `index` of `sequence`, which is full, unless an equal one is known.
    void publish(Sequence sequence, Text text, int index) {
        Page page = sequence.page(index);
        ByteBuffer name = text.name(index);
        if (pages.containsKey(name) || names.containsKey(page)) return;
        pool.hold(page);
        pages.put(name, page);
        names.put(page, name);
    }

    /// Ends `sequence`: its pages are free, or idle where they are known.
    void release(Sequence sequence) {
        int count = sequence.pages();
        for (int i = count - 1; i >= 0; i--) {
            Page page = sequence.page(i);
            @Nullable ByteBuffer name = names.get(page);
            if (name != null && page.holders() == 2) idle.put(page, name);
        }
        sequence.release();
    }
}
