"""Step 1: writes texts.json and one vocabulary-only GGUF per pre-tokenizer into the folder given.
Step 2 (`peer.mjs`) has llama.cpp tokenize the texts. See HOW.md."""
import json, random, struct, sys, unicodedata

OUT = sys.argv[1]
# Letters on which pre-tokenizers differ. Every pair of them is a token, so each cut shows.
LETTERS = "aAzZ'stmdrelvSMD \n\r\t\u00a0.,!/-_01٤ﬀǅʰبكِتَا한中ÄßÀΣςПрМи\u0301\u0bbe😁𝐀\u200d…،。\u3000\u2003|($文年ªʔ"
STRIDE = 1009  # prime: merges in an order that is no order


def byte_letters():
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


BYTES = byte_letters()
tokens = [BYTES[b] for b in range(256)]
known = set(tokens)
merges = []


def merge(left, right):
    if left + right not in known:
        known.add(left + right)
        tokens.append(left + right)
        merges.append(left + " " + right)


spelled = []
for letter in LETTERS:
    text = ""
    for b in letter.encode():
        if text:
            merge(text, BYTES[b])
        text += BYTES[b]
    spelled.append(text)
count = len(LETTERS) ** 2
for i in range(count):
    pair = i * STRIDE % count
    merge(spelled[pair // len(LETTERS)], spelled[pair % len(LETTERS)])


def string(text):
    return struct.pack("<Q", len(text.encode())) + text.encode()


def entry(key, kind, value):
    return string(key) + struct.pack("<I", kind) + value


def array(kind, values):
    return struct.pack("<IQ", kind, len(values)) + b"".join(values)


def u32(value):
    return struct.pack("<I", value)


NAMES = ["gpt-2", "starcoder", "llama-bpe", "dbrx", "qwen2", "qwen35",
    "jais-2", "gpt-4o", "tekken", "deepseek-llm", "deepseek-coder", "bloom", "viking"]
for name in NAMES:
    entries = [
        entry("general.architecture", 8, string("gpt2")),
        entry("gpt2.block_count", 4, u32(1)),
        entry("gpt2.context_length", 4, u32(64)),
        entry("gpt2.embedding_length", 4, u32(64)),
        entry("gpt2.feed_forward_length", 4, u32(64)),
        entry("gpt2.attention.head_count", 4, u32(1)),
        entry("gpt2.attention.layer_norm_epsilon", 6, struct.pack("<f", 1e-5)),
        entry("tokenizer.ggml.model", 8, string("gpt2")),
        entry("tokenizer.ggml.pre", 8, string(name)),
        entry("tokenizer.ggml.tokens", 9, array(8, [string(t) for t in tokens])),
        entry("tokenizer.ggml.token_type", 9, array(5, [u32(1)] * len(tokens))),
        entry("tokenizer.ggml.merges", 9, array(8, [string(m) for m in merges])),
        entry("tokenizer.ggml.bos_token_id", 4, u32(0)),
        entry("tokenizer.ggml.eos_token_id", 4, u32(0)),
        entry("tokenizer.ggml.add_bos_token", 7, b"\0"),
    ]
    with open(f"{OUT}/{name}.gguf", "wb") as out:
        out.write(b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries)) + b"".join(entries) + bytes(64))

R = random.Random(1)
# Without marks and without case beyond ASCII: where llama.cpp's own reading of gpt-4o is the published one.
calm = [c for c in LETTERS if c < "\x80" or unicodedata.category(c)[0] != "M" and unicodedata.category(c) not in ("Lu", "Ll", "Lt")]
texts = ["".join(R.choice(LETTERS) for _ in range(R.randrange(1, 25))) for _ in range(200)]
texts += ["".join(R.choice(calm) for _ in range(R.randrange(1, 25))) for _ in range(100)]
runs = " \u3000\u2003\n1年文,aßب"
texts += ["".join(R.choice(runs) * R.randrange(1, 9) for _ in range(R.randrange(1, 7))) for _ in range(100)]
json.dump(texts, open(f"{OUT}/texts.json", "w"))
