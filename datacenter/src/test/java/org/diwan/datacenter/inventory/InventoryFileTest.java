package org.diwan.datacenter.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracles: reading is the inverse of writing; each damage to a sound file is refused by name.
class InventoryFileTest {
    private static final String SOUND = """
            inventory: gulf-telecom
            regions:
              - name: central
                sites:
                  - name: riyadh-1
                    jurisdiction: sa
                    latitude: 24.7
                    longitude: 46.7
                    pue: 1.35
                    gramsPerKwh: 550
                    panels:
                      - name: grid
                        feeds: [{name: main, capacityWatts: 900000}, {name: second, capacityWatts: 900000}]
                      - name: p1
                        feeds: [{name: a, capacityWatts: 400000, from: grid/main}, {name: b, capacityWatts: 400000}]
                    coolingZones: [{name: c1, capacityWatts: 380000}]
                    fabrics: [{name: ib, kind: infiniband, gbps: 400}]
                    halls:
                      - name: h1
                        rows:
                          - name: r1
                            racks:
                              - name: r1-01
                                units: 48
                                powerWatts: 40000
                                coolingZone: c1
                                pdus:
                                  - {name: a, feed: p1/a, capacityWatts: 40000, meter: {host: pdu-1, community: public,
                                     oid: 1.3.6.1.4.1.318.1, unitWatts: 10}}
                                  - {name: b, feed: p1/b, capacityWatts: 40000}
                                servers:
                                  - {name: s1, unit: 1, height: 8, model: dgx, fabric: ib, idleWatts: 1800,
                                     maxWatts: 10200, cpuMilli: 112000, memoryMib: 2097152, serial: SN-1,
                                     bmc: 'https://10.0.0.1', metrics: 'http://10.1.0.1:9400/metrics',
                                     gpus: [{model: H100, memoryMib: 81559, count: 8}]}
                                  - {name: s2, unit: 9, height: 1, model: cpu, fabric: ib, idleWatts: 100,
                                     maxWatts: 700, cpuMilli: 64000, memoryMib: 524288}
            """;

    @Test
    void writingAndReadingAreInverse() {
        var inventory = InventoryFile.parse(SOUND, false);
        assertEquals(8, inventory.sites().getFirst().gpuCount());
        assertEquals(inventory, InventoryFile.parse(InventoryFile.yaml(inventory), false));
        assertEquals(inventory, InventoryFile.parse(InventoryFile.json(inventory), true));
        assertEquals(
                InventoryFile.digest(inventory),
                InventoryFile.digest(InventoryFile.parse(InventoryFile.json(inventory), true)));
    }

    @Test
    void placesAreNamedByPath() {
        var site = InventoryFile.parse(SOUND, false).sites().getFirst();
        assertEquals("riyadh-1/h1/r1/r1-01/s2", site.servers().getLast().path());
        assertEquals(
                "[grid/main, grid/second, p1/a, p1/b]", site.feeds().keySet().toString());
    }

    @ParameterizedTest(name = "{0} → {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            capacityWatts: 380000            | capacityWatts: -1       | c1: capacityWatts is -1, must be 0 to
            maxWatts: 700                    | maxWatts: 70            | s2: idleWatts is 100, must be 0 to 70
            maxWatts: 700                    | maxWatts: 700.5         | maxWatts must be a whole number
            unit: 9                          | unit: 8                 | unit 8 holds both s1 and s2
            unit: 9                          | unit: 49                | ends at unit 49 of a rack of 48
            name: s2                         | name: s1                | has two servers named s1
            coolingZone: c1                  | coolingZone: c2         | names the cooling zone 'c2'
            fabric: ib, idleWatts: 100       | fabric: x, idleWatts: 1 | names the fabric 'x'
            feed: p1/b                       | feed: p1/a              | both hang on feed p1/a
            feed: p1/b                       | feed: p9/b              | names the feed 'p9/b'
            name: main, capacityWatts: 900000 | name: main, capacityWatts: 9, from: p1/a | is fed by itself
            from: grid/main                  | from: p1/a              | p1/a: is fed by itself
            pue: 1.35                        | pue: .NaN               | Malformed numeric value '.NaN'
            pue: 1.35                        | pue: 0.9                | pue is 0.9, must be 1 to 4
            gramsPerKwh: 550                 | gramPerKwh: 550         | has [gramPerKwh], and may only have
            latitude: 24.7                   | latitude: north         | latitude must be a number
            jurisdiction: sa                 | jurisdiction: SA        | jurisdiction 'SA' must be
            count: 8                         | count: 65               | must be 1 to 64
            name: riyadh-1                   | name: '../etc'          | the site name '../etc' must be
            oid: 1.3.6.1.4.1.318.1           | oid: everything         | oid 'everything' must be numbers
            unitWatts: 10                    | unitWatts: 0            | unitWatts is 0
            units: 48                        | units: 48, units: 50    | not YAML
            """)
    void whatContradictsItselfIsRefused(String sound, String damaged, String reason) {
        assertTrue(SOUND.contains(sound), sound);
        int at = SOUND.indexOf(sound);
        String text = SOUND.substring(0, at) + damaged + SOUND.substring(at + sound.length());
        var refused = assertThrows(IllegalArgumentException.class, () -> InventoryFile.parse(text, false));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void twoSitesOfOneNameAreRefused() {
        String second = SOUND.substring(SOUND.indexOf("  - name: central")).replace("central", "west");
        var refused = assertThrows(IllegalArgumentException.class, () -> InventoryFile.parse(SOUND + second, false));
        assertTrue(String.valueOf(refused.getMessage()).contains("two sites named riyadh-1"), refused.getMessage());
    }

    @Test
    void damageIsReadOrRefusedNeverWorse() {
        byte[] whole = InventoryFile.json(InventoryFile.parse(SOUND, false)).getBytes(StandardCharsets.UTF_8);
        Seeded.forAll(300, random -> {
            String text = new String(Mutations.of(whole, random), StandardCharsets.UTF_8);
            boolean json = random.nextBoolean();
            try {
                var read = InventoryFile.parse(text, json);
                assertEquals(read, InventoryFile.parse(InventoryFile.json(read), true));
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank());
            }
        });
    }
}
