package org.diwan.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import org.diwan.app.Main.Refused;
import org.diwan.cloud.api.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan robots locate SERIAL`: tells a vehicle where it is.
@Command(
        name = "locate",
        description = {
            "Tell a robot that does not know it where it is: at a place, or within half a metre of one. Decided by the",
            "rules and on record as a job is; an order that the robot has is cancelled. Waits for its answer."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan robots locate r-007 --place 305 --theta 1.57",
            "Exit 0: it reports to be there; 1: refused, denied, or it did not take it."
        })
final class RobotsLocate extends Verb {
    private static final long LOOK_MILLIS = 500;

    @Parameters(paramLabel = "SERIAL", description = "The robot, as GET /v1/robots/fleet names it.")
    private String serial = "";

    @Option(names = "--place", paramLabel = "PLACE", description = "The place that it stands on.")
    private @Nullable String place;

    @Option(names = "--floor", paramLabel = "FLOOR", description = "The floor, with --x and --y, or of a lift's cabin.")
    private @Nullable String floor;

    @Option(names = "--x", paramLabel = "M", description = "Metres on the floor's map.")
    private @Nullable Double x;

    @Option(names = "--y", paramLabel = "M", description = "Metres on the floor's map.")
    private @Nullable Double y;

    @Option(
            names = "--theta",
            paramLabel = "RAD",
            required = true,
            description = "Where it looks to: radians from the x axis, counter-clockwise.")
    private double theta;

    @Mixin
    private final Server server = new Server();

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        var body = Json.object().put("theta", theta);
        if (place != null) body.put("place", place);
        if (floor != null) body.put("floor", floor);
        if (x != null) body.put("x", x);
        if (y != null) body.put("y", y);
        var answer = ask("/v1/robots/positions/" + serial, body);
        String status = answer.path("status").asText();
        if (!status.equals("taken")) {
            err().println(status + ": " + answer.path("reason").asText());
            return Main.CHECK_FAILED;
        }
        String job = answer.path("job").asText();
        err().println("job " + job + ", decided in entry "
                + answer.path("entry").asLong());
        return follow(job) ? 0 : Main.CHECK_FAILED;
    }

    /// Waits until the vehicle has answered, which fleet control does not wait for without end.
    private boolean follow(String job) throws IOException, InterruptedException, Refused {
        while (true) {
            var state = ask("/v1/robots/jobs/" + job, null);
            String status = state.path("status").asText();
            if (status.equals("done")) {
                out().println(serial + " is there");
                return true;
            }
            if (!status.equals("underway") && !status.equals("waiting")) {
                err().println(status + ": " + state.path("reason").asText(""));
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private JsonNode ask(String path, @Nullable JsonNode body) throws IOException, InterruptedException, Refused {
        var request = server.request(path);
        if (body != null) request.POST(BodyPublishers.ofByteArray(Json.bytes(body)));
        return Json.parse(Server.read(server.send(request.build())));
    }
}
