package org.diwan.datacenter.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.diwan.datacenter.redfish.Answer.Dangling;
import org.diwan.datacenter.redfish.Answer.Denied;
import org.diwan.datacenter.redfish.Answer.Failed;
import org.diwan.datacenter.redfish.Answer.Found;

/// Everything that one service links to, read breadth-first from its root, each resource once.
///
/// @param resources each resource by its path without fragment and closing slash, in the order found
/// @param problems what could not be read, and why, by path
record ResourceTree(Map<String, ObjectNode> resources, List<Problem> problems) {
    /// Most resources that are read of one service; a GB300 board has 1,367.
    static final int MAX_RESOURCES = 20_000;

    /// Requests under way at once: more and a controller's web server stalls.
    private static final int CONCURRENT = 4;

    /// Collections with at least so many unread members are asked for expanded.
    private static final int EXPAND_FROM = 4;

    private static final int MAX_PAGES = 1_000;

    /// Most bytes that are read of one service; a GB300 board has 3 MB.
    static final long MAX_BYTES = 256L << 20;

    static final String ROOT = "/redfish/v1";

    /// Walks the service of `client`.
    static ResourceTree read(RedfishClient client) {
        var walk = new Walk(client);
        walk.run();
        return new ResourceTree(walk.resources, List.copyOf(walk.problems));
    }

    /// Resources whose `@odata.type` is of `schema`, whatever its version: `Sensor` for
    /// `#Sensor.v1_7_0.Sensor`.
    List<Map.Entry<String, ObjectNode>> ofType(String schema) {
        return resources.entrySet().stream()
                .filter(entry -> Found.text(entry.getValue(), "@odata.type").startsWith("#" + schema + "."))
                .toList();
    }

    /// Where a link leads: `/redfish/v1/Chassis/1/Power#PowerControl/0` is part of `…/Power`.
    static String target(String link) {
        int fragment = link.indexOf('#');
        String path = fragment < 0 ? link : link.substring(0, fragment);
        while (path.endsWith("/")) path = path.substring(0, path.length() - 1);
        return path;
    }

    /// One wave of requests after the other: all links found in one are the next.
    private static final class Walk {
        private final RedfishClient client;
        private final Map<String, ObjectNode> resources = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Set<String> seen = new LinkedHashSet<>();
        private final long before;
        private boolean expands;

        Walk(RedfishClient client) {
            this.client = client;
            this.before = client.received();
        }

        void run() {
            seen.add(ROOT);
            var wave = List.of(ROOT);
            try (var workers =
                    Executors.newFixedThreadPool(CONCURRENT, Thread.ofVirtual().factory())) {
                while (!wave.isEmpty()) {
                    var answers = new LinkedHashMap<String, Future<Answer>>();
                    for (String path : wave) answers.put(path, workers.submit(() -> ask(path)));
                    var next = new ArrayList<String>();
                    answers.forEach((path, answer) -> take(path, answer, next));
                    wave = next;
                }
            }
        }

        private Answer ask(String path) {
            return client.received() - before > MAX_BYTES
                    ? new Failed("not asked: the service has sent more than " + MAX_BYTES + " bytes")
                    : client.get(path);
        }

        private void take(String path, Future<Answer> future, List<String> next) {
            switch (result(future)) {
                case Found(ObjectNode body, String _) -> keep(path, body, next);
                case Dangling(int status) -> problems.add(new Problem(path, Problem.Kind.DANGLING, "status " + status));
                case Denied(int status) -> problems.add(new Problem(path, Problem.Kind.DENIED, "status " + status));
                case Failed(String reason) -> problems.add(new Problem(path, Problem.Kind.UNREADABLE, reason));
            }
        }

        private void keep(String path, ObjectNode body, List<String> next) {
            resources.put(path, body);
            if (path.equals(ROOT))
                expands = body.path("ProtocolFeaturesSupported")
                                .path("ExpandQuery")
                                .path("Levels")
                                .asBoolean()
                        || body.path("ProtocolFeaturesSupported")
                                .path("ExpandQuery")
                                .path("NoLinks")
                                .asBoolean();
            if (!(body.get("Members") instanceof ArrayNode members)) {
                links(path, body, next);
                return;
            }
            absorb(whole(path, members), next);
            links(path, body, next);
            pages(path, Found.text(body, "Members@odata.nextLink"), next);
        }

