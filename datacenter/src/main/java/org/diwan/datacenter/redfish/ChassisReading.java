package org.diwan.datacenter.redfish;

import java.util.OptionalDouble;
import org.diwan.datacenter.redfish.Answer.Found;

/// What a chassis says of itself in one request: `EnvironmentMetrics`, or `Power` where a controller from
/// before 2020 has no such thing. Empty where it does not say, or says what cannot be.
public record ChassisReading(OptionalDouble powerWatts, OptionalDouble celsius) {
    private static final ChassisReading NONE = new ChassisReading(OptionalDouble.empty(), OptionalDouble.empty());

    /// Asks the chassis at `path`, such as `/redfish/v1/Chassis/1`.
    public static ChassisReading of(RedfishClient client, String path) {
        return switch (client.get(path + "/EnvironmentMetrics")) {
            case Found(var body, String _) ->
                new ChassisReading(
                        Discovery.number(body.path("PowerWatts").path("Reading")),
                        Discovery.number(body.path("TemperatureCelsius").path("Reading")));
            case Answer.Dangling _ ->
                client.get(path + "/Power") instanceof Found(var body, String _)
                        ? new ChassisReading(
                                Discovery.number(
                                        body.path("PowerControl").path(0).path("PowerConsumedWatts")),
                                OptionalDouble.empty())
                        : NONE;
            case Answer.Denied _, Answer.Failed _ -> NONE;
        };
    }
}
