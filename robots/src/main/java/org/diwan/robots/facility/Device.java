package org.diwan.robots.facility;

import java.util.List;
import java.util.Optional;

/// What stands behind a lease, as the desk knows it.
sealed interface Device permits LiftDevice, DoorDevice, Device.Area {
    /// From now on serves that claim, or nobody.
    void serve(Optional<Claim> claim);

    /// Whether the claim that it serves may go now.
    boolean ready();

    /// Why it cannot be used now, if so; a sentence that goes on after its name.
    Optional<String> fault();

    /// Which to serve next.
    ///
    /// @param waiting at least one, the longest waiting first
    Claim next(List<Claim> waiting);

    /// A second is over: says again what is wanted.
    void repeat();

    /// A person says that it works again.
    void repaired();

    /// A zone: nothing moves, whoever is first has it.
    final class Area implements Device {
        @Override
        public void serve(Optional<Claim> claim) {}

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public Optional<String> fault() {
            return Optional.empty();
        }

        @Override
        public Claim next(List<Claim> waiting) {
            return waiting.getFirst();
        }

        @Override
        public void repeat() {}

        @Override
        public void repaired() {}
    }
}