        /// The members of a collection with all they say, in one answer, where the service offers that.
        private ArrayNode whole(String path, ArrayNode members) {
            if (!expands || unread(members) < EXPAND_FROM) return members;
            if (ask(path + "?$expand=.($levels=1)") instanceof Found(ObjectNode expanded, String _)
                    && expanded.get("Members") instanceof ArrayNode whole
                    && bodies(whole) > 0) return whole;
            expands = false; // It said that it could.
            return members;
        }

        /// The other pages of a collection.
        private void pages(String path, String first, List<String> next) {
            String page = first;
            for (int pages = 1; !page.isEmpty(); pages++) {
                if (pages >= MAX_PAGES || !seen.add(page)) {
                    String what = "page " + page + " comes again, or is one of too many";
                    problems.add(new Problem(path, Problem.Kind.ENDLESS, what));
                    return;
                }
                if (!(ask(page) instanceof Found(ObjectNode more, String _))) {
                    problems.add(new Problem(page, Problem.Kind.UNREADABLE, "a page of " + path));
                    return;
                }
                if (more.get("Members") instanceof ArrayNode members) absorb(members, next);
                links(path, more, next);
                page = Found.text(more, "Members@odata.nextLink");
            }
        }

        private int unread(ArrayNode members) {
            int unread = 0;
            for (var member : members) if (!seen.contains(target(Found.text(member, "@odata.id")))) unread++;
            return unread;
        }

        private static int bodies(ArrayNode members) {
            int bodies = 0;
            for (var member : members) if (member.size() > 1) bodies++;
            return bodies;
        }

        /// Members that came whole need no request of their own. Collections are asked for all the same: one inside
        /// the other without end would be a recursion without end.
        private void absorb(ArrayNode members, List<String> next) {
            for (var member : members) {
                String path = target(Found.text(member, "@odata.id"));
                if (member instanceof ObjectNode whole
                        && whole.has("@odata.type")
                        && !whole.has("Members")
                        && isPath(path)
                        && room(path)
                        && seen.add(path)) keep(path, whole, next);
            }
        }

        /// Every link anywhere inside a resource, vendors' parts included.
        private void links(String from, JsonNode node, List<String> next) {
            if (node instanceof ObjectNode object) {
                String link = Found.text(object, "@odata.id");
                if (!link.isEmpty()) follow(from, link, next);
                object.forEach(child -> links(from, child, next));
            } else if (node instanceof ArrayNode array) array.forEach(child -> links(from, child, next));
        }

        private void follow(String from, String link, List<String> next) {
            String path = target(link);
            if (!isPath(path)) {
                if (seen.add(link)) problems.add(new Problem(from, Problem.Kind.FOREIGN, "links to " + link));
            } else if (room(path) && seen.add(path)) next.add(path);
        }

        private static boolean isPath(String path) {
            return path.equals(ROOT) || path.startsWith(ROOT + "/");
        }

        private boolean room(String path) {
            if (seen.size() < MAX_RESOURCES || seen.contains(path)) return true;
            if (seen.size() == MAX_RESOURCES && seen.add(""))
                problems.add(new Problem(
                        ROOT, Problem.Kind.ENDLESS, "more than " + MAX_RESOURCES + " resources; the rest is unread"));
            return false;
        }

        private static Answer result(Future<Answer> future) {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a client answers, whatever happens", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Failed("interrupted");
            }
        }
    }

    /// How many resources of each schema there are, by name.
    Map<String, Integer> counts() {
        var counts = new TreeMap<String, Integer>();
        for (var body : resources.values()) {
            String type = Found.text(body, "@odata.type");
            int dot = type.indexOf('.');
            if (type.startsWith("#") && dot > 0) counts.merge(type.substring(1, dot), 1, Integer::sum);
        }
        return counts;
    }
}
