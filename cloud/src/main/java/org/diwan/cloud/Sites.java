package org.diwan.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.diwan.cloud.api.ApiError;
import org.diwan.cloud.api.Json;
import org.diwan.cloud.serving.LocalEncoder;
import org.diwan.cloud.serving.LocalModel;
import org.diwan.cloud.upstream.Upstream;
import org.diwan.sovereignty.Jurisdiction;

/// The models that clients may name, and where each one runs.
///
/// @param started seconds since 1970: since when the local model is served
record Sites(
        LocalModel local,
        List<LocalEncoder> encoders,
        List<Upstream> upstreams,
        Replicas replicas,
        Jurisdiction home,
        long started) {
    Sites {
        encoders = List.copyOf(encoders);
        upstreams = List.copyOf(upstreams);
    }

    /// Where the model named `model` runs: a local one by its name, an upstream's as `upstream/model`.
    ///
    /// @throws ApiError 404 when there is none
    Site find(String model) {
        if (model.equals(local.name())) return new Site.Here(local);
        for (var encoder : encoders) if (model.equals(encoder.name())) return new Site.Encoding(encoder);
        int slash = model.indexOf('/');
        for (var upstream : upstreams)
            if (slash > 0 && upstream.address().name().equals(model.substring(0, slash)))
                return new Site.Elsewhere(upstream, model.substring(slash + 1));
        throw ApiError.notFound(
                "model",
                "model_not_found",
                "The model '" + model + "' does not exist. GET /v1/models lists those that do.");
    }

    Jurisdiction jurisdiction(Site site) {
        return switch (site) {
            case Site.Here here -> home;
            case Site.Encoding encoding -> home;
            case Site.Elsewhere(Upstream upstream, String model) ->
                upstream.address().jurisdiction();
        };
    }

    /// OpenAI's list of models; `diwan.jurisdiction` says whose law each runs under, `diwan.replicas` where else
    /// it is placed.
    ObjectNode list() throws InterruptedException {
        var body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        data.add(entry(local.name(), "diwan", home));
        for (var encoder : encoders) data.add(entry(encoder));
        for (var upstream : upstreams)
            for (String model : upstream.models()) {
                String name = upstream.address().name();
                data.add(entry(name + "/" + model, name, upstream.address().jurisdiction()));
            }
        return body;
    }

    /// The list's element for one model.
    ///
    /// @throws ApiError 404 when there is none
    ObjectNode describe(String model) {
        return switch (find(model)) {
            case Site.Here here -> entry(model, "diwan", home);
            case Site.Encoding(LocalEncoder encoder) -> entry(encoder);
            case Site.Elsewhere(Upstream upstream, String name) ->
                entry(model, upstream.address().name(), upstream.address().jurisdiction());
        };
    }

    /// `diwan.kind` keeps clients from offering it for conversations.
    private ObjectNode entry(LocalEncoder encoder) {
        var model = entry(encoder.name(), "diwan", home);
        ((ObjectNode) model.get("diwan")).put("kind", encoder.ranks() ? "reranker" : "embedding");
        return model;
    }

    private ObjectNode entry(String id, String owner, Jurisdiction jurisdiction) {
        var model = Json.object();
        model.put("id", id);
        model.put("object", "model");
        model.put("created", started);
        model.put("owned_by", owner);
        var ours = model.putObject("diwan").put("jurisdiction", jurisdiction.code());
        var placed = replicas.of(id);
        if (!placed.isEmpty()) {
            var list = ours.putArray("replicas");
            for (var replica : placed)
                list.addObject()
                        .put("name", replica.name())
                        .put("site", replica.site())
                        .put("jurisdiction", replica.jurisdiction().code());
        }
        return model;
    }
}
