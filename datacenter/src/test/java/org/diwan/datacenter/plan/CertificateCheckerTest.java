package org.diwan.datacenter.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.diwan.base.Mutations;
import org.diwan.base.Seeded;
import org.diwan.datacenter.inventory.Document;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.Planner.Outcome.Planned;
import org.diwan.sovereignty.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Oracle: a sound file with one thing changed proves nothing, whichever thing it is.
class CertificateCheckerTest {
    static final Inventory INVENTORY = InventoryFile.parse(Samples.INVENTORY, false);
    static final Demand DEMAND = DemandFile.parse(Samples.DEMAND, false);
    static final PlanFile SOUND = assertInstanceOf(Planned.class, Planner.plan(INVENTORY, DEMAND, Worlds.LAW, 1))
            .file();

    private static List<String> refusals(PlanFile file) {
        return CertificateChecker.refusals(INVENTORY, DEMAND, Worlds.LAW, file);
    }

    @Test
    void theSoundOneIsAccepted() {
        assertEquals(List.of(), refusals(SOUND));
        assertEquals(SOUND, PlanFile.parse(SOUND.json()));
        assertEquals(3, SOUND.certificate().cases().size(), "nothing lost, and each of two sites");
    }

    /// Every number, text, truth changed; every element of every list dropped, doubled, swapped.
    @Test
    void everyForgeryIsRefused() {
        int forgeries = 0;
        var places = new ArrayList<Consumer<JsonNode>>();
        collect(root(SOUND), "", places);
        for (var forge : places) {
            var tree = root(SOUND);
            forge.accept(tree);
            if (tree.equals(root(SOUND))) continue;
            forgeries++;
            PlanFile forged;
            try {
                forged = PlanFile.parse(tree.toString());
            } catch (IllegalArgumentException unreadable) {
                continue;
            }
            assertNotEquals(List.of(), refusals(forged), tree::toString);
        }
        assertTrue(forgeries > 1000, forgeries + " forgeries");
    }

    /// The forger who also renews the certificate's digest of the plan.
    @Test
    void aMovedReplicaIsRefusedWithItsDigestRenewed() {
        int forgeries = 0;
        for (int i = 0; i < SOUND.plan().assignments().size(); i++)
            for (var site : INVENTORY.sites())
                for (var server : site.servers()) {
                    var tree = root(SOUND);
                    var part = (ObjectNode) tree.at("/plan/assignments/" + i + "/parts/0");
                    if (part.get("server").textValue().equals(server.path())) continue;
                    part.put("server", server.path());
                    var moved = PlanFile.parse(tree.toString());
                    var renewed = new PlanFile(
                            moved.plan(),
                            new Certificate(
                                    moved.plan().digest(), moved.certificate().cases()));
                    assertNotEquals(List.of(), refusals(renewed), tree::toString);
                    forgeries++;
                }
        assertTrue(forgeries > 20, forgeries + " forgeries");
    }

    private static JsonNode root(PlanFile file) {
        return Document.parse(file.json(), true).node();
    }

    /// All ways to change one thing below `at`.
    private static void collect(JsonNode node, String at, List<Consumer<JsonNode>> forge) {
        switch (node) {
            case ObjectNode object ->
                object.properties().forEach(member -> {
                    String path = at + "/" + member.getKey();
                    var value = member.getValue();
                    if (value.isIntegralNumber()) {
                        forge.add(tree -> parent(tree, at).set(member.getKey(), new LongNode(value.longValue() + 1)));
                        forge.add(tree -> parent(tree, at).set(member.getKey(), new LongNode(value.longValue() - 1)));
                    }
                    if (value.isBoolean())
                        forge.add(tree ->
                                parent(tree, at).set(member.getKey(), BooleanNode.valueOf(!value.booleanValue())));
                    if (value.isTextual()) {
                        String text = value.textValue();
                        forge.add(tree -> parent(tree, at).set(member.getKey(), new TextNode(text + "x")));
                        forge.add(tree -> parent(tree, at).set(member.getKey(), new TextNode("")));
                    }
                    collect(value, path, forge);
                });
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    int index = i;
                    forge.add(tree -> list(tree, at).remove(index));
                    forge.add(tree -> list(tree, at)
                            .insert(index, list(tree, at).get(index).deepCopy()));
                    forge.add(tree -> {
                        var list = list(tree, at);
                        list.add(list.remove(index));
                    });
                    if (array.get(i).isTextual())
                        forge.add(tree -> list(tree, at).set(index, new TextNode("x")));
                    if (array.get(i).isIntegralNumber())
                        forge.add(tree -> list(tree, at)
                                .set(
                                        index,
                                        new LongNode(list(tree, at).get(index).longValue() + 1)));
                    collect(array.get(i), at + "/" + i, forge);
                }
            }
            default -> {}
        }
    }

    private static ObjectNode parent(JsonNode tree, String at) {
        return (ObjectNode) tree.at(at);
    }

    private static ArrayNode list(JsonNode tree, String at) {
        return (ArrayNode) tree.at(at);
    }

    /// The same file, with the world around it changed: a limit lowered, a law of another day.
    @ParameterizedTest(name = "{0} → {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            powerWatts: 12000   | powerWatts: 100    | inventory
            capacityWatts: 9000 | capacityWatts: 0   | inventory
            pue: 1.35           | pue: 1.36          | inventory
            """)
    void anotherInventoryIsRefused(String sound, String changed, String reason) {
        assertTrue(Samples.INVENTORY.contains(sound));
        var other = InventoryFile.parse(Samples.INVENTORY.replace(sound, changed), false);
        var refusals = CertificateChecker.refusals(other, DEMAND, Worlds.LAW, SOUND);
        assertTrue(refusals.getFirst().startsWith(reason), refusals::toString);
    }

    @Test
    void anotherDemandOrLawIsRefused() throws Exception {
        var more = DemandFile.parse(Samples.DEMAND.replace("replicas: 2", "replicas: 3"), false);
        assertTrue(CertificateChecker.refusals(INVENTORY, more, Worlds.LAW, SOUND)
                .getFirst()
                .startsWith("demand"));
        var old = Policy.of(Worlds.LAW.packs(), LocalDate.of(2020, 1, 1));
        assertTrue(CertificateChecker.refusals(INVENTORY, DEMAND, old, SOUND)
                .getFirst()
                .startsWith("day"));
    }

    /// A damaged file is read or refused, never worse; and what is read and accepted is the sound one.
    @Test
    void damageIsRefused() {
        byte[] whole = SOUND.json().getBytes(StandardCharsets.UTF_8);
        Seeded.forAll(200, random -> {
            String text = new String(Mutations.of(whole, random), StandardCharsets.UTF_8);
            try {
                var read = PlanFile.parse(text);
                if (!read.equals(SOUND)) assertNotEquals(List.of(), refusals(read));
            } catch (IllegalArgumentException refused) {
                assertTrue(refused.getMessage() != null && !refused.getMessage().isBlank());
            }
        });
    }
}
