package org.diwan.datacenter.placement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracles: a file by hand; each damage to it is refused with file, line and reason.
class TraceFileTest {
    private static final String NODES = """
            sn,cpu_milli,memory_mib,gpu,model
            n0,64000,262144,2,P100
            n1,96000,393216,8,G2
            n2,32000,131072,0,
            """;

    private static final String PODS = """
            name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos
            p0,12000,16384,1,1000,,LS
            p1,6000,12288,1,460,G2|P100,LS
            p2,8000,30517,0,0,G2,BE
            p3,88000,327680,8,1000,A100,BE
            """;

    @TempDir
    Path folder;

    private Path file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void linesBecomeNodesAndPods() throws Exception {
        var fleet = TraceFile.nodes(file("n.csv", NODES));
        assertEquals(List.of("P100", "G2"), fleet.models());
        assertEquals(10_000, fleet.gpuMilli());
        assertEquals(new Fleet.Node("n1", 96_000, 393_216, 8, 1), fleet.nodes().get(1));
        var pods = TraceFile.pods(file("p.csv", PODS), fleet);
        assertEquals(new Pod(12_000, 16_384, 1, 1_000, Pod.ANY_MODEL), pods.getFirst());
        assertEquals(new Pod(6_000, 12_288, 1, 460, 0b11), pods.get(1));
        assertEquals(new Pod(8_000, 30_517, 0, 0, Pod.ANY_MODEL), pods.get(2));
        var cluster = new Cluster(fleet);
        for (int node = 0; node < 3; node++) assertFalse(cluster.fits(node, pods.get(3)), "no A100 here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cpu_milli; cpu; line 1: no column 'cpu_milli'",
                "p1,6000; p1,-6000; line 3: cpu_milli is '-6000'",
                "p1,6000; p1,NaN; line 3: cpu_milli is 'NaN'",
                "p1,6000; p1,6e3; line 3: cpu_milli is '6e3'",
                "p1,6000; p1,; line 3: cpu_milli is ''",
                "p1,6000; p1; line 3: 6 fields, but 7 columns",
                "p1,6000; p1,10000001; line 3: CPU of 10000001",
                "1,460; 1,0; line 3: 0 thousandths",
                "1,460; 1,1001; line 3: 1001 thousandths",
                "1,460; 2,460; line 3: 2 GPUs of 460",
                "1,460; 0,460; line 3: no GPU, but 460",
                "8,1000; 17,1000; line 5: 17 GPUs"
            })
    void damagedPodsAreRefusedByLine(String was, String is, String reason) throws Exception {
        var fleet = TraceFile.nodes(file("n.csv", NODES));
        var file = file("p.csv", PODS.replace(was, is));
        var refused = assertThrows(IllegalArgumentException.class, () -> TraceFile.pods(file, fleet));
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.startsWith(file.toString()) && said.contains(reason), said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "memory_mib; memory; line 1: no column 'memory_mib'",
                "262144; -1; line 2: memory_mib is '-1'",
                "8,G2; 17,G2; line 3: 17 GPUs",
                "8,G2; 8,; line 3: has GPUs but no model",
            })
    void damagedNodesAreRefusedByLine(String was, String is, String reason) throws Exception {
        var file = file("n.csv", NODES.replace(was, is));
        var refused = assertThrows(IllegalArgumentException.class, () -> TraceFile.nodes(file));
        String said = String.valueOf(refused.getMessage());
        assertTrue(said.startsWith(file.toString()) && said.contains(reason), said);
    }

    @Test
    void emptyFilesAreRefused() throws Exception {
        var empty = file("e.csv", "");
        assertThrows(IllegalArgumentException.class, () -> TraceFile.nodes(empty));
        var noNodes = file("h.csv", "sn,cpu_milli,memory_mib,gpu,model\n");
        assertThrows(IllegalArgumentException.class, () -> TraceFile.nodes(noNodes));
    }

    /// Anything else than a trace or a refusal is a bug.
    @Test
    void randomDamageIsReadOrRefused() throws Exception {
        var fleet = TraceFile.nodes(file("n.csv", NODES));
        Seeded.forAll(300, random -> {
            var nodes = Files.write(folder.resolve("m.csv"), Mutations.of(NODES.getBytes(UTF_8), random));
            var pods = Files.write(folder.resolve("q.csv"), Mutations.of(PODS.getBytes(UTF_8), random));
            for (Callable<?> read :
                    List.<Callable<?>>of(() -> TraceFile.nodes(nodes), () -> TraceFile.pods(pods, fleet)))
                try {
                    read.call();
                } catch (IllegalArgumentException e) {
                    assertTrue(String.valueOf(e.getMessage()).contains(".csv"), e.toString());
                }
        });
    }
}
