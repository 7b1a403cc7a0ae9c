package org.diwan.robots.vda5050;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;

/// Messages of one version to JSON in UTF-8 and back.
///
/// Written messages are valid against the version's official schema. Two of those cannot be taken at
/// their word: 2.0.0's of the factsheet names its members outside `properties` and so checks none of
/// them (the factsheet of 2.1.0 is written), and 2.0.0's of instantActions requires `actionName` where its
/// text says `actionType` (both are written, either is read). Two things that are not valid are read as well,
/// since vehicles say them: in 2.0.0 a node's position in a state without `theta`, and instant actions named
/// `instantActions`, as in 1.1 (written too, beside `actions`).
public record Codec(Version version) {
    /// A state with a thousand nodes is about 200 kB.
    public static final int MAX_BYTES = 8 << 20;

    /// Deepest nesting that is read: the messages need 8, arguments of actions are free in form.
    public static final int MAX_DEPTH = 64;

    /// Longest text, in UTF-16 units, that a vehicle is told. It repeats names of orders and actions in its states, a
    /// hundred of them long after they ended, and a state longer than [#MAX_BYTES] could not be sent.
    public static final int MAX_TEXT = 1_024;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// The message as it goes over [Topic#of].
    ///
    /// @throws IllegalArgumentException naming the member that this version cannot say; or the header is
    ///     of another version, or the message longer than [#MAX_BYTES]
    public byte[] write(Message message) {
        var topic = Topic.of(message);
        if (topic.since().compareTo(version) > 0)
            throw new IllegalArgumentException(version.text() + " has no topic " + topic.text());
        if (!message.header().version().equals(version.text()))
            throw new IllegalArgumentException(
                    "a header of " + message.header().version() + " for a codec of " + version.text());
        var node = JsonNodeFactory.instance.objectNode();
        var out = new Out(version, topic.text(), node);
        header(out, message.header());
        switch (message) {
            case Order order -> OrderCodec.write(out, order);
            case InstantActions actions -> OrderCodec.write(out, actions);
            case State state -> StateCodec.write(out, state);
            case Connection connection -> out.put("connectionState", connection.connectionState());
            case Visualization visualization -> StateCodec.write(out, visualization);
            case Factsheet factsheet -> FactsheetCodec.write(out, factsheet);
            case ZoneSet zones -> ZoneCodec.write(out, zones);
            case Responses responses -> ZoneCodec.write(out, responses);
        }
        byte[] bytes;
        try {
            bytes = MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not text in UTF-8: " + e.getOriginalMessage(), e);
        }
        if (bytes.length > MAX_BYTES)
            throw new IllegalArgumentException("a message of " + bytes.length + " bytes, the limit is " + MAX_BYTES);
        return bytes;
    }

    /// The message that came over `topic`.
    ///
    /// @throws MalformedException naming what is missing, mistyped or out of range by its path
    public Message read(Topic topic, byte[] json) {
        if (topic.since().compareTo(version) > 0)
            throw new MalformedException(version.text() + " has no topic " + topic.text());
        var in = new In(version, topic.text(), topic.isForVehicle() ? MAX_TEXT : MAX_BYTES, tree(topic, json));
        return In.read(in, _ -> switch (topic) {
            case ORDER -> OrderCodec.order(in, header(in));
            case INSTANT_ACTIONS -> OrderCodec.instantActions(in, header(in));
            case STATE -> StateCodec.state(in, header(in));
            case CONNECTION ->
                new Connection(header(in), in.choice("connectionState", Connection.ConnectionState.class));
            case VISUALIZATION -> StateCodec.visualization(in, header(in));
            case FACTSHEET -> FactsheetCodec.factsheet(in, header(in));
            case ZONE_SET -> ZoneCodec.zoneSet(in, header(in));
            case RESPONSES -> ZoneCodec.responses(in, header(in));
        });
    }

    private static JsonNode tree(Topic topic, byte[] json) {
        if (json.length > MAX_BYTES)
            throw new MalformedException(
                    topic.text() + " is " + json.length + " bytes long, the limit is " + MAX_BYTES);
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            String why = e instanceof JsonProcessingException bad ? bad.getOriginalMessage() : e.getMessage();
            throw new MalformedException(topic.text() + " is not JSON: " + why, e);
        }
    }

    private static void header(Out out, Header header) {
        out.put("headerId", header.headerId());
        out.put("timestamp", header.timestamp());
        out.put("version", header.version());
        out.put("manufacturer", header.manufacturer());
        out.put("serialNumber", header.serialNumber());
    }

    /// Also where an older schema forgets to require it; its text does not.
    private static Header header(In in) {
        return new Header(
                in.count("headerId"),
                in.time("timestamp"),
                in.text("version"),
                in.text("manufacturer"),
                in.text("serialNumber"));
    }
}
