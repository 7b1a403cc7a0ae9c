package org.diwan.datacenter.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.OptionalDouble;
import org.diwan.datacenter.inventory.Inventory.Meter;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/// Asks power strips for what they deliver, over SNMPv2c (RFC 3416). Where a strip keeps that number is
/// for its vendor to say; a [Meter] carries it. SNMPv2c proves nobody's identity: what it says is a reading,
/// never a reason to allow more.
public final class PduProbe implements AutoCloseable {
    private static final long TIMEOUT_MILLIS = 1_500;
    private static final int RETRIES = 1;

    private final Snmp snmp;

    public PduProbe() throws IOException {
        snmp = new Snmp(new DefaultUdpTransportMapping());
        snmp.listen();
    }

    /// What the strip at `address` delivers in watts; empty when it does not answer, or not with a number.
    public OptionalDouble powerWatts(InetAddress address, Meter meter) {
        var target = new CommunityTarget<UdpAddress>(
                new UdpAddress(address, meter.port()), new OctetString(meter.community()));
        target.setVersion(SnmpConstants.version2c);
        target.setTimeout(TIMEOUT_MILLIS);
        target.setRetries(RETRIES);
        var request = new PDU();
        request.setType(PDU.GET);
        request.add(new VariableBinding(new OID(meter.oid())));
        try {
            var response = snmp.send(request, target).getResponse();
            if (response == null || response.getErrorStatus() != PDU.noError || response.size() != 1)
                return OptionalDouble.empty();
            var value = response.get(0);
            if (value.isException()) return OptionalDouble.empty();
            return OptionalDouble.of(Double.parseDouble(value.getVariable().toString()) * meter.unitWatts());
        } catch (IOException | NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    @Override
    public void close() {
        try {
            snmp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
