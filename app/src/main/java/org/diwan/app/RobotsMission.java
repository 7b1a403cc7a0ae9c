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

/// `./diwan robots mission WORDS`: tells the fleet what to do, and waits until it is done.
@Command(
        name = "mission",
        description = {
            "Tell the running fleet what to do, in Arabic, Korean or English. Rehearsed in a copy of the building and",
            "decided before anything moves; prints what was understood, and where the robot is."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example: ./diwan robots mission \"خذ القهوة إلى غرفة ٣٠٥\"",
            "Exit 0: done; 1: refused, impossible, failed, or a question that wants an answer."
        })
final class RobotsMission extends Verb {
    private static final long LOOK_MILLIS = 1_000;

    @Parameters(paramLabel = "WORDS", description = "What is to be done.")
    private String words = "";

    @Option(names = "--here", paramLabel = "PLACE", description = "Where you are, for \"bring me\".")
    private @Nullable String here;

    @Option(
            names = "--person",
            paramLabel = "LABEL",
            description = "Whom the words are about: ./diwan vault erase --person LABEL makes them unreadable.")
    private @Nullable String person;

    @Option(names = "--no-wait", description = "Do not wait until it is done.")
    private boolean noWait;

    @Mixin
    private final Server server = new Server();

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        var body = Json.object().put("text", words);
        if (here != null) body.put("here", here);
        if (person != null) body.put("user", person);
        var heard = ask("/v1/robots/missions", body);
        out().println(heard.path("say").asText());
        for (var choice : heard.path("choices"))
            out().println("  - " + choice.path("label").asText());
        String status = heard.path("status").asText();
        if (!status.equals("taken")) {
            err().println(status);
            return status.equals("stopped") || status.equals("cancelled") || status.equals("status")
                    ? 0
                    : Main.CHECK_FAILED;
        }
        String job = heard.path("job").asText();
        err().println("job " + job + ", decided in entry " + heard.path("entry").asLong());
        return noWait || follow(job) ? 0 : Main.CHECK_FAILED;
    }

    /// Tells where the vehicle is whenever that changes; whether the job was done.
    private boolean follow(String job) throws IOException, InterruptedException, Refused {
        String before = "";
        while (true) {
            var state = ask("/v1/robots/jobs/" + job, null);
            String status = state.path("status").asText();
            String now = status;
            String vehicle = state.path("vehicle").asText("");
            if (!vehicle.isEmpty()) now = now + ", " + vehicle + place(vehicle);
            if (!now.equals(before)) err().println(now);
            before = now;
            switch (status) {
                case "done" -> {
                    err().println("trace: ./diwan robots trace " + job
                            + server.data().option());
                    return true;
                }
                case "failed", "cancelled", "ended" -> {
                    err().println(state.path("say").asText(state.path("reason").asText("")));
                    return false;
                }
                default -> Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private String place(String vehicle) throws IOException, InterruptedException, Refused {
        for (var robot : ask("/v1/robots/fleet", null).path("robots"))
            if (robot.path("serial").asText().equals(vehicle))
                return " at " + robot.path("place").asText("an unknown place") + ", floor "
                        + robot.path("floor").asText("?");
        return "";
    }

    private JsonNode ask(String path, @Nullable JsonNode body) throws IOException, InterruptedException, Refused {
        var request = server.request(path);
        if (body != null) request.POST(BodyPublishers.ofByteArray(Json.bytes(body)));
        return Json.parse(Server.read(server.send(request.build())));
    }
}
