package org.diwan.sovereignty.policy;

import org.diwan.sovereignty.DataClass;
import org.diwan.sovereignty.Sector;
import org.diwan.sovereignty.Trait;

/// When a rule speaks: its scope, `when` and `unless` as one formula. Read from Cedar's JSON by
/// [ConditionReader], evaluated by [DecisionTable], written for a solver by [SmtWriter]; a
/// [Statement] speaks the same language about which requests it means.
sealed interface Condition {
    record Constant(boolean value) implements Condition {}

    record And(Condition left, Condition right) implements Condition {}

    record Or(Condition left, Condition right) implements Condition {}

    record Not(Condition of) implements Condition {}

    record ClassIs(DataClass dataClass) implements Condition {}

    record SectorIs(Sector sector) implements Condition {}

    record Has(Trait trait) implements Condition {}

    record PurposeIs(String purpose) implements Condition {}

    /// `principal == resource`, `resource == Jurisdiction::"us"`.
    record Same(Place left, Place right) implements Condition {}

    /// Cedar's `in`: the same place, or a member of the group or list.
    record Within(Side inner, Place outer) implements Condition {}

    /// What a condition compares.
    sealed interface Place {}

    /// One of the two places of a request.
    enum Side implements Place {
        ORIGIN,
        DESTINATION
    }

    /// A place, group or list by its name in Cedar without quotes: `Jurisdiction::eu`, `List::eu-adequate`.
    record Named(String name) implements Place {}

    default Condition and(Condition other) {
        return new And(this, other);
    }

    default Condition or(Condition other) {
        return new Or(this, other);
    }

    default Condition not() {
        return new Not(this);
    }
}
