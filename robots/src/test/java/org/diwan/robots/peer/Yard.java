package org.diwan.robots.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.diwan.robots.building.Building;
import org.diwan.robots.building.Building.Floor;
import org.diwan.robots.building.Building.Lane;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.bus.Bus;
import org.diwan.robots.bus.Bus.Message;
import org.diwan.robots.facility.Leases;
import org.diwan.robots.fleet.Clearances;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.vda5050.Address;
import org.diwan.robots.vda5050.Codec;
import org.diwan.robots.vda5050.Order;
import org.diwan.robots.vda5050.Topic;

/// A place to drive in, without doors, lifts and laws.
final class Yard {
    private Yard() {}

    /// A floor of `columns` by `rows` places, 2 m apart.
    static Building grid(int columns, int rows) {
        var places = new ArrayList<Place>();
        var lanes = new ArrayList<Lane>();
        for (int c = 0; c < columns; c++)
            for (int r = 0; r < rows; r++) {
                places.add(new Place(place(c, r), "f0", 2.0 * c, 2.0 * r, Map.of(), Set.of()));
                if (c > 0) lanes.add(new Lane(place(c - 1, r), place(c, r), false, Optional.empty(), Optional.empty()));
                if (r > 0) lanes.add(new Lane(place(c, r - 1), place(c, r), false, Optional.empty(), Optional.empty()));
            }
        return new Building(
                "grid", List.of(new Floor("f0", 0, List.of())), places, lanes, List.of(), List.of(), List.of());
    }

    /// The name of one of them.
    static String place(int column, int row) {
        return "p" + column + "-" + row;
    }

    /// Sends what the fleet wants to send.
    record Straight(Bus bus, Function<String, Address> addresses) implements Clearances {
        @Override
        public Optional<String> clear(Job job, String vehicle) {
            return Optional.empty();
        }

        @Override
        public void send(String job, Order order) {
            var address = addresses.apply(order.header().serialNumber());
            bus.publish(Message.once(address.topic(Topic.ORDER), new Codec(address.version()).write(order)));
        }
    }

    /// The grid has neither lifts nor doors.
    static final class NoLeases implements Leases {
        @Override
        public void request(String facility, String holder, String floor) {
            throw new IllegalArgumentException("no facility " + facility);
        }

        @Override
        public Standing standing(String facility, String holder) {
            return Standing.NONE;
        }

        @Override
        public void release(String facility, String holder) {}

        @Override
        public void listen(Runnable changed) {}
    }
}
