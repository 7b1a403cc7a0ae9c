package org.diwan.robots.vda5050;

/// Where a vehicle is spoken to (§4.3).
///
/// @param interfaceName the first level, `uagv` by custom; any other where one broker serves several fleets
public record Address(String interfaceName, Version version, String manufacturer, String serialNumber) {
    /// The name of its topic, as `uagv/v3/diwan/r-001/order`.
    public String topic(Topic topic) {
        String major = version.text().substring(0, version.text().indexOf('.'));
        return String.join("/", interfaceName, "v" + major, manufacturer, serialNumber, topic.text());
    }
}
