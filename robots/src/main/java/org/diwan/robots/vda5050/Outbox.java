package org.diwan.robots.vda5050;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// Numbers what one sender says on each topic of one vehicle (§7.2); starts from 0, as after a restart.
public final class Outbox {
    private final Address address;
    private final Map<Topic, Long> next = new EnumMap<>(Topic.class);

    public Outbox(Address address) {
        this.address = address;
    }

    /// The header of the next message on `topic`.
    public Header header(Topic topic, Instant now) {
        long id = next.merge(topic, 0L, (old, _) -> old == Check.MAX_UINT32 ? 0 : old + 1);
        return new Header(id, now, address.version().text(), address.manufacturer(), address.serialNumber());
    }

    /// The number of the last message on `topic`; 0 before the first.
    public long last(Topic topic) {
        return next.getOrDefault(topic, 0L);
    }
}
