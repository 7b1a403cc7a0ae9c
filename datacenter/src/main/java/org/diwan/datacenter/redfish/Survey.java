package org.diwan.datacenter.redfish;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.redfish.RedfishClient.Credentials;

/// [Discovery] of many controllers at once.
public final class Survey {
    /// Controllers asked at once; each is asked by four requests at a time.
    private static final int CONCURRENT = 32;

    private Survey() {}

    /// Every controller that a server of `inventory` names, in its order.
    public static Set<URI> controllers(Inventory inventory) {
        var controllers = new LinkedHashSet<URI>();
        for (var site : inventory.sites())
            for (var server : site.servers()) server.thing().bmc().ifPresent(controllers::add);
        return controllers;
    }

    /// What each of `services` says, in their order; what is wrong with one is in its answer.
    ///
    /// @throws IllegalArgumentException when one is no address of a service, and none is asked
    public static List<Discovered> of(HttpClient http, Collection<URI> services, Optional<Credentials> credentials)
            throws InterruptedException {
        var clients = services.stream()
                .map(service -> new RedfishClient(http, service, credentials))
                .toList();
        var answers = new ArrayList<Future<Discovered>>();
        var found = new ArrayList<Discovered>();
        try (var workers =
                Executors.newFixedThreadPool(CONCURRENT, Thread.ofVirtual().factory())) {
            for (var client : clients)
                answers.add(workers.submit(() -> {
                    try (client) {
                        return Discovery.of(client);
                    }
                }));
            for (var answer : answers) found.add(answer.get());
            return found;
        } catch (ExecutionException e) {
            throw new AssertionError("what is wrong with a controller is in the answer", e);
        }
    }
}
