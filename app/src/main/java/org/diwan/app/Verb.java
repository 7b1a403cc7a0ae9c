package org.diwan.app;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// One verb: reads its options, calls one module, prints. [#call] gives the exit code; what it
/// throws [Main] explains.
abstract class Verb implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    /// Where results go.
    final PrintWriter out() {
        return command().commandLine().getOut();
    }

    /// Where people are told how it goes.
    final PrintWriter err() {
        return command().commandLine().getErr();
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "picocli sets it before a verb is called");
    }
}
