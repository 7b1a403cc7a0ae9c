package org.diwan.datacenter.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.diwan.datacenter.inventory.Cursor;
import org.diwan.datacenter.inventory.Document;
import org.diwan.datacenter.plan.Demand.Data;
import org.diwan.datacenter.plan.Demand.Gang;
import org.diwan.datacenter.plan.Demand.Gravity;
import org.diwan.datacenter.plan.Demand.Isolation;
import org.diwan.datacenter.plan.Demand.Kind;
import org.diwan.datacenter.plan.Demand.Need;
import org.diwan.datacenter.plan.Demand.Spread;
import org.diwan.datacenter.plan.Demand.Workload;
import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// A [Demand] as YAML or JSON; what is written reads back equal. A member that the format does not know
/// is refused. All members of a workload must be there but `spread` and `gravity`; without GPUs also
/// `gpuModels`, `gpuMemoryMib` and `gpuThousandths` may be left out.
///
/// ```yaml
/// demand: autumn
/// workloads:
///   - name: arabic-70b
///     kind: replica
///     model: jais-70b
///     tier: 1
///     data: {class: secret, sector: government, traits: [personal], origins: [sa], purpose: chat}
///     tenant: ministry
///     isolation: server
///     replicas: 2
///     parts: 2
///     gpusPerPart: 8
///     gpuThousandths: 1000
///     gpuModels: [H100]
///     gpuMemoryMib: 70000
///     cpuMilli: 32000
///     memoryMib: 262144
///     watts: 8000
///     spread: [rack]
///     gravity: [{site: riyadh-1, weight: 10}]
/// ```
public final class DemandFile {
    private DemandFile() {}

    /// The demand in `file`; JSON where the name ends in `.json`, else YAML.
    ///
    /// @throws IOException when it cannot be read
    /// @throws IllegalArgumentException naming file, place and what is wrong with it
    public static Demand read(Path file) throws IOException {
        return Document.read(file, DemandFile::demand);
    }

    /// The demand that `text` describes.
    ///
    /// @throws IllegalArgumentException naming the place and what is wrong with it
    public static Demand parse(String text, boolean json) {
        return demand(Document.parse(text, json));
    }

    /// The demand as text; JSON or YAML.
    public static String text(Demand demand, boolean json) {
        return Document.text(tree(demand), json);
    }

    /// SHA-256 of the demand's canonical JSON (RFC 8785), in lower-case hexadecimal.
    public static String digest(Demand demand) {
        return Document.digest(tree(demand));
    }

    // --- reading -------------------------------------------------------------------------------------

    private static Demand demand(Cursor root) {
        return root.with("demand", "workloads")
                .as(at -> new Demand(at.at("demand").text(), at.all("workloads", DemandFile::workload)));
    }

    private static Workload workload(Cursor in) {
        in.with(
                "name",
                "kind",
                "model",
                "tier",
                "data",
                "tenant",
                "isolation",
                "replicas",
                "parts",
                "gpusPerPart",
                "gpuThousandths",
                "gpuModels",
                "gpuMemoryMib",
                "cpuMilli",
                "memoryMib",
                "watts",
                "spread",
                "gravity");
        return in.as(at -> new Workload(
                at.at("name").text(),
                one(Kind.class, at.at("kind")),
                at.at("model").text(),
                at.at("tier").whole(),
                data(at.at("data")),
                at.at("tenant").text(),
                one(Isolation.class, at.at("isolation")),
                at.at("replicas").whole(),
                gang(at),
                need(at),
                set(at.all("spread", spread -> one(Spread.class, spread)), at),
                at.all("gravity", gravity -> gravity.with("site", "weight")
                        .as(g -> new Gravity(g.at("site").text(), g.at("weight").whole())))));
    }

    private static Data data(Cursor in) {
        in.with("class", "sector", "traits", "origins", "purpose");
        return in.as(at -> new Data(
                DataClass.of(at.at("class").text()),
                Sector.of(at.at("sector").text()),
                set(at.all("traits", trait -> Trait.of(trait.text())), at),
                at.all("origins", origin -> new Jurisdiction(origin.text())),
                at.at("purpose").text()));
    }

    private static Gang gang(Cursor at) {
        int gpus = at.at("gpusPerPart").whole();
        int thousandths = gpus == 0
                ? at.find("gpuThousandths").map(Cursor::whole).orElse(0)
                : at.at("gpuThousandths").whole();
        return new Gang(at.at("parts").whole(), gpus, thousandths);
    }

    private static Need need(Cursor at) {
        boolean gpus = at.at("gpusPerPart").whole() > 0;
        return new Need(
                set(at.all("gpuModels", Cursor::text), at),
                gpus
                        ? at.at("gpuMemoryMib").whole()
                        : at.find("gpuMemoryMib").map(Cursor::whole).orElse(0),
                at.at("cpuMilli").whole(),
                at.at("memoryMib").whole(),
                at.at("watts").whole());
    }

    private static <E extends Enum<E>> E one(Class<E> type, Cursor at) {
        for (var constant : type.getEnumConstants()) if (label(constant).equals(at.text())) return constant;
        throw at.wrong("'" + at.text() + "' must be one of "
                + List.of(type.getEnumConstants()).stream()
                        .map(DemandFile::label)
                        .toList());
    }

    private static <T> Set<T> set(List<T> list, Cursor at) {
        var set = new HashSet<>(list);
        if (set.size() < list.size()) throw at.wrong("has something twice in " + list);
        return set;
    }

    // --- writing -------------------------------------------------------------------------------------

    private static Map<String, Object> tree(Demand demand) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("demand", demand.name());
        tree.put("workloads", demand.workloads().stream().map(DemandFile::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Workload workload) {
        var data = new LinkedHashMap<String, Object>();
        data.put("class", workload.data().dataClass().label());
        data.put("sector", workload.data().sector().label());
        data.put("traits", labels(workload.data().traits()));
        data.put(
                "origins",
                workload.data().origins().stream().map(Jurisdiction::code).toList());
        data.put("purpose", workload.data().purpose());
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", workload.name());
        tree.put("kind", label(workload.kind()));
        tree.put("model", workload.model());
        tree.put("tier", workload.tier());
        tree.put("data", data);
        tree.put("tenant", workload.tenant());
        tree.put("isolation", label(workload.isolation()));
        tree.put("replicas", workload.replicas());
        tree.put("parts", workload.gang().parts());
        tree.put("gpusPerPart", workload.gang().gpusPerPart());
        tree.put("gpuThousandths", workload.gang().gpuThousandths());
        tree.put("gpuModels", workload.need().gpuModels().stream().sorted().toList());
        tree.put("gpuMemoryMib", workload.need().gpuMemoryMib());
        tree.put("cpuMilli", workload.need().cpuMilli());
        tree.put("memoryMib", workload.need().memoryMib());
        tree.put("watts", workload.need().watts());
        tree.put("spread", labels(workload.spread()));
        var gravity = new ArrayList<Map<String, Object>>();
        for (var one : workload.gravity()) gravity.add(Map.of("site", one.site(), "weight", one.weight()));
        tree.put("gravity", gravity);
        return tree;
    }

    private static <E extends Enum<E>> List<String> labels(Set<E> set) {
        return set.stream().sorted().map(DemandFile::label).toList();
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
