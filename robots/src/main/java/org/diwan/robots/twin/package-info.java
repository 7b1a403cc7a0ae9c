/// Vehicles that are not there: whole VDA 5050 vehicles on a bus and a timeline, which drive, act, tire and fail.
///
/// Start with [SimulatedVehicle]; [VehicleType] says what kind it is, [Site] what it knows of where it is. Within:
/// [Profile] and [Motion] are its wheels, [Battery] and [Activities] the rest of it, [Wire] its radio. Nothing is
/// stepped: each event happens at its exact time, and where a vehicle is can be asked at any instant between.
///
/// They know no fleet: what they hear and say goes over the bus. Metres, seconds, radians, kilograms, watt-hours.
@NullMarked
package org.diwan.robots.twin;

import org.jspecify.annotations.NullMarked;
