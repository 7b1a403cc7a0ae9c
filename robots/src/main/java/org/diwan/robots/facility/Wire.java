package org.diwan.robots.facility;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// The devices' messages, as the package says them.
final class Wire {
    /// Largest message, bytes.
    static final int MAX_SIZE = 4096;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(4).build())
            .build());

    enum Motion {
        STOPPED,
        UP,
        DOWN,
        UNKNOWN
    }

    enum DoorMode {
        CLOSED,
        MOVING,
        OPEN,
        UNKNOWN
    }

    enum Mode {
        ROBOT,
        HUMAN,
        FIRE,
        EMERGENCY,
        OUT_OF_SERVICE
    }

    /// @param session who is served; empty: nobody
    /// @param floor empty for a door
    record Request(long number, String session, String floor) {}

    record LiftState(
            long number,
            Instant time,
            long request,
            String session,
            String floor,
            double height,
            Motion motion,
            DoorMode door,
            Mode mode) {}

    record DoorState(long number, Instant time, long request, DoorMode door, Mode mode) {}

    private Wire() {}

    static String topic(String kind, String id, String what) {
        return String.join("/", "building", "v1", kind, id, what);
    }

    static byte[] write(Request request) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("number", request.number()).put("session", request.session());
        if (!request.floor().isEmpty()) node.put("floor", request.floor());
        return bytes(node);
    }

    static byte[] write(LiftState state) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("number", state.number()).put("time", state.time().toString());
        node.put("request", state.request()).put("session", state.session());
        node.put("floor", state.floor()).put("height", state.height());
        node.put("motion", state.motion().name()).put("door", state.door().name());
        return bytes(node.put("mode", state.mode().name()));
    }

    static byte[] write(DoorState state) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("number", state.number()).put("time", state.time().toString());
        node.put("request", state.request()).put("door", state.door().name());
        return bytes(node.put("mode", state.mode().name()));
    }

    /// Empty if it is no such message; as the others.
    static Optional<Request> request(byte[] json) {
        return tree(json)
                .filter(node -> isCount(node, "number") && isText(node, "session"))
                .map(node -> new Request(
                        node.get("number").longValue(),
                        node.get("session").textValue(),
                        node.path("floor").asText("")));
    }

    static Optional<LiftState> liftState(byte[] json) {
        return tree(json)
                .filter(node -> isStamped(node)
                        && isText(node, "session")
                        && isText(node, "floor")
                        && node.path("height").isNumber()
                        && Double.isFinite(node.get("height").doubleValue())
                        && choice(node, "motion", Motion.class).isPresent())
                .map(node -> new LiftState(
                        node.get("number").longValue(),
                        time(node).orElseThrow(),
                        node.get("request").longValue(),
                        node.get("session").textValue(),
                        node.get("floor").textValue(),
                        node.get("height").doubleValue(),
                        choice(node, "motion", Motion.class).orElseThrow(),
                        choice(node, "door", DoorMode.class).orElseThrow(),
                        choice(node, "mode", Mode.class).orElseThrow()));
    }

    static Optional<DoorState> doorState(byte[] json) {
        return tree(json)
                .filter(Wire::isStamped)
                .map(node -> new DoorState(
                        node.get("number").longValue(),
                        time(node).orElseThrow(),
                        node.get("request").longValue(),
                        choice(node, "door", DoorMode.class).orElseThrow(),
                        choice(node, "mode", Mode.class).orElseThrow()));
    }

    private static boolean isStamped(JsonNode node) {
        return isCount(node, "number")
                && isCount(node, "request")
                && time(node).isPresent()
                && choice(node, "door", DoorMode.class).isPresent()
                && choice(node, "mode", Mode.class).isPresent();
    }

    private static boolean isCount(JsonNode node, String name) {
        return node.path(name).isIntegralNumber()
                && node.get(name).canConvertToLong()
                && node.get(name).longValue() >= 0;
    }

    private static boolean isText(JsonNode node, String name) {
        return node.path(name).isTextual();
    }

    private static Optional<Instant> time(JsonNode node) {
        try {
            return Optional.of(Instant.parse(node.path("time").asText()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static <E extends Enum<E>> Optional<E> choice(JsonNode node, String name, Class<E> type) {
        for (var constant : type.getEnumConstants())
            if (constant.name().equals(node.path(name).asText())) return Optional.of(constant);
        return Optional.empty();
    }

    private static Optional<JsonNode> tree(byte[] json) {
        if (json.length > MAX_SIZE) return Optional.empty();
        try {
            return Optional.ofNullable(JSON.readTree(json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new AssertionError("texts and numbers can be written", e);
        }
    }
}
