package org.diwan.sovereignty.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.Value;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.diwan.sovereignty.Jurisdiction;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.DecisionTable.Conditional;

/// The rules in force, and Cedar's own answer to one request at a time. Slow (a call crosses into
/// native code as JSON, some 0.2 ms), so [org.diwan.sovereignty.policy.Policy] decides by
/// [DecisionTable], and Cedar is the judge of that: in tests, in `./diwan bench sovereignty`.
///
/// A rule sees a request so:
/// ```
/// principal  Jurisdiction::"sa"      the origin: whose law the data is under
/// action     Action::"chat"          the purpose
/// resource   Jurisdiction::"de"      the destination, in Jurisdiction::"eu"
/// context    { class: DataClass::"secret", sector: Sector::"bank", personal: true, sensitive: false,
///              national_id: false, credit: true, bulk: false }
/// ```
/// Cedar (<https://docs.cedarpolicy.com>, 4.10): a forbid beats every permit, and what nothing
/// permits is denied. A rule whose condition fails at run time would be *skipped*, which for a
/// forbid means silence where there should be a no. [RuleReader] excludes that by a schema; should
/// it happen all the same, the request is not decided but fails.
final class Rules {
    private static final EntityTypeName JURISDICTION = type("Jurisdiction");
    private static final EntityTypeName LIST = type("List");
    private static final EntityTypeName ACTION = type("Action");
    private static final EntityTypeName DATA_CLASS = type("DataClass");
    private static final EntityTypeName SECTOR = type("Sector");

    private final List<Rule> written;
    private final Map<String, Rule> byId;
    private final Territories territories;
    private final DecisionTable table;
    private final PolicySet policies;
    private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
    private boolean parsed;

    private Rules(
            List<Rule> written,
            Map<String, Rule> byId,
            Territories territories,
            DecisionTable table,
            PolicySet policies) {
        this.written = List.copyOf(written);
        this.byId = byId;
        this.territories = territories;
        this.table = table;
        this.policies = policies;
    }

    /// The rules of `packs` that are in force on `day`.
    ///
    /// @throws PackException naming the policy file, the rule and what is wrong
    static Rules of(List<Pack> packs, LocalDate day) throws PackException {
        var all = new ArrayList<Rule>();
        var byId = new TreeMap<String, Rule>();
        var conditions = new TreeMap<String, Conditional>();
        var named = new TreeSet<Jurisdiction>();
        var inForce = new HashSet<Policy>();
        for (var written : new RuleReader(packs).read()) {
            String id = written.rule().id();
            all.add(written.rule());
            if (!written.rule().inForce(day)) continue;
            byId.put(id, written.rule());
            conditions.put(id, new Conditional(written.rule(), written.condition()));
            named.addAll(written.places());
            inForce.add(written.policy());
        }
        var territories = new Territories(packs, named);
        var table = new DecisionTable(List.copyOf(conditions.values()), territories);
        return new Rules(all, byId, territories, table, new PolicySet(inForce));
    }

    /// Leaves the parsed rules with Cedar, freed with `policies`: a call takes 0.2 ms instead of 1.9.
    private synchronized PolicySet parsedOnce() {
        try {
            if (!parsed) policies.cache();
            parsed = true;
            return policies;
        } catch (CacheException e) {
            throw new IllegalStateException("Cedar cannot keep rules that it has parsed and validated", e);
        }
    }

    /// The rules of all packs, in force or not.
    List<Rule> written() {
        return written;
    }

    Collection<Rule> rules() {
        return byId.values();
    }

    Territories territories() {
        return territories;
    }

    DecisionTable table() {
        return table;
    }

    /// What Cedar says. Rules come in the order of their ids.
    ///
    /// @throws IllegalStateException if Cedar cannot evaluate a rule, which no checked pack does
    Decision evaluate(DecisionRequest request) {
        var context = new HashMap<String, Value>();
        context.put("class", new EntityUID(DATA_CLASS, request.dataClass().label()));
        context.put("sector", new EntityUID(SECTOR, request.sector().label()));
        for (var trait : Trait.values())
            context.put(trait.label(), new PrimBool(request.traits().contains(trait)));
        var question = new AuthorizationRequest(
                new EntityUID(JURISDICTION, request.origin().code()),
                new EntityUID(ACTION, request.purpose()),
                new EntityUID(JURISDICTION, request.destination().code()),
                context);
        try {
            var answer = engine.isAuthorized(question, parsedOnce(), places(request));
            var success = answer.success.orElseThrow(
                    () -> new IllegalStateException("Cedar refuses " + request + ": " + answer));
            if (!success.getErrors().isEmpty())
                throw new IllegalStateException(
                        "Cedar cannot evaluate a rule for " + request + ": " + success.getErrors());
            var rules = success.getReason().stream().sorted().map(this::byId).toList();
            return success.isAllowed() ? new Decision.Allow(rules, Obligation.of(rules)) : new Decision.Deny(rules);
        } catch (AuthException e) {
            throw new IllegalStateException("Cedar fails on " + request, e);
        }
    }

    private Rule byId(String id) {
        var rule = byId.get(id);
        if (rule == null) throw new IllegalStateException("Cedar names the rule '" + id + "', which no pack has");
        return rule;
    }

    private Set<Entity> places(DecisionRequest request) {
        return Stream.of(request.origin(), request.destination())
                .distinct()
                .map(place -> new Entity(
                        new EntityUID(JURISDICTION, place.code()),
                        territories.parents(place).stream().map(Rules::parent).collect(Collectors.toSet())))
                .collect(Collectors.toSet());
    }

    private static EntityUID parent(String parent) {
        int colons = parent.indexOf("::");
        return new EntityUID(parent.startsWith("List") ? LIST : JURISDICTION, parent.substring(colons + 2));
    }

    private static EntityTypeName type(String name) {
        return EntityTypeName.parse(name).orElseThrow();
    }
}
