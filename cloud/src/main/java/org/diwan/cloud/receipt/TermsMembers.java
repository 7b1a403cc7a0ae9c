package org.diwan.cloud.receipt;

import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.diwan.cloud.api.Form;
import org.diwan.cloud.api.Terms;
import org.diwan.language.Tool;
import org.diwan.language.json.JsonText;
import org.diwan.sovereignty.ledger.VerificationException;

/// [Terms] as members of a [RequestOpening]:
///
/// ```
/// "form": {"kind": "json_schema", "source": "{\"type\":\"object\"}"}
/// "toolChoice": "auto", "toolNamed": "weather",
/// "tools": [{"name": "weather", "description": "", "parameters": "{\"type\":\"object\"}"}]
/// ```
///
/// Schemas are kept as text: canonical JSON would sort their members, and the order of properties is
/// the order in which an answer writes them. Whether several calls may come is not here: it does not
/// change what the model writes.
final class TermsMembers {
    static final Set<String> NAMES = Set.of("form", "tools", "toolChoice", "toolNamed");

    private TermsMembers() {}

    static void put(Terms terms, Map<String, Object> json) {
        Form form = terms.form();
        if (form != null) json.put("form", Map.of("kind", form.kind().label(), "source", form.source()));
        if (terms.tools().isEmpty()) return;
        json.put("toolChoice", terms.choice().label());
        if (terms.named() != null) json.put("toolNamed", terms.named());
        var tools = new ArrayList<Map<String, String>>();
        for (var tool : terms.tools())
            tools.add(Map.of(
                    "name",
                    tool.name(),
                    "description",
                    tool.description(),
                    "parameters",
                    JsonText.write(tool.parameters())));
        json.put("tools", tools);
    }

    static Terms parse(EntryFields fields) throws VerificationException {
        try {
            Form form = null;
            if (fields.value("form") != null) {
                var inner = new EntryFields(fields.value("form"), fields.path("form"), Set.of("kind", "source"));
                form = new Form(Form.Kind.of(inner.text("kind")), inner.text("source"));
            }
            var tools = new ArrayList<Tool>();
            for (Object each : fields.listOrEmpty("tools")) {
                String path = fields.path("tools[" + tools.size() + "]");
                var tool = new EntryFields(each, path, Set.of("name", "description", "parameters"));
                tools.add(new Tool(
                        tool.text("name"), tool.text("description"), JsonText.object(tool.text("parameters"))));
            }
            if (tools.isEmpty()) return new Terms(form, tools, Terms.Choice.NONE, null, true);
            var choice = Terms.Choice.of(fields.text("toolChoice"));
            String named = fields.value("toolNamed") == null ? null : fields.text("toolNamed");
            return new Terms(form, tools, choice, named, true);
        } catch (IllegalArgumentException e) {
            throw new VerificationException(fields.path("tools") + " or form: " + e.getMessage());
        }
    }
}
