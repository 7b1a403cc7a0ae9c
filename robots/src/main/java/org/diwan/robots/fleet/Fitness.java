package org.diwan.robots.fleet;

import org.diwan.robots.vda5050.Factsheet;
import org.diwan.robots.vda5050.Factsheet.Scope;

/// Whether a vehicle's kind can do a job, by its factsheet. Of one that has not sent any is believed that it
/// can act, and that it carries nothing.
final class Fitness {
    private Fitness() {}

    static boolean isFit(Robot robot, Job job) {
        var sheet = robot.link().factsheet();
        if (sheet.isEmpty()) return job.load() == 0;
        if (job.load() > sheet.get().typeSpecification().maximumLoadMass()) return false;
        return job.stops().stream()
                .flatMap(stop -> stop.actions().stream())
                .allMatch(action -> can(sheet.get(), action.actionType()));
    }

    private static boolean can(Factsheet sheet, String type) {
        return sheet.protocolFeatures().mobileRobotActions().stream()
                .anyMatch(known ->
                        known.actionType().equals(type) && known.actionScopes().contains(Scope.NODE));
    }
}
