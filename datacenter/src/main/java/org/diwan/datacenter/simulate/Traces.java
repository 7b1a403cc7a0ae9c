package org.diwan.datacenter.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/// Reads published traces of requests to language models.
public final class Traces {
    /// Most requests of one trace.
    public static final int MAX_REQUESTS = 5_000_000;

    private static final DateTimeFormatter AZURE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSSS]");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Traces() {}

    /// Azure's traces of 2023: `TIMESTAMP,ContextTokens,GeneratedTokens`, a line each.
    ///
    /// @throws IllegalArgumentException naming file, line and what is wrong with it
    public static List<TracedRequest> azure(Path csv) throws IOException {
        var requests = new ArrayList<TracedRequest>();
        try (BufferedReader lines = Files.newBufferedReader(csv)) {
            lines.readLine();
            LocalDateTime first = null;
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) continue;
                try {
                    String[] fields = line.split(",", -1);
                    if (fields.length != 3)
                        throw new IllegalArgumentException("has " + fields.length + " fields, not 3");
                    var time = LocalDateTime.parse(fields[0], AZURE_TIME);
                    if (first == null) first = time;
                    double seconds = Duration.between(first, time).toNanos() / 1e9;
                    add(
                            requests,
                            new TracedRequest(
                                    seconds, Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), List.of()));
                } catch (IllegalArgumentException | DateTimeParseException e) {
                    throw new IllegalArgumentException(csv + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return requests;
    }

    /// Mooncake's traces: JSON lines with `timestamp` in milliseconds, `input_length`, `output_length` and
    /// `hash_ids`.
    ///
    /// @throws IllegalArgumentException naming file, line and what is wrong with it
    public static List<TracedRequest> mooncake(Path jsonLines) throws IOException {
        var requests = new ArrayList<TracedRequest>();
        try (BufferedReader lines = Files.newBufferedReader(jsonLines)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                try {
                    var node = JSON.readTree(line);
                    var blocks = new ArrayList<Integer>();
                    for (var id : node.path("hash_ids")) blocks.add(id.intValue());
                    add(
                            requests,
                            new TracedRequest(
                                    node.path("timestamp").asDouble(-1) / 1000,
                                    node.path("input_length").asInt(-1),
                                    node.path("output_length").asInt(-1),
                                    blocks));
                } catch (IOException | IllegalArgumentException e) {
                    throw new IllegalArgumentException(jsonLines + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return requests;
    }

    /// A trace is in order of time; what is not is a broken trace and not a busy minute.
    private static void add(List<TracedRequest> requests, TracedRequest request) {
        if (requests.size() >= MAX_REQUESTS)
            throw new IllegalArgumentException("more than " + MAX_REQUESTS + " requests");
        if (!requests.isEmpty() && request.arrivalSeconds() < requests.getLast().arrivalSeconds())
            throw new IllegalArgumentException("goes back in time");
        requests.add(request);
    }
}
