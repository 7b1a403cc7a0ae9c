package org.diwan.datacenter.plan;

import java.util.List;
import org.diwan.datacenter.inventory.Document;
import org.diwan.datacenter.plan.Plan.Assignment;

/// The numbers by which anybody can check a [Plan]: one [Case] for nothing lost, then one for each site
/// that holds a replica of tier 1, in the order of the inventory.
///
/// @param plan digest, as [Plan#digest]
public record Certificate(String plan, List<Case> cases) {
    public Certificate {
        cases = List.copyOf(cases);
    }

    /// What is true when `lostSite` is lost; nothing is lost where it is empty.
    ///
    /// @param replacements where the lost replicas of tier 1 go, in the order of the demand
    /// @param residences why each workload may be where it then is, by workload, site and origin
    /// @param claims in the order of [Claim#compareTo]
    public record Case(String lostSite, List<Assignment> replacements, List<Residence> residences, List<Claim> claims) {
        public Case {
            replacements = List.copyOf(replacements);
            residences = List.copyOf(residences);
            claims = List.copyOf(claims);
        }
    }

    /// The law's answer to a workload at a site.
    ///
    /// @param rules that determined it, in the order of the decision: `sa-home: Personal Data … , 29(1)`
    /// @param obligations to be met by whoever runs it, in order
    public record Residence(
            String workload,
            String site,
            String origin,
            boolean allowed,
            List<String> rules,
            List<String> obligations) {
        public Residence {
            rules = List.copyOf(rules);
            obligations = List.copyOf(obligations);
        }
    }

    /// SHA-256 of the certificate's canonical JSON (RFC 8785), in lower-case hexadecimal.
    public String digest() {
        return Document.digest(PlanFile.tree(this));
    }
}
