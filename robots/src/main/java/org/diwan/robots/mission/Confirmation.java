package org.diwan.robots.mission;

/// Whether somebody must say yes to the readback before a mission becomes a job. A policy's to answer.
@FunctionalInterface
public interface Confirmation {
    boolean isNeeded(Mission.Work work, Asker asker);
}
