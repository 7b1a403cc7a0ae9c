package org.diwan.robots.traffic;

/// What a step costs: [#STEP], more against the direction of a street, more against the stream. Vehicles
/// that each take their shortest way meet head on. So rows and columns are streets of one direction, in
/// turn, for those who do not mind, and where most go one way the other is made dearer.
/// Cf. Chen, Harabor, Li, Stuckey, "Traffic Flow Optimisation for Lifelong Multi-Agent Path Finding"
/// (AAAI 2024) and Zhang et al., "Guidance Graph Optimization" (IJCAI 2024).
public final class Guidance {
    /// The price of a turn, and of a step forward where nobody comes the other way.
    public static final int STEP = 10;

    /// Added against the direction of a street.
    private final int street;
    /// Added where all traffic comes the other way.
    private final int contraflow;
    private final Grid grid;
    private final int[] forward;
    /// Moves seen from (cell, heading); older ones weigh less.
    private final float[] flow;

    /// Prices of an empty floor: `street`, at least 0, is what a step against its street costs beside [#STEP], and
    /// `contraflow`, at least 0, what one against the stream costs.
    public Guidance(Grid grid, int street, int contraflow) {
        this.street = street;
        this.grid = grid;
        this.contraflow = contraflow;
        forward = new int[4 * grid.cells()];
        flow = new float[4 * grid.cells()];
        for (int i = 0; i < forward.length; i++) forward[i] = street(i / 4, i % 4);
    }

    /// The floor.
    public Grid grid() {
        return grid;
    }

    /// Even rows are streets to the east, odd ones to the west; even columns to the south, odd ones to the north.
    private int street(int cell, int heading) {
        int lane = heading % 2 == 0 ? cell / grid.width() : cell % grid.width();
        return (lane % 2 == 0) == (heading < 2) ? STEP : STEP + street;
    }

    /// The price of one step ahead from `cell`.
    int forward(int cell, int heading) {
        return forward[4 * cell + heading];
    }

    /// A vehicle left `cell` towards `heading`.
    void seen(int cell, int heading) {
        flow[4 * cell + heading]++;
    }

    /// Prices by what was seen, of which a half is then forgotten.
    void learn() {
        for (int cell = 0; cell < grid.cells(); cell++) {
            for (int heading = 0; heading < 4; heading++) {
                int ahead = grid.isFree(cell) ? grid.ahead(cell, heading) : -1;
                if (ahead < 0) continue;
                float with = flow[4 * cell + heading];
                float against = flow[4 * ahead + ((heading + 2) & 3)];
                // Four journeys more than seen, so that a lone one proves no stream.
                forward[4 * cell + heading] =
                        street(cell, heading) + Math.round(contraflow * against / (with + against + 4));
            }
        }
        for (int i = 0; i < flow.length; i++) flow[i] /= 2;
    }
}
