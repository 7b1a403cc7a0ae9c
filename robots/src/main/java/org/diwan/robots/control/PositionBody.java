package org.diwan.robots.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.diwan.robots.building.Building.Place;
import org.diwan.robots.building.RoadMap;
import org.diwan.robots.fleet.Job;
import org.diwan.robots.fleet.Placement;

/// Where a vehicle is, as a person says it; metres, and radians from the x axis counter-clockwise:
///
/// ```json
/// {"place":"101","theta":1.57}                    in the middle of a place, of a cabin with the "floor" it is at
/// {"floor":"1","x":4.1,"y":7.0,"theta":-1.57}     at most half a metre from a place
/// ```
final class PositionBody {
    private static final Set<String> MEMBERS = Set.of("place", "floor", "x", "y", "theta");

    /// Metres to a place within which a vehicle is there; farther from all places it could not be ordered about.
    private static final double NEAR = 0.5;

    private PositionBody() {}

    /// @throws Refusal naming the member that is at fault
    static Job read(String id, String vehicle, JsonNode body, RoadMap map) {
        for (var member : body.properties())
            if (!MEMBERS.contains(member.getKey()))
                throw new Refusal(
                        400, member.getKey(), "'" + member.getKey() + "' is not known, known are " + MEMBERS + ".");
        double theta = number(body, "theta");
        if (Math.abs(theta) > Math.PI) throw new Refusal(400, "theta", "'theta' must be in [-π, π], is " + theta + ".");
        if (!body.has("place")) {
            double x = number(body, "x");
            double y = number(body, "y");
            String floor = text(body, "floor");
            return Placement.job(id, vehicle, nearest(map, floor, x, y).id(), floor, x, y, theta);
        }
        if (body.has("x") || body.has("y")) throw new Refusal(400, "x", "Say 'place', or 'floor', 'x' and 'y'.");
        var place = place(map, text(body, "place"));
        String floor = body.has("floor") ? text(body, "floor") : place.floor();
        return Placement.job(id, vehicle, place.id(), floor, place.x(), place.y(), theta);
    }

    private static Place place(RoadMap map, String id) {
        try {
            return map.place(map.vertex(id));
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "place", e.getMessage() + ".");
        }
    }

    private static Place nearest(RoadMap map, String floor, double x, double y) {
        Place nearest = null;
        double least = Double.POSITIVE_INFINITY;
        for (var place : map.building().places()) {
            double distance = Math.hypot(place.x() - x, place.y() - y);
            if (!place.floor().equals(floor) || distance >= least) continue;
            nearest = place;
            least = distance;
        }
        if (nearest == null) throw new Refusal(404, "floor", "There is no place on a floor '" + floor + "'.");
        if (least > NEAR)
            throw new Refusal(
                    400,
                    "x",
                    "The nearest place, %s, is %.2f m away, must be within %.1f m: bring the vehicle there."
                            .formatted(nearest.id(), least, NEAR));
        return nearest;
    }

    private static String text(JsonNode body, String member) {
        if (!body.path(member).isTextual()) throw new Refusal(400, member, "'" + member + "' must be a text.");
        return body.path(member).textValue();
    }

    private static double number(JsonNode body, String member) {
        double value = body.path(member).isNumber() ? body.path(member).doubleValue() : Double.NaN;
        if (!Double.isFinite(value)) throw new Refusal(400, member, "'" + member + "' must be a number.");
        return value;
    }
}
