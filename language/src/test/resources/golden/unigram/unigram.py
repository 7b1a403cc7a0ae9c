"""Trains two small SentencePiece unigram models and writes what its encoder makes of texts.

   python3 unigram.py CORPUS.txt OUT_DIR      (needs spm_train and spm_encode on the path)
"""
import base64, json, random, struct, subprocess, sys, tempfile
from pathlib import Path

corpus, out = Path(sys.argv[1]), Path(sys.argv[2])

# A normalisation small enough to commit: some of NFKC, case folding, a deletion, one to two spaces.
RULES = {"A": "a", "B": "b", "S": "s", "T": "t", "ﻻ": "لا", "ﷺ": "صلى الله", "ｶﾞ": "ガ", "ｶ": "カ", "①": "1",
         "\u00a0": " ", "\u3000": " ", "\t": " ", "\u200b": "", "ä": "ä", "ﬁ": "fi", "½": "1⁄2", "ij": "y", "🙂": ":)"}
EXTRA = ["", " ", "   ", "a", " a", "a ", "  a  b  ", "▁", "a▁b", "<unk>", "<s>", "</s>", "\u00a0x", "ｶﾞｶ", "\u200b",
         "x\u200by", "漢字漢", "漢 字", "🙂🙃", "iij", "ﷺ", "ﻻ", "ABST", "\u0000", "the law of the data", "<0x41>", "ﬁn½"]
ALPHABET = "abcdefghistuvABST   ,.<>▁التيمونقد①ｶﾞﻻﷺ\u00a0\u3000\u200b漢字🙂🙃é½ﬁij\u0301"


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]; at += 1
        value |= (byte & 127) << shift; shift += 7
        if byte < 128: return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 2: size, at = varint(data, at); yield key >> 3, data[at:at + size]; at += size
        elif key & 7 == 5: yield key >> 3, struct.unpack("<f", data[at:at + 4])[0]; at += 4
        else: value, at = varint(data, at); yield key >> 3, value


def train(name, *options):
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules.tsv")
        rules.write_text("".join(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n"
                                 for a, b in RULES.items()), "utf-8")
        prefix = Path(folder, "m")
        subprocess.run(["spm_train", f"--input={corpus}", f"--model_prefix={prefix}", "--model_type=unigram",
                        f"--normalization_rule_tsv={rules}", "--minloglevel=1", *options], check=True)
        model = Path(f"{prefix}.model")
        tokens, scores, types, charsmap = [], [], [], b""
        for number, value in fields(model.read_bytes()):
            if number == 1:
                piece = dict(fields(value))
                tokens.append(piece[1].decode()); scores.append(piece.get(2, 0.0)); types.append(piece.get(3, 1))
            if number == 3: charsmap = dict(fields(value)).get(2, b"")
        draw = random.Random(7)
        texts = EXTRA + ["".join(draw.choice(ALPHABET) for _ in range(draw.randrange(1, 40))) for _ in range(300)]
        lines = subprocess.run(["spm_encode", f"--model={model}", "--output_format=id"], check=True, encoding="utf-8",
                               input="".join(text + "\n" for text in texts), capture_output=True).stdout.split("\n")
        ids = [[int(word) for word in line.split()] for line in lines[:len(texts)]]
        body = {"tokens": tokens, "scores": scores, "types": types, "charsmap": base64.b64encode(charsmap).decode(),
                "cases": [{"text": text, "ids": found} for text, found in zip(texts, ids)]}
        Path(out, name + ".json").write_text(json.dumps(body, ensure_ascii=False).replace('}, {', '},\n{') + "\n", "utf-8")
        print(name, len(tokens), "tokens", len(charsmap), "bytes of charsmap", len(texts), "texts")


train("plain", "--vocab_size=300")
train("bytes", "--vocab_size=560", "--byte_fallback=true", "--character_coverage=0.98")
