package org.diwan.robots.vda5050;

import java.util.List;
import org.diwan.robots.vda5050.ZoneSet.Zone;
import org.diwan.robots.vda5050.ZoneSet.ZoneAction;

/// Zone sets (§7.6) and the answers to requests (§7.5), both of 3.0.0.
final class ZoneCodec {
    private ZoneCodec() {}

    static void write(Out out, Responses responses) {
        out.list("responses", responses.responses(), (o, response) -> {
            o.put("requestId", response.requestId());
            o.put("grantType", response.grantType());
            o.put("leaseExpiry", response.leaseExpiry());
        });
    }

    static Responses responses(In in, Header header) {
        return new Responses(
                header,
                in.list(
                        "responses",
                        i -> new Responses.Response(
                                i.text("requestId"),
                                i.choice("grantType", Responses.GrantType.class),
                                i.optionalTime("leaseExpiry"))));
    }

    static void write(Out out, ZoneSet set) {
        out.put("zoneSet", set, (o, s) -> {
            o.put("mapId", s.mapId());
            o.put("zoneSetId", s.zoneSetId());
            o.put("zoneSetDescriptor", s.zoneSetDescriptor());
            o.list("zones", s.zones(), ZoneCodec::zone);
        });
    }

    static ZoneSet zoneSet(In in, Header header) {
        return in.object(
                "zoneSet",
                i -> new ZoneSet(
                        header,
                        i.text("mapId"),
                        i.text("zoneSetId"),
                        i.optionalText("zoneSetDescriptor"),
                        i.list("zones", ZoneCodec::zone)));
    }

    private static void zone(Out out, Zone zone) {
        out.put("zoneId", zone.zoneId());
        out.put("zoneType", type(zone.rule()));
        out.put("zoneDescriptor", zone.zoneDescriptor());
        out.list("vertices", zone.vertices(), ZoneCodec::vertex);
        switch (zone.rule()) {
            case ZoneSet.Blocked _, ZoneSet.LineGuided _, ZoneSet.CoordinatedReplanning _ -> {}
            case ZoneSet.Release release -> out.put("releaseLossBehavior", release.releaseLossBehavior());
            case ZoneSet.SpeedLimit limit -> out.put("maximumSpeed", limit.maximumSpeed());
            case ZoneSet.Actions actions -> {
                out.list("entryActions", actions.entryActions(), ZoneCodec::action);
                out.list("duringActions", actions.duringActions(), ZoneCodec::action);
                out.list("exitActions", actions.exitActions(), ZoneCodec::action);
            }
            case ZoneSet.Priority priority -> out.put("priorityFactor", priority.priorityFactor());
            case ZoneSet.Penalty penalty -> out.put("penaltyFactor", penalty.penaltyFactor());
            case ZoneSet.Directed directed -> {
                out.put("direction", directed.direction());
                out.put("directedLimitation", directed.directedLimitation());
            }
            case ZoneSet.Bidirected bidirected -> {
                out.put("direction", bidirected.direction());
                out.put("bidirectedLimitation", bidirected.bidirectedLimitation());
            }
        }
    }

    private static ZoneSet.Type type(ZoneSet.Rule rule) {
        return switch (rule) {
            case ZoneSet.Blocked _ -> ZoneSet.Type.BLOCKED;
            case ZoneSet.LineGuided _ -> ZoneSet.Type.LINE_GUIDED;
            case ZoneSet.Release _ -> ZoneSet.Type.RELEASE;
            case ZoneSet.CoordinatedReplanning _ -> ZoneSet.Type.COORDINATED_REPLANNING;
            case ZoneSet.SpeedLimit _ -> ZoneSet.Type.SPEED_LIMIT;
            case ZoneSet.Actions _ -> ZoneSet.Type.ACTION;
            case ZoneSet.Priority _ -> ZoneSet.Type.PRIORITY;
            case ZoneSet.Penalty _ -> ZoneSet.Type.PENALTY;
            case ZoneSet.Directed _ -> ZoneSet.Type.DIRECTED;
            case ZoneSet.Bidirected _ -> ZoneSet.Type.BIDIRECTED;
        };
    }

    private static Zone zone(In in) {
        return new Zone(
                in.text("zoneId"), in.optionalText("zoneDescriptor"), in.list("vertices", ZoneCodec::vertex), rule(in));
    }

    private static ZoneSet.Rule rule(In in) {
        return switch (in.choice("zoneType", ZoneSet.Type.class)) {
            case BLOCKED -> new ZoneSet.Blocked();
            case LINE_GUIDED -> new ZoneSet.LineGuided();
            case RELEASE -> new ZoneSet.Release(in.choice("releaseLossBehavior", ZoneSet.Release.LossBehavior.class));
            case COORDINATED_REPLANNING -> new ZoneSet.CoordinatedReplanning();
            case SPEED_LIMIT -> new ZoneSet.SpeedLimit(in.number("maximumSpeed"));
            case ACTION ->
                new ZoneSet.Actions(
                        actions(in, "entryActions"), actions(in, "duringActions"), actions(in, "exitActions"));
            case PRIORITY -> new ZoneSet.Priority(in.number("priorityFactor"));
            case PENALTY -> new ZoneSet.Penalty(in.number("penaltyFactor"));
            case DIRECTED ->
                new ZoneSet.Directed(
                        in.number("direction"), in.choice("directedLimitation", ZoneSet.DirectedLimitation.class));
            case BIDIRECTED ->
                new ZoneSet.Bidirected(
                        in.number("direction"), in.choice("bidirectedLimitation", ZoneSet.BidirectedLimitation.class));
        };
    }

    static void vertex(Out out, ZoneSet.Vertex vertex) {
        out.put("x", vertex.x());
        out.put("y", vertex.y());
    }

    static ZoneSet.Vertex vertex(In in) {
        return new ZoneSet.Vertex(in.number("x"), in.number("y"));
    }

    private static void action(Out out, ZoneAction action) {
        out.put("actionType", action.actionType());
        out.put("actionDescriptor", action.actionDescriptor());
        out.put("blockingType", action.blockingType());
        out.optionalList("actionParameters", action.actionParameters(), OrderCodec::parameter);
        out.put("retriable", action.retriable());
    }

    private static List<ZoneAction> actions(In in, String name) {
        return in.list(
                name,
                i -> new ZoneAction(
                        i.text("actionType"),
                        i.optionalText("actionDescriptor"),
                        i.choice("blockingType", Action.BlockingType.class),
                        i.optionalList("actionParameters", OrderCodec::parameter),
                        i.optionalFlag("retriable")));
    }
}
