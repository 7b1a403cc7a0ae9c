package org.diwan.robots.building;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A place in a YAML file, which knows its line and path: what is missing, misspelt or of the wrong kind is refused
/// with `line 12, floors.3.places.301` before it. Scalars are taken as they are written: `305` is a text where a text
/// is asked for, and no word stands for true or null.
record Cursor(String path, Node node) {
    /// Largest file: 64 MiB, ten times a building of [RoadMap#MAX_VERTICES] in shorthand.
    static final int MAX_SIZE = 64 << 20;

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,18}(\\.[0-9]{1,18})?([eE][-+]?[0-9]{1,3})?");

    /// The root of a file.
    static Cursor parse(String yaml) {
        if (yaml.length() > MAX_SIZE)
            throw new BuildingException("the file has " + yaml.length() + " characters, the limit is " + MAX_SIZE);
        var options = new LoaderOptions();
        options.setCodePointLimit(MAX_SIZE);
        options.setMaxAliasesForCollections(0);
        try {
            var root = new Yaml(options).compose(new StringReader(yaml));
            if (root == null) throw new BuildingException("the file is empty; it must begin with `building: NAME`");
            return new Cursor("", root);
        } catch (YAMLException e) {
            throw new BuildingException("not YAML: " + e.getMessage());
        }
    }

    int line() {
        return node.getStartMark().getLine() + 1;
    }

    /// A refusal of this place.
    BuildingException wrong(String what) {
        return new BuildingException("line " + line() + ", " + (path.isEmpty() ? "the file" : path) + " " + what);
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    String text() {
        if (!(node instanceof ScalarNode scalar)) throw wrong("must be a text");
        return scalar.getValue();
    }

    /// Within `[least, most]`.
    double number(double least, double most) {
        String text = text();
        if (!NUMBER.matcher(text).matches()) throw wrong("must be a number, is '" + shown(text) + "'");
        double value = Double.parseDouble(text);
        if (!(value >= least && value <= most))
            throw wrong("is " + text + ", must be " + NumberText.of(least) + " to " + NumberText.of(most));
        return value;
    }

    boolean truth() {
        return switch (text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong("must be true or false, is '" + shown(text()) + "'");
        };
    }

    /// The list's elements, at most `most`.
    List<Cursor> items(int most) {
        if (!(node instanceof SequenceNode list)) throw wrong("must be a list");
        if (list.getValue().size() > most)
            throw wrong("has " + list.getValue().size() + " elements, the limit is " + most);
        var items = new ArrayList<Cursor>(list.getValue().size());
        for (int i = 0; i < list.getValue().size(); i++)
            items.add(new Cursor(path + "[" + i + "]", list.getValue().get(i)));
        return items;
    }

    /// The mapping's members in order, at most `most`; none twice.
    Map<String, Cursor> members(int most) {
        if (!(node instanceof MappingNode mapping)) throw wrong("must be a mapping, `name: value`");
        if (mapping.getValue().size() > most)
            throw wrong("has " + mapping.getValue().size() + " members, the limit is " + most);
        var members = new LinkedHashMap<String, Cursor>();
        for (var member : mapping.getValue()) {
            String name = new Cursor(path, member.getKeyNode()).text();
            var child = new Cursor(path.isEmpty() ? shown(name) : path + "." + shown(name), member.getValueNode());
            if (members.put(name, child) != null) throw child.wrong("is here twice; leave one");
        }
        return members;
    }

    /// The members, none but `known`: a misspelt limit would be no limit.
    Map<String, Cursor> members(Set<String> known) {
        var members = members(1000);
        members.forEach((name, child) -> {
            if (!known.contains(name)) throw child.wrong("is not known here; known are " + String.join(", ", known));
        });
        return members;
    }

    /// The member, which must be there.
    Cursor at(String name) {
        return find(name).orElseThrow(() -> wrong("lacks '" + name + "'"));
    }

    /// The member, if it is there and not empty.
    Optional<Cursor> find(String name) {
        return Optional.ofNullable(members(1000).get(name))
                .filter(child -> !child.isScalar() || !child.text().isEmpty());
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
