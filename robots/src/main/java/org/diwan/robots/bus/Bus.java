package org.diwan.robots.bus;

/// Carries messages by topic. What is lost, doubled or late on the way is the receiver's to bear:
/// VDA 5050 sends at most once (§4.2).
public interface Bus {
    /// Sends without waiting. Topics have levels divided by `/`.
    void publish(Message message);

    /// Calls `handler`, on the timeline's thread, with what comes on topics that `filter` names: `+` stands for one
    /// level, a `#` at the end for all that follow. A retained message comes at once.
    Subscription subscribe(String filter, Handler handler);

    /// What is sent.
    ///
    /// @param atLeastOnce whether it is sent again until it is taken, so that it may come twice
    /// @param retained whether who subscribes later gets it too, until the next of its topic; an empty payload
    ///     ends that
    @SuppressWarnings("ArrayRecordComponent")
    record Message(String topic, byte[] payload, boolean atLeastOnce, boolean retained) {
        /// Sent once and forgotten.
        public static Message once(String topic, byte[] payload) {
            return new Message(topic, payload, false, false);
        }

        /// A state of things, for those who come later too.
        public static Message retained(String topic, byte[] payload) {
            return new Message(topic, payload, true, true);
        }
    }

    /// Takes messages.
    @FunctionalInterface
    interface Handler {
        void on(String topic, byte[] payload);
    }

    /// Ends when closed.
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
