package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.diwan.app.Main.Refused;
import org.diwan.base.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan receipt ID`: fetches the record of one answer from the running server.
@Command(
        name = "receipt",
        description = "Fetch the receipt of an answer from the running server.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"", "Example: ./diwan receipt r-0AbCdEfGhIjKlMnOpQrStU --out r.json"})
final class ReceiptVerb extends Verb {
    @Parameters(paramLabel = "ID", description = "As the header diwan-receipt names it.")
    private String id = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Write it here (default: standard output).")
    private @Nullable Path file;

    @Mixin
    private final Server server = new Server();

    @Override
    public Integer call() throws IOException, InterruptedException, Refused {
        if (!id.matches("[A-Za-z0-9-]+")) throw new IllegalArgumentException("'" + id + "' is not a receipt id");
        byte[] receipt = Server.read(
                server.send(server.request("/v1/receipts/" + id).GET().build()));
        if (file != null) AtomicFile.write(file, receipt);
        else out().println(new String(receipt, StandardCharsets.UTF_8));
        return 0;
    }
}
