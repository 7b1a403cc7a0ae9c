package org.diwan.robots.bus;

import io.moquette.broker.Server;
import io.moquette.interception.AbstractInterceptHandler;
import io.moquette.interception.messages.InterceptConnectMessage;
import io.moquette.interception.messages.InterceptConnectionLostMessage;
import io.moquette.interception.messages.InterceptDisconnectMessage;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.HashMap;
import java.util.Map;
import org.diwan.robots.bus.Bus.Message;

/// Moquette 0.17 sends a last will and does not retain it, so that who comes later takes a lost vehicle for one
/// that is there (MQTT 3.1.1, §3.1.2.7). This sends it once more, retained: subscribers may hear it twice.
///
/// Owned by Moquette's one thread for such listeners. A client that comes back in the moment between its loss and
/// this thread's turn is there again: its will is not sent then.
final class RetainedWills extends AbstractInterceptHandler {
    private final Server server;
    private final Map<String, Message> wills = new HashMap<>();

    RetainedWills(Server server) {
        this.server = server;
    }

    @Override
    public String getID() {
        return "retained wills";
    }

    @Override
    public void onConnect(InterceptConnectMessage message) {
        if (message.isWillFlag() && message.isWillRetain())
            wills.put(message.getClientID(), Message.retained(message.getWillTopic(), message.getWillMessage()));
        else wills.remove(message.getClientID());
    }

    @Override
    public void onDisconnect(InterceptDisconnectMessage message) {
        wills.remove(message.getClientID());
    }

    @Override
    public void onConnectionLost(InterceptConnectionLostMessage message) {
        String client = message.getClientID();
        var will = wills.get(client);
        if (will == null
                || server.listConnectedClients().stream()
                        .anyMatch(each -> each.getClientID().equals(client))) return;
        wills.remove(client);
        var unused = server.internalPublish(
                MqttMessageBuilders.publish()
                        .topicName(will.topic())
                        .payload(Unpooled.wrappedBuffer(will.payload()))
                        .qos(MqttQoS.AT_LEAST_ONCE)
                        .retained(true)
                        .build(),
                client);
    }

    @Override
    public void onSessionLoopError(Throwable error) {
        System.getLogger(RetainedWills.class.getName())
                .log(System.Logger.Level.ERROR, "a thread of the embedded broker ended", error);
    }
}
