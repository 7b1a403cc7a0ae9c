package org.diwan.robots.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.diwan.robots.bus.Bus;

/// A bus that remembers everything that was sent on it, as a digest: two runs that agree on it said the same
/// words.
final class Tape implements Bus {
    private final Bus bus;
    private final MessageDigest digest;
    private long messages;

    Tape(Bus bus) {
        this.bus = bus;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    @Override
    public void publish(Message message) {
        messages++;
        digest.update(message.topic().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(message.payload());
        bus.publish(message);
    }

    @Override
    public Subscription subscribe(String filter, Handler handler) {
        return bus.subscribe(filter, handler);
    }

    long messages() {
        return messages;
    }

    /// SHA-256 over topic, 0 and payload of each message, in hexadecimal.
    String digest() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("SHA-256 of the JDK can be cloned", e);
        }
    }
}
