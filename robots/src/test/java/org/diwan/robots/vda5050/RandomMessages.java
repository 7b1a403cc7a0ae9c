package org.diwan.robots.vda5050;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Messages with any values that their records take and their version can say, by reflection over the
/// records, so that a member that is added is drawn as well.
public final class RandomMessages {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final double[] TAME = {0, 0.25, 0.5, 1};
    private static final double[] WILD = {-1, Math.PI, -0.0, 1e-300, 42.125, 100, -1e300, Double.MAX_VALUE};

    /// Sets that the factsheet of 2.1.0 closes.
    private static final Map<String, List<String>> WORDS = Map.of(
            "mobileRobotKinematics", List.of("DIFF", "OMNI", "THREEWHEEL"),
            "mobileRobotClass", List.of("FORKLIFT", "CONVEYOR", "TUGGER", "CARRIER"),
            "localizationTypes", List.of("NATURAL", "REFLECTOR", "RFID", "DMC", "SPOT", "GRID"),
            "navigationTypes", List.of("PHYSICAL_LINE_GUIDED", "VIRTUAL_LINE_GUIDED", "AUTONOMOUS"),
            "type", List.of("DRIVE", "CASTER", "FIXED", "MECANUM"));

    private final Version version;
    private final SplittableRandom random;

    /// In 3.0.0 an instant action neither blocks nor is retried.
    private boolean instant;

    public RandomMessages(Version version, SplittableRandom random) {
        this.version = version;
        this.random = random;
    }

    /// One of that topic.
    public Message message(Topic topic) {
        instant = topic == Topic.INSTANT_ACTIONS && version == Version.V3_0;
        return switch (topic) {
            case ORDER -> order();
            case INSTANT_ACTIONS -> make(InstantActions.class, topic.text(), Map.of());
            case STATE -> make(State.class, topic.text(), Map.of());
            case CONNECTION -> make(Connection.class, topic.text(), Map.of());
            case VISUALIZATION -> make(Visualization.class, topic.text(), Map.of());
            case FACTSHEET -> make(Factsheet.class, topic.text(), Map.of());
            case ZONE_SET -> make(ZoneSet.class, topic.text(), Map.of());
            case RESPONSES -> make(Responses.class, topic.text(), Map.of());
        };
    }

    /// Before 3.0.0 an edge can be written only between its nodes.
    private Order order() {
        int count = random.nextInt(1, 4);
        var nodes = IntStream.range(0, count)
                .mapToObj(i -> make(Order.Node.class, "nodes", Map.of("sequenceId", 2L * i)))
                .toList();
        var edges = IntStream.range(0, count - 1)
                .mapToObj(i -> make(Order.Edge.class, "edges", Map.of("sequenceId", 2L * i + 1)))
                .toList();
        return make(Order.class, "order", Map.of("nodes", nodes, "edges", edges));
    }

    private <T> T make(Class<T> type, String object, Map<String, Object> given) {
        for (int attempt = 0; ; attempt++) {
            try {
                return build(type, object, given, attempt < 10 ? 0.1 : 0);
            } catch (IllegalArgumentException e) {
                if (attempt == 100) throw e;
            }
        }
    }

