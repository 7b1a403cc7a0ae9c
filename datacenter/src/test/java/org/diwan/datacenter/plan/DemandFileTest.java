package org.diwan.datacenter.plan;

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
class DemandFileTest {
    @Test
    void writingAndReadingAreInverse() {
        Seeded.forAll(100, random -> {
            var demand = new Worlds(random).demand(5, 3);
            boolean json = random.nextBoolean();
            var read = DemandFile.parse(DemandFile.text(demand, json), json);
            assertEquals(demand, read);
            assertEquals(DemandFile.digest(demand), DemandFile.digest(read));
        });
    }

    @ParameterizedTest(name = "{0} → {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            watts: 2800          | watts: -1             | watts is -1, must be 0 to
            watts: 2800          | watts: .NaN           | not YAML: Malformed numeric
            watts: 2800          | watts: 2.5            | watts must be a whole number
            watts: 2800          | volts: 2800           | has [volts], and may only have
            tier: 1              | tier: 0               | tier is 0, must be 1 to 4
            kind: job            | kind: jobs            | jobs' must be one of [replica, job]
            tier: 3              | tier: 1               | index: a job of tier 1
            gpuThousandths: 400  | gpuThousandths: 0     | gpuThousandths is 0, must be 1 to 1000
            gpuThousandths: 400  | gpuThousandths: 1001  | gpuThousandths is 1001, must be 1 to 1000
            gpuThousandths: 1000 | gpuThousandths: 500   | a share of a GPU is for one part on one GPU
            gpuModels: [H100]    | gpuModels: []         | name models if and only if it needs GPUs
            origins: [sa, de]    | origins: []           | one or more, none twice
            origins: [sa, de]    | origins: [sa, sa]     | one or more, none twice
            origins: [sa, de]    | origins: [Saudi]      | jurisdiction 'Saudi' must be
            traits: [personal]   | traits: [private]     | trait 'private' must be one of
            class: secret        | class: hush           | data class 'hush' must be one of
            name: open           | name: ministry        | has two workloads named ministry
            replicas: 3          | replicas: 0           | replicas is 0, must be 1 to 100000
            replicas: 3          | replicas: 99999       | number of replicas is 100001, must be 0 to 100000
            spread: [rack]       | spread: [rack, rack]  | has something twice
            spread: [rack]       | spread: [hall]        | hall' must be one of [rack, feed, site]
            isolation: server    | isolation: none       | none' must be one of [shared, server, rack]
            weight: 5            | weight: 5000          | weight is 5000, must be -1000 to 1000
            gpuMemoryMib: 70000  | gpuMemoryMib: -7      | gpuMemoryMib is -7, must be 0 to
            """)
    void whatContradictsItselfIsRefused(String sound, String damaged, String reason) {
        assertTrue(Samples.DEMAND.contains(sound), sound);
        int at = Samples.DEMAND.indexOf(sound);
        String text = Samples.DEMAND.substring(0, at) + damaged + Samples.DEMAND.substring(at + sound.length());
        var refused = assertThrows(IllegalArgumentException.class, () -> DemandFile.parse(text, false));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void damageIsReadOrRefusedNeverWorse() {
        byte[] whole =
                DemandFile.text(DemandFile.parse(Samples.DEMAND, false), true).getBytes(StandardCharsets.UTF_8);
        Seeded.forAll(300, random -> {
            String text = new String(Mutations.of(whole, random), StandardCharsets.UTF_8);
            boolean json = random.nextBoolean();
            try {
                var read = DemandFile.parse(text, json);
                assertEquals(read, DemandFile.parse(DemandFile.text(read, true), true));
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank());
            }
        });
    }
}
