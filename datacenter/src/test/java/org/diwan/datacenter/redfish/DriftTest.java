package org.diwan.datacenter.redfish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.redfish.Discovered.Gpu;
import org.diwan.datacenter.redfish.Discovered.Machine;
import org.diwan.datacenter.redfish.Discovered.Sensor;
import org.junit.jupiter.api.Test;

/// Oracle: one difference put in is one difference told.
class DriftTest {
    private static final Inventory INTENT = InventoryFile.parse("""
            {"inventory":"x","regions":[{"name":"r","sites":[{"name":"s","jurisdiction":"sa","latitude":0,"longitude":0,
             "pue":1.2,"gramsPerKwh":500,"panels":[{"name":"p","feeds":[{"name":"a","capacityWatts":9000}]}],
             "coolingZones":[{"name":"c","capacityWatts":9000}],"fabrics":[{"name":"f","kind":"ethernet","gbps":100}],
             "halls":[{"name":"h","rows":[{"name":"r","racks":[{"name":"k","units":42,"powerWatts":9000,
             "coolingZone":"c","pdus":[{"name":"a","feed":"p/a","capacityWatts":9000}],"servers":[
             {"name":"m","unit":1,"height":8,"model":"dgx","serial":"SN-1","bmc":"http://10.0.0.1/redfish","fabric":"f",
              "idleWatts":100,"maxWatts":1000,"cpuMilli":1000,"memoryMib":1048576,
              "gpus":[{"model":"H100","memoryMib":81559,"count":2}]}]}]}]}]}]}]}""", true);

    private static Discovered found(String address, String serial, int gpus, int memoryMib, double watts) {
        var gpu = new Gpu("/g", "NVIDIA", "NVIDIA H100 80GB HBM3", "");
        var machine =
                new Machine("/m", "", "DGX", serial, "On", memoryMib, 2, Collections.nCopies(gpus, gpu), List.of());
        var power = new Sensor("/p", "", "Power", "W", "Total", OptionalDouble.of(watts));
        return new Discovered(URI.create(address), "", "", List.of(machine), List.of(power), Map.of(), List.of());
    }

    private static String drift(Discovered... found) {
        return Drift.between(INTENT, List.of(found)).toString();
    }

    @Test
    void whatAgreesIsSilent() {
        assertEquals("[]", drift(found("http://10.0.0.1", "SN-1", 2, 1_030_000, 900)));
    }

    @Test
    void eachDifferenceIsTold() {
        String at = "[Drift[place=s/h/r/k/m, what=";
        assertEquals(
                at + "serial, intended=SN-1, found=SN-2]]", drift(found("http://10.0.0.1", "SN-2", 2, 1 << 20, 1)));
        assertEquals(
                at + "gpus, intended={H100=2}, found={NVIDIA H100 80GB HBM3=1}]]",
                drift(found("http://10.0.0.1", "SN-1", 1, 1 << 20, 1)));
        assertEquals(
                at + "memoryMib, intended=1048576, found=524288]]",
                drift(found("http://10.0.0.1", "SN-1", 2, 1 << 19, 1)));
        assertEquals(
                at + "maxWatts, intended=1000, found=1200]]",
                drift(found("http://10.0.0.1", "SN-1", 2, 1 << 20, 1200)));
        assertEquals(at + "bmc, intended=http://10.0.0.1/redfish, found=no machine answers]]", drift());
    }

    @Test
    void aMachineWithoutAPlaceIsTold() {
        assertEquals(
                "[Drift[place=http://10.0.0.2, what=place, intended=none, found=[DGX SN-9]]]",
                drift(
                        found("http://10.0.0.1", "SN-1", 2, 1 << 20, 1),
                        found("http://10.0.0.2", "SN-9", 2, 1 << 20, 1)));
    }
}
