package org.diwan.robots.mission;

import java.net.URI;
import java.time.Duration;

/// Where a language model is asked, as any client of the public API asks it.
///
/// @param base without `/v1`, such as `http://127.0.0.1:8420`
/// @param key of the API
/// @param limit for one whole answer
public record ChatEndpoint(URI base, String key, String model, Duration limit) {}
