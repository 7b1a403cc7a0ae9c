package org.diwan.app;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.diwan.datacenter.page.Demo;
import org.diwan.datacenter.simulate.TracedRequest;
import org.diwan.datacenter.simulate.Traces;
import org.diwan.sovereignty.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./diwan datacenter demo`: a page on this machine alone, until it is stopped.
@Command(
        name = "demo",
        description = {
            "Show an operator that does not exist, in three countries: where its replicas are, what moves when a",
            "site is lost, why not elsewhere, and the certificate with the checker's verdict. Prints the address of",
            "a page on the loopback interface. Where DIWAN_DATA names a folder with Azure's published trace,",
            "requests are as long as its."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan datacenter demo --gpus 512"})
final class DatacenterDemo extends Verb {
    private static final String TRACE = "datacenter/azure_llm_2023/AzureLLMInferenceTrace_conv.csv";

    @Option(
            names = "--gpus",
            paramLabel = "N",
            defaultValue = "512",
            description = "About so many GPUs (default: ${DEFAULT-VALUE}).")
    private int gpus;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8430",
            description = "TCP port (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port;

    @Mixin
    private final PackFolders folders = new PackFolders();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var demo = new Demo(gpus, Policy.of(folders.all(), folders.day()), trace(), "Azure, conversations, 2023");
        var server = Loopback.listen(port);
        server.createContext("/", exchange -> answer(demo, exchange));
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0), "diwan-shutdown"));
        out().println("page: http://127.0.0.1:" + server.getAddress().getPort() + "/");
        err().println("Ctrl-C stops");
        new CountDownLatch(1).await(); // the shutdown hook does the rest
        return 0;
    }

    private static List<TracedRequest> trace() throws IOException {
        String data = System.getenv("DIWAN_DATA");
        Path file = data == null ? null : Path.of(data).resolve(TRACE);
        return file == null || !Files.exists(file) ? List.of() : Traces.azure(file);
    }

    private static void answer(Demo demo, HttpExchange exchange) throws IOException {
        try (exchange) {
            var query = Loopback.query(exchange);
            String lost = query.getOrDefault("lost", "");
            try {
                switch (exchange.getRequestURI().getPath()) {
                    case "/" ->
                        Loopback.send(
                                exchange,
                                200,
                                "text/html; charset=utf-8",
                                demo.page(lost, query.getOrDefault("language", "en"))
                                        .getBytes(StandardCharsets.UTF_8));
                    case "/live" ->
                        Loopback.send(
                                exchange,
                                200,
                                "application/json",
                                demo.live(lost, Integer.parseInt(query.getOrDefault("hour", "12"))));
                    default -> throw new IllegalArgumentException("there is no such page");
                }
            } catch (IllegalArgumentException e) {
                Loopback.send(
                        exchange,
                        404,
                        "text/plain; charset=utf-8",
                        String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
