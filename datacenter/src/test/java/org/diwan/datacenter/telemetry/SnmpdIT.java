package org.diwan.datacenter.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.diwan.datacenter.inventory.Inventory.Meter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Oracle: Net-SNMP's agent, which plays a strip of 4,210 W.
class SnmpdIT {
    private static final Path SNMPD = Path.of("/usr/sbin/snmpd");
    private static final String OID = "1.3.6.1.4.1.318.1.1.26.4.3.1.5.1";

    @Test
    void anIndependentAgentIsUnderstood(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(SNMPD), "skipped: there is no " + SNMPD + " (Debian: snmpd)");
        int port;
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path configuration = Files.writeString(
                folder.resolve("snmpd.conf"), "rocommunity public 127.0.0.1\noverride -rw " + OID + " integer 421\n");
        var agent = new ProcessBuilder(
                        SNMPD.toString(),
                        "-f",
                        "-Lo",
                        "-C",
                        "-c",
                        configuration.toString(),
                        "-p",
                        folder.resolve("pid").toString(),
                        "--persistentDir=" + folder,
                        "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (var probe = new PduProbe()) {
            var loopback = InetAddress.getLoopbackAddress();
            var watts = OptionalDouble.empty();
            for (int i = 0; i < 20 && watts.isEmpty(); i++)
                watts = probe.powerWatts(loopback, meter(port, "public", OID));
            assertEquals(4_210, watts.orElseThrow(() -> new AssertionError("no answer in 20 tries")));
            assertTrue(probe.powerWatts(loopback, meter(port, "public", OID + ".9"))
                    .isEmpty());
            assertTrue(probe.powerWatts(loopback, meter(port, "wrong", OID)).isEmpty());
        } finally {
            agent.destroy();
            agent.waitFor();
        }
    }

    private static Meter meter(int port, String community, String oid) {
        return new Meter("127.0.0.1", port, community, oid, 10);
    }
}
