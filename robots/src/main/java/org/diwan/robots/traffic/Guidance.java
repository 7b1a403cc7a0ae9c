package org.diwan.robots.traffic;

/// What a step costs: [#STEP], more against the direction of a street, more against the stream, more into a cell
/// where others wait. Vehicles that each take their shortest way meet head on. So what is long and straight is a
/// street of one direction, in turn, for those who do not mind; where most go one way the other is made dearer; and
/// who can goes round a crowd.
/// Cf. Chen, Harabor, Li, Stuckey, "Traffic Flow Optimisation for Lifelong Multi-Agent Path Finding"
/// (AAAI 2024) and Zhang et al., "Guidance Graph Optimization" (IJCAI 2024).
///
/// Prices are even, so that [Distances] can store halves.
public final class Guidance {
    /// The price of a turn, and of a step forward where nobody comes the other way.
    public static final int STEP = 10;

    /// A street takes the direction opposite to one at most so many lanes before it: shelves lie between.
    private static final int NEIGHBOURS = 8;

    /// Journeys more than seen, so that a lone one proves no stream.
    private static final float UNSEEN = 4;

    /// The most that is added for a crowd: six steps of a detour.
    private static final int MOST_CROWDED = 6 * STEP;

    /// Added against the direction of a street.
    private final int street;
    /// Added where all traffic comes the other way.
    private final int contraflow;
    /// Added for each step that one who passes a cell waits there.
    private final int crowd;
    private final Grid grid;
    private final int[] forward;
    /// Moves seen from (cell, heading); older ones weigh less.
    private final float[] flow;
    /// Steps for which somebody waited on a cell; older ones weigh less.
    private final float[] waits;
    /// `[2, cells]`: whether the street through a cell goes west (north) rather than east (south).
    private final boolean[][] backward = new boolean[2][];

    /// Prices of an empty floor: `street`, at least 0 and even, is what a step against its street costs beside
    /// [#STEP]; `contraflow`, at least 0, what one against the stream costs; and `crowd`, at least 0, what one into
    /// a cell costs for each step that is waited there, up to six steps' price.
    public Guidance(Grid grid, int street, int contraflow, int crowd) {
        if (street < 0 || street % 2 != 0 || contraflow < 0 || crowd < 0) {
            throw new IllegalArgumentException("prices " + street + ", " + contraflow + " and " + crowd
                    + ", must be at least 0, that of a street even");
        }
        this.street = street;
        this.grid = grid;
        this.contraflow = contraflow;
        this.crowd = crowd;
        forward = new int[4 * grid.cells()];
        flow = new float[4 * grid.cells()];
        waits = new float[grid.cells()];
        backward[0] = streets(grid.height(), grid.width(), grid.width(), 1);
        backward[1] = streets(grid.width(), grid.height(), 1, grid.width());
        for (int i = 0; i < forward.length; i++) forward[i] = street(i / 4, i % 4);
    }

    /// The floor.
    public Grid grid() {
        return grid;
    }

    /// A street is a run of free cells along a lane. It goes against the one of the lanes just before it beside which
    /// it runs longest, the nearest if there are several; the first goes forward. Place `i` of lane `l` is cell
    /// `l * across + i * along`.
    private boolean[] streets(int lanes, int length, int across, int along) {
        var backward = new boolean[grid.cells()];
        for (int lane = 0; lane < lanes; lane++) {
            int end;
            for (int start = 0; start < length; start = end + 1) {
                end = start;
                while (end < length && grid.isFree(lane * across + end * along)) end++;
                boolean back = !backwardBeside(backward, lane, start, end, across, along);
                for (int i = start; i < end; i++) backward[lane * across + i * along] = back;
            }
        }
        return backward;
    }

    private boolean backwardBeside(boolean[] backward, int lane, int start, int end, int across, int along) {
        int longest = 0;
        boolean back = true;
        for (int before = lane - 1; before >= Math.max(0, lane - NEIGHBOURS); before--) {
            int run = 0;
            for (int i = start; i < end; i++) {
                int cell = before * across + i * along;
                run = grid.isFree(cell) ? run + 1 : 0;
                if (run <= longest) continue;
                longest = run;
                back = backward[cell];
            }
        }
        return back;
    }

    private int street(int cell, int heading) {
        return backward[heading % 2][cell] == (heading >= 2) ? STEP : STEP + street;
    }

    /// The price of one step ahead from `cell`.
    int forward(int cell, int heading) {
        return forward[4 * cell + heading];
    }

    /// A vehicle left `cell` towards `heading`.
    void seen(int cell, int heading) {
        flow[4 * cell + heading]++;
    }

    /// A vehicle waited on `cell`.
    void waited(int cell) {
        waits[cell]++;
    }

    /// Prices by what was seen, of which a half is then forgotten.
    void learn() {
        for (int cell = 0; cell < grid.cells(); cell++) {
            for (int heading = 0; heading < 4; heading++) {
                int ahead = grid.isFree(cell) ? grid.ahead(cell, heading) : -1;
                if (ahead < 0) continue;
                forward[4 * cell + heading] =
                        street(cell, heading) + even(against(cell, heading, ahead)) + even(crowded(ahead));
            }
        }
        for (int i = 0; i < flow.length; i++) flow[i] /= 2;
        for (int i = 0; i < waits.length; i++) waits[i] /= 2;
    }

    private float against(int cell, int heading, int ahead) {
        float with = flow[4 * cell + heading];
        float against = flow[4 * ahead + ((heading + 2) & 3)];
        return contraflow * against / (with + against + UNSEEN);
    }

    private float crowded(int cell) {
        float passed = UNSEEN;
        for (int heading = 0; heading < 4; heading++) passed += flow[4 * cell + heading];
        return Math.min(MOST_CROWDED, crowd * waits[cell] / passed);
    }

    private static int even(float price) {
        return 2 * Math.round(price / 2);
    }
}
