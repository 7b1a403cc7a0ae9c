"""Writes golden.json: what Jinja2 makes of the templates and expressions in this folder, and of
random templates that exercise white space control and scopes. See HOW.md."""
import glob, json, os, random, sys
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = os.path.dirname(os.path.abspath(__file__))


class Generation(Extension):
    """transformers' mark for what training learns from; means nothing in a prompt."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


class Refusal(Exception):
    pass


def raise_exception(message):
    raise Refusal(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    """As transformers' chat_template_utils sets it up."""
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", Generation])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: __import__("datetime").date(2026, 1, 9).strftime(format)
    return env


def outcome(source, variables):
    try:
        return dict(text=environment().from_string(source).render(**variables))
    except Refusal as e:
        return dict(refusal=str(e))
    except Exception as e:
        return dict(error=type(e).__name__ + ": " + str(e))


CALL = dict(
    id="call_1abcde",
    type="function",
    function=dict(name="weather", arguments={"city": "الرياض", "n": 1.5, "ok": True, "x": None}),
)
TOOL = dict(
    type="function",
    function=dict(
        name="weather",
        description=" The 'weather' ",
        parameters=dict(
            type="object",
            properties=dict(city=dict(type="string", description="a <city>", enum=["a", "b"])),
            required=["city"],
        ),
    ),
)
CONVERSATIONS = [
    dict(messages=[dict(role="user", content='مرحبا <b>"x"</b> & you')], add_generation_prompt=True),
    dict(
        messages=[
            dict(role="system", content=" Be brief.\n"),
            dict(role="user", content="Hi"),
            dict(role="assistant", content="<think>\nhmm\n</think>\n\nHello!"),
            dict(role="user", content=" Bye \n"),
        ],
        add_generation_prompt=True,
    ),
    dict(
        messages=[dict(role="user", content="Hi"), dict(role="assistant", content="Yo")],
        add_generation_prompt=False,
    ),
    dict(
        messages=[
            dict(role="user", content="Weather?"),
            dict(role="assistant", content="", tool_calls=[CALL]),
            dict(role="tool", content="42", name="weather", tool_call_id="call_1abcde"),
            dict(role="assistant", content="It is 42."),
        ],
        add_generation_prompt=True,
        tools=[TOOL],
        enable_thinking=False,
    ),
    dict(
        messages=[dict(role="assistant", content="I begin"), dict(role="user", content="?")],
        add_generation_prompt=True,
    ),
]

CONVERSATIONS += [
    dict(
        messages=[
            dict(role="system", content="Be exact."),
            dict(role="user", content="Weather and time?"),
            dict(
                role="assistant",
                content="I look.",
                reasoning_content="Two calls.",
                tool_plan="Two calls.",
                tool_calls=[CALL, dict(CALL, id="call_2abcde")],
            ),
            dict(role="tool", content="42", name="weather", tool_call_id="call_1abcde"),
            dict(role="tool", content='{"ok": true}', name="weather", tool_call_id="call_2abcde"),
        ],
        add_generation_prompt=True,
        tools=[TOOL, TOOL],
        enable_thinking=True,
    ),
    dict(
        messages=[dict(role="user", content="What do the documents say?")],
        add_generation_prompt=True,
        documents=[dict(title="قانون", text="Article 1", doc_id=1)],
        tools_in_user_message=False,
        enable_thinking=False,
    ),
    # Arguments as text, for the templates that join them to text.
    dict(
        messages=[
            dict(role="user", content="Weather?"),
            dict(
                role="assistant",
                content="",
                tool_calls=[dict(CALL, function=dict(name="weather", arguments='{"city": "Jeddah"}'))],
            ),
        ],
        add_generation_prompt=False,
        tools=[TOOL],
    ),
]

