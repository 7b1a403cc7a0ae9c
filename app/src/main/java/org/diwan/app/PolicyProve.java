package org.diwan.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.diwan.base.AtomicFile;
import org.diwan.base.CanonicalJson;
import org.diwan.cloud.receipt.ProvedEntry;
import org.diwan.sovereignty.Trait;
import org.diwan.sovereignty.policy.Decision;
import org.diwan.sovereignty.policy.DecisionRequest;
import org.diwan.sovereignty.policy.Pack;
import org.diwan.sovereignty.policy.Policy;
import org.diwan.sovereignty.policy.Prover;
import org.diwan.sovereignty.policy.Prover.Proof;
import org.diwan.sovereignty.policy.Rule;
import org.diwan.sovereignty.policy.SmtWriter;
import org.diwan.sovereignty.policy.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./diwan policy prove "secret never leaves sa"`: tries the sentence on every request there is and
/// writes into the ledger that it was tried, with a digest of the outcome.
@Command(
        name = "prove",
        description = "Prove a sentence about the law, or refute it with a request, by trying every case.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Sentences: SUBJECT never leaves PLACE | SUBJECT only to PLACES | SUBJECT needs OBLIGATION",
            "         | SUBJECT is always denied | SUBJECT is always allowed",
            "SUBJECT is anything, or classes, sectors, traits and not TRAIT, as in: personal bank data;",
            "anywhere in it: from PLACES, to PLACES, for PURPOSE. All of it: docs/POLICY.md.",
            "",
            "Example: ./diwan policy prove \"personal national_id never leaves kr\" --pack kr --json",
            "Exit 0: it holds; 1: it does not."
        })
final class PolicyProve extends Verb {
    @Parameters(paramLabel = "SENTENCE", description = "What is claimed of every request.")
    private String sentence = "";

    @Option(
            names = "--pack",
            paramLabel = "PACK",
            description = "Only this pack's law and what it includes; a folder or a name (default: all packs).")
    private @Nullable String name;

    @Mixin
    private final PackFolders folders = new PackFolders();

    @Option(names = "--smt", paramLabel = "FILE", description = "Also write it as SMT-LIB, for z3 or another solver.")
    private @Nullable Path smt;

    @Option(names = "--json", description = "Print the outcome as JSON.")
    private boolean json;

    @Mixin
    private final DataFolder data = new DataFolder();

    @Mixin
    private final LedgerOptions ledger = new LedgerOptions();

    @Option(names = "--no-ledger", description = "Do not write the proof into the ledger.")
    private boolean unrecorded;

    @Override
    public Integer call() throws IOException {
        Pack pack = name == null ? null : folders.one(name);
        var policy = Policy.of(pack == null ? folders.all() : folders.with(pack), folders.day());
        var home = Optional.ofNullable(pack).map(Pack::jurisdiction);
        var proof = Prover.prove(policy, Statement.parse(sentence, policy, home));
        if (smt != null)
            AtomicFile.write(smt, SmtWriter.write(policy, proof.statement()).getBytes(StandardCharsets.UTF_8));
        if (json) out().println(CanonicalJson.text(json(proof, policy)));
        else print(proof, policy);
        if (!unrecorded) record(proof, policy);
        return proof.holds() ? 0 : Main.CHECK_FAILED;
    }

    private void print(Proof proof, Policy policy) {
        out().println((proof.holds() ? "✓ " : "✗ ") + proof.statement().text());
        out().println("  " + proof.cases() + " cases tried under the law of " + packs(policy) + " on " + policy.day());
        proof.counterexample().ifPresent(request -> {
            var decision = policy.decide(request);
            out().println("  not so: " + request + ", " + verdict(decision)
                    + decision.rules().stream()
                            .map(rule -> "\n    " + rule.id() + ": " + rule.law() + ", " + rule.article())
                            .collect(Collectors.joining()));
        });
    }

    private static String packs(Policy policy) {
        return policy.packs().stream().map(pack -> pack.jurisdiction().code()).collect(Collectors.joining(", "));
    }

    private static String verdict(Decision decision) {
        return switch (decision) {
            case Decision.Allow allow ->
                "allow "
                        + allow.obligations().stream()
                                .map(obligation -> obligation.label())
                                .sorted()
                                .toList();
            case Decision.Deny deny -> "deny";
        };
    }

    private static Map<String, @Nullable Object> json(Proof proof, Policy policy) {
        Map<String, @Nullable Object> json = new HashMap<>();
        json.put("statement", proof.statement().text());
        json.put("holds", proof.holds());
        json.put("cases", proof.cases());
        json.put(
                "counterexample",
                proof.counterexample().map(request -> json(request, policy)).orElse(null));
        json.put("day", policy.day().toString());
        json.put("policy", policy.digest());
        json.put("result", proof.result());
        return json;
    }

    private static Map<String, @Nullable Object> json(DecisionRequest request, Policy policy) {
        var decision = policy.decide(request);
        Map<String, @Nullable Object> json = new HashMap<>();
        json.put("class", request.dataClass().label());
        json.put("sector", request.sector().label());
        json.put("traits", request.traits().stream().map(Trait::label).sorted().toList());
        json.put("from", request.origin().code());
        json.put("to", request.destination().code());
        json.put("purpose", request.purpose());
        json.put("verdict", verdict(decision));
        json.put("rules", decision.rules().stream().map(Rule::id).toList());
        return json;
    }

    private void record(Proof proof, Policy policy) throws IOException {
        var entry = new ProvedEntry(
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                proof.statement().text(),
                policy.packs().stream().map(pack -> pack.jurisdiction().code()).toList(),
                policy.digest(),
                policy.day().toString(),
                proof.holds(),
                proof.cases(),
                proof.result());
        try {
            err().println("entry " + ledger.append(data, entry.bytes()) + " of the ledger in " + data.folder());
        } catch (IOException e) {
            throw new IOException(
                    "proved, but not recorded (a running server holds its ledger; --no-ledger leaves"
                            + " the entry out, --data names another folder): " + e.getMessage(),
                    e);
        }
    }
}
