package org.diwan.robots.building;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.diwan.robots.building.Building.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The buildings in `recipes/robots` are sound, and the tower is what its plan says.
class RecipesTest {
    private static final Path RECIPES = Path.of("..", "recipes", "robots");

    @ParameterizedTest
    @ValueSource(strings = {"ministry", "clinic", "tower"})
    void samplesAreSoundAndWrittenAsTheyAreRead(String name) throws IOException {
        var building = BuildingFile.read(RECIPES.resolve(name + ".yaml"));
        assertEquals(name, building.name());
        assertEquals(building, BuildingFile.parse(BuildingFile.text(building)));
    }

    /// `-Dwrite=true` writes it anew.
    @Test
    void theTowerIsItsPlan() throws IOException {
        var file = RECIPES.resolve("tower.yaml");
        String text = "# An invented government tower, made by org.diwan.robots.building.TowerPlan.\n"
                + BuildingFile.text(TowerPlan.of(36, 8));
        if (Boolean.getBoolean("write")) Files.writeString(file, text);
        assertEquals(text, Files.readString(file));
        assertTrue(text.lines().count() <= 3000, text.lines().count() + " lines");
    }

    @Test
    void theTowerHasABayForEachOf110Robots() {
        var tower = TowerPlan.of(36, 8);
        assertTrue(tower.places().stream()
                        .filter(place -> place.uses().contains(Use.PARKING))
                        .count()
                >= 110);
        for (int floor = 1; floor <= 36; floor++)
            for (int room = 1; room <= 12; room++) {
                String id = "%d%02d".formatted(floor, room);
                assertEquals(
                        1,
                        tower.places().stream()
                                .filter(place -> place.id().equals(id))
                                .count());
            }
    }

    @Test
    void towersOfAllSizesAreSound() {
        for (int floors = 2; floors <= 40; floors++) {
            var tower = TowerPlan.of(floors, 1 + floors % TowerPlan.MAX_LIFTS);
            assertEquals(List.of(), BuildingCheck.faults(tower));
        }
    }
}
