package org.diwan.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The words after a verb: `--name value` pairs, flags, and the rest.
record Options(Map<String, String> named, List<String> plain) {
    private static final Set<String> NAMES = Set.of(
            "model",
            "threads",
            "rounds",
            "shape",
            "type",
            "json",
            "appenders",
            "bytes",
            "seconds",
            "folder",
            "tokens",
            "streams",
            "prompt",
            "answer",
            "answers",
            "depth",
            "seed",
            "seeds",
            "rules",
            "requests",
            "cedar",
            "verify",
            "only",
            "instances",
            "gpus",
            "days",
            "machines",
            "events",
            "wishes",
            "robots",
            "floors",
            "lifts",
            "hours",
            "steps",
            "chat",
            "key",
            "broker",
            "loss",
            "twice",
            "late");

    static Options parse(List<String> words) {
        var named = new HashMap<String, String>();
        var plain = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                plain.add(word);
                continue;
            }
            String name = word.substring(2);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("unknown option: " + word);
            }
            if (name.equals("json")) {
                named.put(name, "true");
            } else if (i + 1 < words.size()) {
                named.put(name, words.get(++i));
            } else {
                throw new IllegalArgumentException(word + " needs a value");
            }
        }
        return new Options(named, plain);
    }

    String text(String name) {
        String value = named.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    int number(String name, int otherwise, int least, int most) {
        String value = named.get(name);
        try {
            int number = value == null ? otherwise : Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, with the limits.
        }
        throw new IllegalArgumentException(
                "--" + name + " " + value + ", must be a number from " + least + " to " + most);
    }
}
