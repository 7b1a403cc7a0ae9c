package org.diwan.cloud;

import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.upstream.Upstream;

/// Where a model runs.
sealed interface Site {
    /// In this process.
    record Here(LocalModel model) implements Site {}

    /// In this process, an encoder: it embeds or ranks, and answers no conversation.
    record Encoding(LocalEncoder encoder) implements Site {}

    /// At an upstream, which calls it `model`.
    record Elsewhere(Upstream upstream, String model) implements Site {}
}
