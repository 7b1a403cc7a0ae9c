package org.diwan.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.diwan.datacenter.inventory.Inventory;
import org.diwan.datacenter.inventory.InventoryFile;
import org.diwan.datacenter.plan.Demand;
import org.diwan.datacenter.plan.DemandFile;
import org.diwan.datacenter.plan.PlanFile;
import org.diwan.sovereignty.policy.Policy;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options `--inventory`, `--demand`, `--packs` and `--on`: what a plan is made from and held to.
final class DatacenterFiles {
    @Option(
            names = "--inventory",
            paramLabel = "FILE",
            required = true,
            description = "What there is, as YAML or JSON.")
    private Path inventory = Path.of("");

    @Option(names = "--demand", paramLabel = "FILE", required = true, description = "What shall run, as YAML or JSON.")
    private Path demand = Path.of("");

    @Mixin
    private final PackFolders folders = new PackFolders();

    Inventory inventory() throws IOException {
        return InventoryFile.read(inventory);
    }

    Demand demand() throws IOException {
        return DemandFile.read(demand);
    }

    /// The law of `--on`, or of today.
    Policy law() throws IOException {
        return Policy.of(folders.all(), folders.day());
    }

    /// The law of `--on`, or of the day for which `file` was planned.
    Policy law(PlanFile file) throws IOException {
        try {
            return Policy.of(
                    folders.all(), folders.day(LocalDate.parse(file.plan().day())));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the plan's day '" + file.plan().day() + "' is not a date", e);
        }
    }
}
