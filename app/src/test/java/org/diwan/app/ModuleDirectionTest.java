package org.diwan.app;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The arrows between modules, as `docs/ARCHITECTURE.md` draws them: compute below, act above.
class ModuleDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.diwan");

    /// What each module may use; a module that is not listed here may be used by nobody.
    private static final Map<String, List<String>> MAY_USE = Map.of(
            "base", List.of(),
            "engine", List.of("base"),
            "language", List.of("base"),
            "sovereignty", List.of("base"),
            "cloud", List.of("base", "engine", "language", "sovereignty"),
            "datacenter", List.of("base", "sovereignty"),
            "robots", List.of("base", "sovereignty"),
            "app", List.of("base", "engine", "language", "sovereignty", "cloud", "datacenter", "robots"));

    @Test
    void arrowsPointDown() {
        for (var module : MAY_USE.entrySet())
            for (String other : MAY_USE.keySet())
                if (!other.equals(module.getKey()) && !module.getValue().contains(other))
                    noClasses()
                            .that()
                            .resideInAPackage(inside(module.getKey()))
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(inside(other))
                            .check(CLASSES);
    }

    @Test
    void noPackageCycles() {
        slices().matching("org.diwan.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /// A time that is handed in may be written out; asking what time it is would end replay.
    @Test
    void computeKnowsNoNetworkAndNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(inside("engine"), inside("language"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.sql..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethodWhere(target(name("now")).and(target(owner(resideInAPackage("java.time..")))))
                .check(CLASSES);
    }

    /// A rule over no classes holds for ever; this one notices.
    @Test
    void everyModuleIsChecked() {
        for (String module : MAY_USE.keySet())
            assertTrue(
                    CLASSES.stream().anyMatch(type -> type.getPackageName().startsWith("org.diwan." + module)),
                    module + " has no classes on the class path of this test");
    }

    private static String inside(String module) {
        return "org.diwan." + module + "..";
    }
}
