package org.diwan.datacenter.plan;

/// A telecom with two sites at home and one abroad, and what it wants to run.
final class Samples {
    /// What the three sites have in common.
    private static final String EQUIPMENT = """
                    panels:
                      - name: grid
                        feeds: [{name: main, capacityWatts: 60000}, {name: second, capacityWatts: 60000}]
                      - name: p
                        feeds: [{name: a, capacityWatts: 40000, from: grid/main},
                                {name: b, capacityWatts: 40000, from: grid/second}]
                    coolingZones: [{name: c1, capacityWatts: 30000}]
                    fabrics: [{name: ib, kind: infiniband, gbps: 400}]
                    halls:
                      - name: h1
                        rows:
                          - name: r1
                            racks:
                              - name: k1
                                units: 48
                                powerWatts: 12000
                                coolingZone: c1
                                pdus: [{name: a, feed: p/a, capacityWatts: 14000},
                                       {name: b, feed: p/b, capacityWatts: 14000}]
                                servers:
                                  - {name: s1, unit: 1, height: 4, model: gpu, fabric: ib, idleWatts: 500,
                                     maxWatts: 5000, cpuMilli: 64000, memoryMib: 524288,
                                     gpus: [{model: H100, memoryMib: 81559, count: 4}]}
                                  - {name: s2, unit: 5, height: 4, model: gpu, fabric: ib, idleWatts: 500,
                                     maxWatts: 5000, cpuMilli: 64000, memoryMib: 524288,
                                     gpus: [{model: H100, memoryMib: 81559, count: 4}]}
                              - name: k2
                                units: 48
                                powerWatts: 9000
                                coolingZone: c1
                                pdus: [{name: a, feed: p/a, capacityWatts: 9000}]
                                servers:
                                  - {name: s1, unit: 1, height: 4, model: gpu, fabric: ib, idleWatts: 500,
                                     maxWatts: 5000, cpuMilli: 64000, memoryMib: 524288,
                                     gpus: [{model: H100, memoryMib: 81559, count: 4}]}
                                  - {name: s2, unit: 5, height: 1, model: cpu, fabric: ib, idleWatts: 100,
                                     maxWatts: 700, cpuMilli: 64000, memoryMib: 524288}
            """;

    static final String INVENTORY = """
            inventory: gulf-telecom
            regions:
              - name: home
                sites:
                  - name: riyadh
                    jurisdiction: sa
                    latitude: 24.7
                    longitude: 46.7
                    pue: 1.35
                    gramsPerKwh: 550
            """ + EQUIPMENT + """
                  - name: jeddah
                    jurisdiction: sa
                    latitude: 21.5
                    longitude: 39.2
                    pue: 1.4
                    gramsPerKwh: 550
            """ + EQUIPMENT + """
              - name: abroad
                sites:
                  - name: frankfurt
                    jurisdiction: de
                    latitude: 50.1
                    longitude: 8.7
                    pue: 1.3
                    gramsPerKwh: 350
            """ + EQUIPMENT;

    static final String DEMAND = """
            demand: autumn
            workloads:
              - name: ministry
                kind: replica
                model: jais-70b
                tier: 1
                data: {class: secret, sector: government, traits: [personal], origins: [sa], purpose: chat}
                tenant: ministry
                isolation: server
                replicas: 2
                parts: 1
                gpusPerPart: 4
                gpuThousandths: 1000
                gpuModels: [H100]
                gpuMemoryMib: 70000
                cpuMilli: 32000
                memoryMib: 262144
                watts: 2800
                spread: [site]
              - name: open
                kind: replica
                model: qwen-7b
                tier: 2
                data: {class: public, sector: general, traits: [], origins: [sa], purpose: chat}
                tenant: telecom
                isolation: shared
                replicas: 3
                parts: 1
                gpusPerPart: 1
                gpuThousandths: 400
                gpuModels: [H100]
                gpuMemoryMib: 30000
                cpuMilli: 4000
                memoryMib: 32768
                watts: 300
                spread: [rack]
                gravity: [{site: frankfurt, weight: 5}]
              - name: index
                kind: job
                model: embed
                tier: 3
                data: {class: internal, sector: general, traits: [], origins: [sa, de], purpose: chat}
                tenant: telecom
                isolation: shared
                replicas: 1
                parts: 2
                gpusPerPart: 0
                cpuMilli: 8000
                memoryMib: 65536
                watts: 150
            """;

    private Samples() {}
}
