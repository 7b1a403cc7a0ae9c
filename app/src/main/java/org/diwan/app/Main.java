package org.diwan.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.diwan.sovereignty.ledger.VerificationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// Hands the words after `./diwan` to the verb that they name.
@Command(
        name = "diwan",
        usageHelpWidth = 110,
        header = "Diwan: language models on your own soil, under your own law, with proof.%n",
        synopsisHeading = "Usage: ",
        customSynopsis = "./diwan VERB [OPTIONS]",
        commandListHeading = "%nVerbs:%n",
        footer = {
            "",
            "Examples:",
            "  ./diwan up                                  start; prints the console's address and an API key",
            "  ./diwan chat \"ما هو الديوان؟\"               ask the running server",
            "  ./diwan receipt r-… --out r.json            fetch the record of an answer",
            "  ./diwan verify r.json --replay              prove it, offline, by generating it again",
            "  ./diwan audit --sample 20 --seed WORDS      draw answers from the log and run them again",
            "  ./diwan vault erase --person LABEL          make what was said unreadable for ever",
            "  ./diwan report --law pdpl --html p.html     what the log shows about the law; --oscal for programs",
            "  ./diwan breach open --what … --personal     put a breach on record; the law's clock starts",
            "  ./diwan ledger fsck                         recompute the whole ledger",
            "  ./diwan ledger watch --state seen           is it what it was, and what others were shown?",
            "  ./diwan witness up --key w.key --log …      vouch for somebody else's log",
            "  ./diwan model inspect model.gguf            what is in a model file",
            "  ./diwan model convert DIR model.gguf        a Hugging Face folder as one file",
            "  ./diwan model quantize a.gguf b.gguf --type Q4_K_M  the same in fewer bits",
            "  ./diwan tokenize --model m.gguf --text مرحبا  text to token ids",
            "  ./diwan classify letter.txt                 what in a text leads to a person",
            "  ./diwan admit filter --pack sa …            which documents may be learnt from, by licence and law",
            "  ./diwan policy check                        try the law on every request there is",
            "  ./diwan policy prove \"secret never leaves sa\"  a sentence about the law, case by case",
            "  ./diwan policy replay --pack drafts/sa      what a new law would have decided",
            "  ./diwan pack check packs/sa                 what is missing in a country's pack",
            "  ./diwan datacenter demo                     an operator in three countries; lose a site of it",
            "  ./diwan datacenter import inventory.yaml    is an inventory sound, and what does it hold?",
            "  ./diwan datacenter discover https://BMC     what machines say they are; drift from the inventory",
            "  ./diwan datacenter simulate s.yaml --html p.html  play a week of a fleet; a page of plots",
            "  ./diwan datacenter plan --inventory …       where replicas run, with a certificate",
            "  ./diwan datacenter certify plan.json …      count every number of a certificate again",
            "  ./diwan datacenter explain plan.json chat#0 --at SITE …  why not here?",
            "  ./diwan datacenter place --nodes n.csv --pods p.csv  how full a policy gets the GPUs",
            "  ./diwan datacenter solve m.txt a.sol        a whole assignment of processes to machines made cheaper",
            "  ./diwan robots demo                         a tower with 110 robots; tell them what to do",
            "  ./diwan robots serve --map … --vehicles …   a building's robots under control, over MQTT",
            "  ./diwan robots twin --map … --vehicles …    robots, lifts and doors that do not exist, on a broker",
            "  ./diwan robots map tower.yaml               is a building sound? From and to Open-RMF and LIF",
            "  ./diwan robots mission \"خذ القهوة إلى غرفة ٣٠٥\"  words to the fleet; tried, decided, done",
            "  ./diwan robots locate r-007 --place 305 --theta 1.57  tell a robot where it is",
            "  ./diwan robots trace m-…                    from the words that were said to where the robot is",
            "  ./diwan robots solve RANDOM-01.json         play a game of the League of Robot Runners",
            "  ./diwan foundry build recipe.yaml           train a model from text (a process of its own)",
            "  ./diwan bench engine --model m.gguf         speed beside llama.cpp's",
            "  ./diwan test                                everything that CI checks",
            "",
            "Exit codes:",
            "  0  done; what was checked holds",
            "  1  checked, and it does not hold: a proof, a replay, a policy, a refusal by the server",
            "  2  the command line is wrong",
            "  3  the machine is in the way: a file, the disk, the network, a port, the JDK",
            "  4  a bug in Diwan",
            "143  ended by SIGTERM, as a server is stopped: everything is put away",
            "",
            "./diwan VERB --help tells a verb's options."
        },
        subcommands = {
            Up.class,
            Chat.class,
            ReceiptVerb.class,
            Verify.class,
            AuditVerb.class,
            ReportVerb.class,
            BreachVerb.class,
            LedgerVerb.class,
            VaultVerb.class,
            WitnessVerb.class,
            ModelVerb.class,
            Tokenize.class,
            Classify.class,
            AdmitVerb.class,
            PolicyVerb.class,
            PackVerb.class,
            DatacenterVerb.class,
            RobotsVerb.class,
            Rehearse.class,
            Launched.Foundry.class,
            Launched.Bench.class,
            Launched.Test.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    /// Held, because the logging library forgets the level of a logger that nobody holds.
    private static final Logger HELIDON_START = Logger.getLogger("io.helidon.webserver");

    static final int CHECK_FAILED = 1;
    static final int WRONG_USAGE = 2;
    static final int ENVIRONMENT = 3;
    static final int BUG = 4;

    Main() {}

    /// Runs the verb in `arguments` and ends the process with its exit code.
    public static void main(String[] arguments) {
        quietLibraries();
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /// Runs the verb in `arguments`, printing to `out` and `err`; returns the exit code.
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        var main = new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpLongOptionsMaxWidth(28)
                .setParameterExceptionHandler((e, words) -> {
                    err.println("diwan: " + e.getMessage());
                    err.println("Try: ./diwan " + (isRoot(e.getCommandLine()) ? "help" : verb(e) + " --help"));
                    return WRONG_USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> explain(e, err));
        if (arguments.length > 0) return main.execute(arguments);
        main.usage(out);
        return WRONG_USAGE;
    }

    private static boolean isRoot(CommandLine command) {
        return command.getParent() == null;
    }

    private static String verb(ParameterException e) {
        return e.getCommandLine().getCommandSpec().qualifiedName().replaceFirst("^diwan ", "");
    }

    /// One line for people; the exit code says the kind.
    private static int explain(Exception e, PrintWriter err) {
        switch (e) {
            case VerificationException differs -> {
                err.println("✗ " + differs.getMessage());
                return CHECK_FAILED;
            }
            case Refused refused -> {
                err.println("diwan: " + refused.getMessage());
                return CHECK_FAILED;
            }
            case FileSystemException file -> {
                err.println("diwan: " + reason(file));
                return ENVIRONMENT;
            }
            case IOException world -> {
                err.println("diwan: " + world.getMessage());
                return ENVIRONMENT;
            }
            case IllegalArgumentException value -> {
                err.println("diwan: " + value.getMessage());
                return WRONG_USAGE;
            }
            default -> {
                err.println("diwan: a bug, please report it: " + e);
                if (System.getenv("DIWAN_DEBUG") != null) e.printStackTrace(err);
                else err.println("DIWAN_DEBUG=1 shows where it happened.");
                return BUG;
            }
        }
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case FileAlreadyExistsException there -> there.getFile() + ": is there already";
            default -> String.valueOf(e.getMessage());
        };
    }

    /// Libraries speak up when something is wrong, one line each.
    private static void quietLibraries() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%n");
        Logger.getLogger("").setLevel(Level.WARNING);
        // Says with a stack trace that a port is taken; we say it in a sentence.
        HELIDON_START.setLevel(Level.OFF);
    }

    /// The server understood and said no.
    static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }
    }
}
