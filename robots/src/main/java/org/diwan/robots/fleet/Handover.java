package org.diwan.robots.fleet;

/// A load that goes from one vehicle to another: the two meet, each at a stop of its own job, on places side by
/// side, and neither acts there before both have come.
///
/// @param giving the job of who brings it
/// @param givingStop which of its stops is the meeting, from 0
/// @param taking the job of who takes it on
/// @param takingStop as `givingStop`
public record Handover(Job giving, int givingStop, Job taking, int takingStop) {
    public Handover {
        stop(giving, givingStop);
        stop(taking, takingStop);
        if (giving.id().equals(taking.id()))
            throw new IllegalArgumentException("both sides of a handover are job " + giving.id());
    }

    private static void stop(Job job, int stop) {
        if (stop < 0 || stop >= job.stops().size())
            throw new IllegalArgumentException("stop " + stop + " of job " + job.id() + ", must be 0 to "
                    + (job.stops().size() - 1));
        if (job.stops().get(stop).actions().isEmpty())
            throw new IllegalArgumentException("nothing is done at stop " + stop + " of job " + job.id());
    }
}
