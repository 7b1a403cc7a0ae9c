package org.diwan.cloud;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.diwan.cloud.upstream.UpstreamAddress;
import org.diwan.engine.generate.EngineLimits;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;

/// What the operator chose.
///
/// @param host address to listen on; `127.0.0.1` unless something in front does TLS
/// @param port TCP port; 0 takes a free one
/// @param data folder of ledger, keys and database
/// @param model GGUF file
/// @param encoders GGUF files that embed or rank; may be none
/// @param packs folder with one folder for each country
/// @param home where this machine stands: the law that requests come under
/// @param sector of the body that answers for the data: some rules bind only one kind
/// @param purposes that clients may state besides [DecisionRequest#CHAT]: a purpose can open what the
///     law otherwise closes (vital interest), so the operator grants it, not the one who asks
/// @param threads that compute; more than the machine has cores is slower
/// @param limits of the engine
/// @param openPerKey requests that one key may have open at a time
/// @param vault who holds the keys of what was said
/// @param ledger whose key signs it, who witnesses it, where copies go
/// @param graceSeconds that answers may go on after [Gateway#close] before they are cut
public record GatewayConfig(
        String host,
        int port,
        Path data,
        Path model,
        List<Path> encoders,
        Path packs,
        Jurisdiction home,
        Sector sector,
        List<UpstreamAddress> upstreams,
        Set<String> purposes,
        int threads,
        EngineLimits limits,
        LedgerConfig ledger,
        VaultConfig vault,
        int openPerKey,
        int graceSeconds) {
    /// More than the slots of the engine: one tenant alone can use the whole machine, not flood it.
    public static final int DEFAULT_OPEN_PER_KEY = 16;

    /// Stays under the 10 seconds that container runtimes wait before they kill.
    public static final int DEFAULT_GRACE_SECONDS = 5;

    /// Each takes its weights' memory; the fleet of models is another machine's.
    public static final int MAX_ENCODERS = 8;

    public GatewayConfig {
        if (port < 0 || port > 65_535) throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        if (threads < 1) throw new IllegalArgumentException(threads + " threads; at least 1 is needed");
        if (openPerKey < 1) throw new IllegalArgumentException(openPerKey + " open requests per key; at least 1");
        if (graceSeconds < 0) throw new IllegalArgumentException("grace of " + graceSeconds + " seconds");
        if (encoders.size() > MAX_ENCODERS)
            throw new IllegalArgumentException(encoders.size() + " encoders; at most " + MAX_ENCODERS);
        encoders = List.copyOf(encoders);
        upstreams = List.copyOf(upstreams);
        purposes = Set.copyOf(purposes);
        if (upstreams.stream().map(UpstreamAddress::name).distinct().count() < upstreams.size())
            throw new IllegalArgumentException("two upstreams have the same name");
    }
}
