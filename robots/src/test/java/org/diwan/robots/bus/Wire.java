package org.diwan.robots.bus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The way from a client to a broker: it can be cut, which both ends notice, and it can fall silent, as radio
/// does, which neither does.
public final class Wire implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;
    private volatile boolean refusing;

    /// A way to that port of loopback.
    public Wire(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    /// Where clients come in.
    public String address() {
        return "mqtt://127.0.0.1:" + door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                join(door.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket near) throws IOException {
        try {
            if (refusing) throw new IOException("refused");
            var far = new Socket(InetAddress.getLoopbackAddress(), to);
            open.add(near);
            open.add(far);
            Thread.ofVirtual().start(() -> carry(near, far));
            Thread.ofVirtual().start(() -> carry(far, near));
        } catch (IOException nobodyThere) {
            near.close();
        }
    }

    private void carry(Socket from, Socket into) {
        byte[] buffer = new byte[8_192];
        try (from;
                into) {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                if (!silent) into.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException cut) {
            // both ends are closed by now
        } finally {
            open.remove(from);
            open.remove(into);
        }
    }

    /// From now on nothing gets through, and nobody is told.
    public void fallSilent() {
        silent = true;
    }

    /// Ends what is open; while `refused` nobody gets through again.
    public void cut(boolean refused) throws IOException {
        refusing = refused;
        for (var socket : open) socket.close();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut(true);
    }
}
