package org.diwan.cloud;

import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.upstream.Upstream;

/// Where a model runs.
sealed interface Site {
    /// In this process.
    record Here(LocalModel model) implements Site {}

    /// At an upstream, which calls it `model`.
    record Elsewhere(Upstream upstream, String model) implements Site {}
}
