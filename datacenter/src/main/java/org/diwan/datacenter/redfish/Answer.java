package org.diwan.datacenter.redfish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a controller said to one request.
sealed interface Answer {
    /// A resource, or what an action gave back (an empty object for 204).
    record Found(ObjectNode body, String etag) implements Answer {
        /// The text member `name`, or nothing: an empty text where it is missing or no text.
        String text(String name) {
            return text(body, name);
        }

        static String text(JsonNode node, String name) {
            var value = node.path(name);
            return value.isTextual() ? value.textValue().strip() : "";
        }
    }

    /// There is no such resource (404, 410): a link that leads nowhere.
    record Dangling(int status) implements Answer {}

    /// The controller refuses these credentials, or this user (401, 403).
    record Denied(int status) implements Answer {}

    /// Anything else: no connection, too slow, too long, not JSON, another status.
    record Failed(String reason) implements Answer {}
}