    private <T> T build(Class<T> type, String object, Map<String, Object> given, double wild) {
        var parts = type.getRecordComponents();
        var values = new ArrayList<@Nullable Object>();
        for (var part : parts)
            values.add(given.containsKey(part.getName()) ? given.get(part.getName()) : value(type, object, part, wild));
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException bad) throw bad;
            throw new AssertionError(e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record without its constructor", e);
        }
    }

    private @Nullable Object value(Class<?> owner, String object, RecordComponent part, double wild) {
        String name = part.getName();
        boolean sayable = version.member(object, name).isPresent();
        if (part.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            boolean needed = version.requires(name) || (version == Version.V2_0 && owner == State.Pose.class);
            if (!sayable || (!needed && random.nextBoolean())) return null;
            if (instant && name.equals("retriable")) return null;
        }
        if (owner == Order.Ellipse.class && version != Version.V3_0) return name.equals("theta") ? 0.0 : 0.75;
        if (owner == State.PowerSupply.class && version == Version.V2_0 && part.getType() == Double.class)
            return (double) random.nextInt(101);
        if (name.equals("data")) return object(0);
        return value(name, part.getAnnotatedType(), wild, sayable);
    }

    private Object value(String name, AnnotatedType annotated, double wild, boolean sayable) {
        if (annotated instanceof AnnotatedParameterizedType generic) {
            if (name.equals("maximumArrayLengths")) return lengths();
            var element = generic.getAnnotatedActualTypeArguments()[0];
            var list = new ArrayList<Object>();
            int size = !sayable ? 0 : name.equals("vertices") ? 3 : random.nextInt(3);
            for (int i = 0; i < size; i++) list.add(value(name, element, wild, true));
            return list;
        }
        return single(name, (Class<?>) annotated.getType(), wild);
    }

    private Object single(String name, Class<?> type, double wild) {
        if (type == String.class) return text(name);
        if (type == double.class || type == Double.class) return number(wild);
        if (type == long.class || type == Long.class) return random.nextLong(1L << random.nextInt(1, 33));
        if (type == boolean.class || type == Boolean.class) return random.nextBoolean();
        if (type == Instant.class) return Instant.ofEpochMilli(random.nextLong(4_102_444_800_000L));
        if (type == JsonNode.class) return json(version == Version.V2_0 ? 5 : 6, 0);
        if (type == Header.class) return make(Header.class, "header", Map.of("version", version.text()));
        if (type == ZoneSet.Rule.class) {
            var rules = ZoneSet.Rule.class.getPermittedSubclasses();
            return make(rules[random.nextInt(rules.length)], "zones", Map.of());
        }
        if (type == Order.Trajectory.class) return trajectory(wild);
        if (type.isEnum()) return constant(type);
        return make(type, name, Map.of());
    }

    /// A clamped curve; before 3.0.0 its knots have to be named.
    private Order.Trajectory trajectory(double wild) {
        int degree = random.nextInt(1, 4);
        int count = degree + 1 + random.nextInt(3);
        var points = IntStream.range(0, count)
                .mapToObj(_ -> new Order.ControlPoint(number(wild), number(wild), 1e-3 + random.nextDouble()))
                .toList();
        if (version == Version.V3_0 && random.nextBoolean()) return new Order.Trajectory(degree, List.of(), points);
        var knots = new ArrayList<Double>();
        for (int i = 0; i <= degree; i++) knots.add(0.0);
        random.doubles(count - degree - 1, 0.01, 0.99).sorted().forEach(knots::add);
        for (int i = 0; i <= degree; i++) knots.add(1.0);
        return new Order.Trajectory(degree, knots, points);
    }

    private Object constant(Class<?> type) {
        if (instant && type == Action.BlockingType.class) return Action.BlockingType.NONE;
        var words = Arrays.stream((Enum<?>[]) type.getEnumConstants())
                .filter(word -> version.word(word).isPresent())
                .toList();
        return words.get(random.nextInt(words.size()));
    }

    private double number(double wild) {
        if (random.nextDouble() >= wild) return TAME[random.nextInt(TAME.length)];
        return random.nextBoolean() ? WILD[random.nextInt(WILD.length)] : random.nextDouble(-4, 4);
    }

    private String text(String name) {
        var words = WORDS.get(name);
        if (words != null && version != Version.V3_0) return words.get(random.nextInt(words.size()));
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "\"\\\n\u0000</é\u202e😀";
            default -> Long.toString(random.nextLong(), 36);
        };
    }

    private Map<String, Long> lengths() {
        var lengths = new HashMap<String, Long>();
        for (String array : Factsheet.ProtocolLimits.ARRAYS)
            if (random.nextBoolean()
                    && version.member("maximumArrayLengths", array).isPresent())
                lengths.put(array, random.nextLong(100));
        return lengths;
    }

    private JsonNode json(int kinds, int depth) {
        return switch (random.nextInt(depth < 3 ? kinds : 4)) {
            case 0 -> JSON.textNode(text("value"));
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextInt());
            case 3 -> JSON.numberNode(random.nextDouble());
            case 4 -> JSON.arrayNode().add(json(kinds, depth + 1)).add(json(kinds, depth + 1));
            default -> object(depth + 1);
        };
    }

    private ObjectNode object(int depth) {
        return JSON.objectNode().set("k" + random.nextInt(3), json(6, depth));
    }
}