VALUES = dict(
    s="  Hello, wörld 😁!\n",
    n=7,
    f=2.5,
    t=True,
    l=[3, 1, 2],
    d={"b": 1, "a": {"c": [1, 2, {"x": "y"}]}, "items_": 3},
    e=[],
    users=[
        dict(name="Bob", age=3, role="user"),
        dict(name="alice", age=1, role="system"),
        dict(name="Çelik", age=2, role="user"),
    ],
    html="<a href='x'>\"&</a>",
    ar="مَرْحَبًا بالعالم",
    multi="a\n b\n\nc",
)

R = random.Random(8)


def sign():
    return R.choice(["", "", "-", "+"])


def space():
    return "".join(R.choice([" ", "\n", "\t", "x", "  ", "y\n", "\r\n", "z", "\n  ", "}"]) for _ in range(R.randrange(4)))


def tag(text):
    return "{%" + sign() + " " + text + " " + sign() + "%}"


def output(text):
    return "{{" + R.choice(["", "", "-"]) + " " + text + " " + R.choice(["", "-", ""]) + "}}"


def body(depth):
    out = ""
    for _ in range(R.randrange(1, 4)):
        kind = R.randrange(9 if depth < 2 else 4)
        out += space()
        if kind == 0:
            out += output(R.choice(["n", "s", "l|length", '"a\\nb"', "'}}'", '{"a":{}}.a']))
        elif kind == 1:
            out += "{#" + R.choice(["", "-", "+"]) + " c " + R.choice(["", "-"]) + "#}"
        elif kind == 2:
            out += tag("set q = " + R.choice(["1", "s", "q|default(0)+1"]))
        elif kind == 3:
            out += "{%" + sign() + " raw " + R.choice(["", "-"]) + "%}" + space() + "{{ n }}" + space() + tag("endraw")
        elif kind == 4:
            out += tag("if " + R.choice(["t", "e", "n>5", "q is defined"])) + body(depth + 1)
            out += (tag("else") + body(depth + 1) if R.random() < 0.5 else "") + tag("endif")
        elif kind == 5:
            out += tag("for i in " + R.choice(["l", "e", "l if i>1", "range(2)"])) + body(depth + 1)
            out += output("loop.index~i") + (tag("else") + body(depth + 1) if R.random() < 0.3 else "") + tag("endfor")
        elif kind == 6:
            out += tag("set z") + body(depth + 1) + tag("endset") + output("z")
        elif kind == 7:
            out += tag("macro m%d(a, b=2)" % depth) + output("a~b") + body(depth + 1) + tag("endmacro")
            out += output("m%d(1)|trim" % depth)
        else:
            out += tag("for i in l") + tag("if i==1") + tag(R.choice(["break", "continue"])) + tag("endif")
            out += output("i") + tag("endfor")
    return out + space()


def main():
    # With a folder given: its templates/ into its golden.json, chats alone.
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    chats = []
    for path in sorted(glob.glob(folder + "/templates/*.jinja")):
        source = open(path, newline="").read()
        for conversation in CONVERSATIONS:
            variables = dict(conversation, bos_token="<s>", eos_token="</s>")
            chats.append(dict(template=os.path.basename(path), variables=variables, **outcome(source, variables)))
    snippets = []
    if folder != HERE:
        with open(folder + "/golden.json", "w") as out:
            json.dump(dict(chats=chats, values={}, snippets=[]), out, ensure_ascii=False, indent=1)
        return
    for line in open(HERE + "/expressions.txt"):
        source = "{{ " + line.rstrip("\n") + " }}"
        snippets.append(dict(source=source, **outcome(source, VALUES)))
    for source in open(HERE + "/statements.txt").read().split("\n---\n"):
        snippets.append(dict(source=source, **outcome(source, VALUES)))
    for _ in range(300):
        source = body(0)
        snippets.append(dict(source=source, **outcome(source, VALUES)))
    golden = dict(chats=chats, values=VALUES, snippets=snippets)
    with open(HERE + "/golden.json", "w") as out:
        json.dump(golden, out, ensure_ascii=False, indent=1)
        out.write("\n")


main()
