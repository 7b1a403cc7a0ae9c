package org.diwan.robots.vda5050;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.robots.vda5050.Order.Trajectory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every message of every version against the official schemas, its own inverse, and damage.
class CodecTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Version> VERSIONS = List.of(Version.values());

    /// Members of the schemas that the records do without: 2.x's second names and descriptions of maps.
    /// 2.1.0's texts for `blockingTypes` and `envelopes3d.description` cannot be satisfied.
    private static final List<String> NOT_SAID = List.of(
            "2.0.0 order.nodes.nodePosition.mapDescription",
            "2.0.0 state.agvPosition.mapDescription",
            "2.1.0 factsheet.agvGeometry.envelopes3d.description",
            "2.1.0 factsheet.protocolFeatures.agvActions.blockingTypes",
            "2.1.0 order.nodes.nodePosition.mapDescription",
            "2.1.0 state.agvPosition.mapDescription");

    @Test
    void writtenMessagesAreValidAndReadBackAsTheyWere() {
        var schemas = new OfficialSchemas();
        Seeded.forAll(1_500, random -> {
            var topic = schemas.any(random);
            var codec = new Codec(topic.version());
            var message = new RandomMessages(topic.version(), random).message(topic.topic());
            byte[] json = codec.write(message);
            assertEquals(List.of(), schemas.errors(topic, json), () -> new String(json, StandardCharsets.UTF_8));
            assertEquals(message, codec.read(topic.topic(), json));
        });
    }

    /// A misspelled optional member would be valid, as any additional one is: so none may be missing.
    @Test
    void everyMemberOfTheSchemasIsWritten() throws IOException {
        var schemas = new OfficialSchemas();
        var missing = new TreeSet<String>();
        for (var topic : schemas.all()) {
            var said = new TreeSet<String>();
            var messages = new RandomMessages(topic.version(), new SplittableRandom(5));
            for (int i = 0; i < 300; i++)
                paths(
                        JSON.readTree(new Codec(topic.version()).write(messages.message(topic.topic()))),
                        topic.version().text() + " " + topic.topic().text(),
                        said);
            var known = schemas.members(topic);
            assertTrue(known.size() > 5 || topic.toString().contains("2.0.0 factsheet"), topic.toString());
            known.removeAll(said);
            missing.addAll(known);
        }
        assertEquals(new TreeSet<>(NOT_SAID), missing);
    }

    private static void paths(JsonNode node, String path, Set<String> paths) {
        paths.add(path);
        if (node.isArray()) for (var child : node) paths(child, path, paths);
        if (node.isObject())
            for (var member : node.properties()) paths(member.getValue(), path + "." + member.getKey(), paths);
    }

    /// The schema says which member is required; the reader may do without three that have a meaning when
    /// absent, and takes either name of an instant action's type in 2.0.0.
    @Test
    void messageWithoutRequiredMemberIsRefusedByName() {
        var forgiven = List.of("degree", "knotVector", "weight", "actionName");
        var schemas = new OfficialSchemas();
        Seeded.forAll(1_500, random -> {
            var topic = schemas.any(random);
            var codec = new Codec(topic.version());
            var tree = JSON.readTree(codec.write(new RandomMessages(topic.version(), random).message(topic.topic())));
            var objects = new ArrayList<ObjectNode>();
            objects(tree, objects);
            var object = objects.get(random.nextInt(objects.size()));
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            if (names.isEmpty()) return;
            String name = names.get(random.nextInt(names.size()));
            object.remove(name);
            byte[] json = JSON.writeValueAsBytes(tree);
            // A node's position in a state, which vda-5050-lib sends without; the vehicle's own has more members.
            boolean node = name.equals("theta") && object.has("mapId") && !object.has("positionInitialized");
            if (topic.version() == Version.V2_0 && topic.topic() == Topic.STATE && node) return;
            if (schemas.errors(topic, json).isEmpty() || forgiven.contains(name)) return;
            var refused = assertThrows(MalformedException.class, () -> codec.read(topic.topic(), json), tree::toString);
            String why = String.valueOf(refused.getMessage());
            assertTrue(why.endsWith("." + name + " is missing"), why);
        });
    }

    private static void objects(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) objects.add(object);
        for (var child : node) objects(child, objects);
    }

    @Test
    void damagedMessagesAreReadOrRefused() {
        Seeded.forAll(3_000, random -> {
            var version = VERSIONS.get(random.nextInt(VERSIONS.size()));
            var topics = List.of(Topic.values()).stream()
                    .filter(t -> t.since().compareTo(version) <= 0)
                    .toList();
            var topic = topics.get(random.nextInt(topics.size()));
            var codec = new Codec(version);
            byte[] json = Mutations.of(codec.write(new RandomMessages(version, random).message(topic)), random);
            try {
                codec.read(topic, json);
            } catch (MalformedException e) {
                String why = String.valueOf(e.getMessage());
                assertTrue(why.startsWith(topic.text()), why);
            }
        });
    }

    /// A vehicle's own curve is nothing to drive by: a state is read whatever its curve is like. None is written.
    @Test
    void trajectoryThatIsNoCurveIsNamedReadAndNotWritten() {
        var points = List.of(point(0, 1), point(1, 1), point(2, 1));
        assertEquals(Optional.empty(), new Trajectory(2, List.of(), points).fault());
        assertEquals(List.of(0.0, 0.0, 0.5, 1.0, 1.0), new Trajectory(1, List.of(), points).knots());
        assertEquals(List.of(0.0, 0.0, 0.0, 1.0, 1.0, 1.0), new Trajectory(2, List.of(), points).knots());
        noCurve("3 control points, degree 3 needs 4", 3, points);
        noCurve("control point 1 has the weight 0, must have more", 1, List.of(point(0, 1), point(1, 0)));
        noCurve("5 knots, 3 control points of degree 2 need 6", 2, points, 0, 0, 0, 1, 1);
        noCurve("knot 2 is less than the one before", 1, points, 0, 0.5, 0.4, 1, 1);
        noCurve("its first and its last knot must come 2 times", 1, points, 0, 0.1, 0.5, 1, 1);
        noCurve("its first and its last knot must come 2 times", 1, points, 0, 0, 0.5, 0.9, 1);
        noCurve("knot 1 comes more often than 1 times", 1, points, 0, 0, 0, 1, 1);
        var four = List.of(point(0, 1), point(1, 1), point(2, 1), point(3, 1));
        noCurve("knot 2 comes more often than 1 times", 1, four, 0, 0, 0.5, 0.5, 1, 1);
    }

    private static Order.ControlPoint point(double x, double weight) {
        return new Order.ControlPoint(x, 0, weight);
    }

    private static void noCurve(String why, int degree, List<Order.ControlPoint> points, double... knots) {
        var trajectory = new Trajectory(degree, Arrays.stream(knots).boxed().toList(), points);
        assertEquals(Optional.of(why), trajectory.fault());
        var json = JsonNodeFactory.instance.objectNode();
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> OrderCodec.trajectory(new Out(Version.V3_0, "trajectory", json), trajectory));
        assertEquals("trajectory cannot be written: " + why, refused.getMessage());
        json.put("degree", degree);
        var vector = json.putArray("knotVector");
        for (double knot : knots) vector.add(knot);
        var list = json.putArray("controlPoints");
        for (var point : points)
            list.addObject().put("x", point.x()).put("y", 0).put("weight", point.weight());
        assertEquals(trajectory, OrderCodec.trajectory(new In(Version.V3_0, "trajectory", Codec.MAX_TEXT, json)));
    }

    @Test
    void unknownMembersAreKeptOut() {
        var codec = new Codec(Version.V2_1);
        var connection = new Connection(header(Version.V2_1), Connection.ConnectionState.CONNECTION_BROKEN);
        String json = new String(codec.write(connection), StandardCharsets.UTF_8);
        String more = json.substring(0, json.length() - 1) + ",\"vendor\":{\"x\":[1,null]},\"headerid\":-1}";
        assertTrue(json.contains("\"CONNECTIONBROKEN\""), json);
        assertEquals(connection, codec.read(Topic.CONNECTION, more.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsWrongIsRefusedByItsPath() {
        String node = "'nodeId':'n','sequenceId':0,'released':true,'actions':[]";
        refused("order.nodes[0].nodePosition.x is not a number", node + ",'nodePosition':{'x':'1','y':0,'mapId':'m'}");
        refused("order.nodes[0].nodePosition.x is beyond a float64", node + ",'nodePosition':{'x':1e999}");
        refused(
                "order.nodes[0].nodePosition: theta is 3.2, must be in [-3.14159265359, 3.14159265359]",
                node + ",'nodePosition':{'x':0,'y':0,'theta':3.2,'mapId':'m'}");
        refused("order.nodes[0].released is not true or false", node.replace("true", "1"));
        refused(
                "order.nodes[0].sequenceId is -1.0, must be an integer in [0, 4294967295]",
                node.replace("'sequenceId':0", "'sequenceId':-1"));
        refused("order.nodes[0].nodeId is not a string", node.replace("'n'", "[]"));
        refused("order.nodes[0].actions is not an array", node.replace("[]", "{}"));
        refused(
                "order.nodes[0].actions[0].blockingType is 'MAYBE', which is no BlockingType of 3.0.0",
                node.replace("[]", "[{'actionType':'t','actionId':'i','blockingType':'MAYBE'}]"));
        refused(
                "order.nodes[0].actions[0].actionParameters[0].value is missing",
                node.replace(
                        "[]",
                        "[{'actionType':'t','actionId':'i','blockingType':'NONE',"
                                + "'actionParameters':[{'key':'k','value':null}]}]"));
        assertTrue(
                refusal(node + ",'nodePosition':{'x':NaN}").startsWith("order is not JSON: Non-standard token 'NaN'"));
        assertTrue(refusal(node + ",'nodeId':'twice'").startsWith("order is not JSON: Duplicate field 'nodeId'"));
    }

    private static void refused(String message, String node) {
        assertEquals(message, refusal(node));
    }

    private static String refusal(String node) {
        String json = ("{'headerId':1,'timestamp':'2026-01-02T03:04:05.006+01:00','version':'3.0.0','manufacturer':'m',"
                        + "'serialNumber':'s','orderId':'o','orderUpdateId':0,'edges':[],'nodes':[{" + node + "}]}")
                .replace('\'', '"');
        var codec = new Codec(Version.V3_0);
        return said(assertThrows(
                MalformedException.class, () -> codec.read(Topic.ORDER, json.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void whatAnOlderVersionCannotSayIsRefusedNotDropped() {
        var oval = new Order.NodePosition(0, 0, null, new Order.Ellipse(1, 2, 0), null, "m");
        assertEquals(
                "order.nodes[0].nodePosition.allowedDeviationXY cannot be written in 2.1.0: "
                        + "only a circle (a = b, theta = 0) can",
                unsayable(Version.V2_1, oval, Action.BlockingType.NONE));
        assertEquals(
                "order.nodes[0].actions[0].blockingType cannot be written in 2.0.0: it has no SINGLE",
                unsayable(Version.V2_0, null, Action.BlockingType.SINGLE));
        var zones = new ZoneSet(header(Version.V2_1), "m", "z", null, List.of());
        var none = assertThrows(IllegalArgumentException.class, () -> new Codec(Version.V2_1).write(zones));
        assertEquals("2.1.0 has no topic zoneSet", none.getMessage());
        var other = new Connection(header(Version.V2_0), Connection.ConnectionState.ONLINE);
        var wrong = assertThrows(IllegalArgumentException.class, () -> new Codec(Version.V3_0).write(other));
        assertEquals("a header of 2.0.0 for a codec of 3.0.0", wrong.getMessage());
    }

    private static String unsayable(Version version, Order.@Nullable NodePosition position, Action.BlockingType type) {
        var action = new Action("beep", "a", null, type, List.of(), null);
        var node = new Order.Node("n", 0, null, true, position, List.of(action));
        var order = new Order(header(version), "o", 0, null, null, List.of(node), List.of());
        return said(assertThrows(IllegalArgumentException.class, () -> new Codec(version).write(order)));
    }

    private static String said(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static Header header(Version version) {
        return new Header(1, Instant.parse("2026-01-02T03:04:05.006Z"), version.text(), "maker", "7");
    }
}
