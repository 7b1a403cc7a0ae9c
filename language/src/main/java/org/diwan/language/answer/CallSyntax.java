package org.diwan.language.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.diwan.language.answer.AnswerFormat.Frame;

/// How a call is spelled.
public sealed interface CallSyntax {
    /// What begins a call; empty when it begins with `{`, as the first thing of an answer.
    String open();

    /// All texts of this syntax that are marks.
    List<String> marks();

    /// What stands around the arguments of a call of `tool`; empty when they are no JSON object.
    Optional<Frame> frame(String tool);

    /// `open`, then one object, an array of objects, or `name separator {arguments}`, then `close`.
    ///
    /// @param separator between a name and its arguments; empty when names stand in the object
    /// @param close empty for none
    /// @param nameKey member that holds the name; empty when the name is the only key, and its
    ///     value the arguments
    /// @param argumentsKey member that holds the arguments
    record Json(String open, String separator, String close, String nameKey, String argumentsKey)
            implements CallSyntax {
        @Override
        public List<String> marks() {
            var marks = new ArrayList<String>(List.of(open));
            if (!separator.isEmpty()) marks.add(separator);
            if (!close.isEmpty()) marks.add(close);
            return marks;
        }

        @Override
        public Optional<Frame> frame(String tool) {
            if (nameKey.isEmpty()) return Optional.of(new Frame(open + "[{\"" + tool + "\": ", "}]" + close));
            if (!separator.isEmpty() && !close.isEmpty()) return Optional.of(new Frame(open + tool + separator, close));
            boolean lines = close.startsWith("</");
            boolean many = !lines && !open.startsWith("```");
            String begin = open + (lines ? "\n" : many ? "[" : "");
            String end = (many ? "]" : "\n") + close;
            return Optional.of(
                    new Frame(begin + "{\"" + nameKey + "\": \"" + tool + "\", \"" + argumentsKey + "\": ", "}" + end));
        }
    }

    /// A JSON object with `name` and `argumentsKey` as the whole answer, or several of them.
    record Bare(String argumentsKey) implements CallSyntax {
        @Override
        public String open() {
            return "";
        }

        @Override
        public List<String> marks() {
            return List.of();
        }

        @Override
        public Optional<Frame> frame(String tool) {
            return Optional.of(new Frame("{\"name\": \"" + tool + "\", \"" + argumentsKey + "\": ", "}"));
        }
    }

    /// `open`, then up to the end of the answer JSON as in [Bare], `tool.call(name="value", …)`, or
    /// code for the tool `code_interpreter`.
    record Python(String open) implements CallSyntax {
        @Override
        public List<String> marks() {
            return List.of(open);
        }

        @Override
        public Optional<Frame> frame(String tool) {
            return Optional.empty();
        }
    }

    /// `open <function=tool> <parameter=name> value </parameter> … </function> close`.
    record Functions(String open, String close) implements CallSyntax {
        @Override
        public List<String> marks() {
            return List.of(open, close);
        }

        @Override
        public Optional<Frame> frame(String tool) {
            return Optional.empty();
        }
    }
}
