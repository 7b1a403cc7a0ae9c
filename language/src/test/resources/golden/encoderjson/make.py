"""Trains small tokenizers of the kinds that encoders use and writes what Hugging Face's library makes of texts.

   python3 make.py CORPUS.txt ../tokenizerjson/golden.json      (see HOW.md; writes golden.json beside itself)
"""
import base64, json, random, sys, tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as model
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

corpus, here = Path(sys.argv[1]), Path(__file__).parent
draw = random.Random(7)

# Some of NFKC, spaces of other kinds, a deletion: a map small enough to commit.
RULES = {"ﻻ": "لا", "ﷺ": "صلى الله", "ｶﾞ": "ガ", "ｶ": "カ", "①": "1", "\t": " ", "\n": " ", "\r": " ", "\u00a0": " ",
         "\u3000": " ", "\u200b": "", "\u0301": "", "ﬁ": "fi", "½": "1⁄2", "Ａ": "A"}
WORDS = corpus.read_text("utf-8").split()
EXTRA = ["", " ", "   ", "a", " a", "a ", "  a  b  ", "\ta\nb\r\nc", "\u00a0x\u3000y", "漢字", "漢 字 x", "🙂🙃 a", "ﷺ ﻻ", "①½ﬁ",
         "x\u200by", "<mask>", " <mask> a", "a<s>b", "a </s> b", "[MASK]", "a [SEP] b", "a[CLS]b", "ÄÖÜ äöü", "STRAẞE Straße",
         "الدِّيوان", "한국어 문장", "Ang mga tao'y malaya.", "Die Würde des Menschen", "a" * 101, "3.14, 2,5 (x)!", "e\u0301", "ΣΑΣ"]
PARTS = ["<mask>", "[MASK]", "</s>", "[SEP]", " ", "  ", "\n", "\t", ".", ",", "!", "'", "-", "ﻻ", "①", "漢", "🙂", "\u200b", "é", "Ä", "ß"]


def some_text():
    parts = (draw.choice(WORDS) if draw.random() < 0.6 else draw.choice(PARTS) for _ in range(draw.randrange(1, 12)))
    return "".join(part + draw.choice(["", " ", " ", " "]) for part in parts)


def token(id, content, special=True, **more):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": special, **more}


def template(first, last, between, ids):
    """`first A last`, and of two texts `first A last between B last`."""
    mark = lambda text, type_id=0: {"SpecialToken": {"id": text, "type_id": type_id}}
    text = lambda name, type_id=0: {"Sequence": {"id": name, "type_id": type_id}}
    second = 0 if between else 1
    pair = [mark(first), text("A"), mark(last)] + [mark(t) for t in between] + [text("B", second), mark(last, second)]
    special = {t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in (first, last)}
    return {"type": "TemplateProcessing", "single": [mark(first), text("A"), mark(last)], "pair": pair, "special_tokens": special}


def file(added, normalizer, pre, post, decoder, model):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": normalizer,
            "pre_tokenizer": pre, "post_processor": post, "decoder": decoder, "model": model}


def word_piece(lowercase, post_type):
    normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer, learner.pre_tokenizer = normalizer, pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    learner.train([str(corpus)], trainers.WordPieceTrainer(
        vocab_size=800, special_tokens=specials, limit_alphabet=200, show_progress=False))
    vocab = learner.get_vocab()
    post = template("[CLS]", "[SEP]", [], vocab) if post_type == "TemplateProcessing" else {
        "type": "BertProcessing", "sep": ["[SEP]", vocab["[SEP]"]], "cls": ["[CLS]", vocab["[CLS]"]]}
    return file([token(vocab[t], t) for t in specials],
                {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": lowercase},
                {"type": "BertPreTokenizer"}, post, {"type": "WordPiece", "prefix": "##", "cleanup": True},
                {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                 "vocab": dict(sorted(vocab.items(), key=lambda entry: entry[1]))})


def unigram(newer):
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules.tsv")
        rules.write_text("".join(" ".join(f"{ord(c):X}" for c in a) + "\t" + " ".join(f"{ord(c):X}" for c in b) + "\n"
                                 for a, b in RULES.items()), "utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=f"{folder}/m", model_type="unigram", vocab_size=800,
            character_coverage=0.98, normalization_rule_tsv=str(rules), minloglevel=1)
        proto = model.ModelProto()
        proto.ParseFromString(Path(folder, "m.model").read_bytes())
    # As transformers' converter of XLM-RoBERTa numbers them.
    vocab = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]]
    vocab += [[piece.piece, piece.score] for piece in proto.pieces[3:]] + [["<mask>", 0.0]]
    charsmap = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()}
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    if newer:
        normalizer = {"type": "Sequence", "normalizers": [
            charsmap, {"type": "Strip", "strip_left": False, "strip_right": True},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "▁"}]}
        pre = metaspace
    else:
        normalizer = charsmap
        pre = {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"},
                                                     {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}]}
    ids = {text: id for id, (text, _) in enumerate(vocab)}
    added = [token(ids[t], t) for t in ("<s>", "<pad>", "</s>", "<unk>")] + [token(ids["<mask>"], "<mask>", lstrip=True)]
    return file(added, normalizer, pre, template("<s>", "</s>", ["</s>"], ids), metaspace,
                {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": False})


def edges():
    """The byte-level file of tokenizerjson, with added tokens that look at what lies beside them."""
    golden = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    byte_level = json.loads(next(entry["file"] for entry in golden if entry["name"] == "gpt-2"))
    size = byte_level["added_tokens"][0]["id"]
    kinds = [dict(lstrip=True), dict(rstrip=True), dict(lstrip=True, rstrip=True), dict(single_word=True),
             dict(single_word=True, rstrip=True), {}]
    byte_level["added_tokens"] = [token(size + i, f"<{'lrbswn'[i]}>", i % 2 == 0, **kind) for i, kind in enumerate(kinds)]
    byte_level["added_tokens"].append(token(byte_level["model"]["vocab"]["ab"], "ab", False, single_word=True))
    byte_level["added_tokens"].append(token(size + 6, "abt", False, single_word=True))
    return byte_level


def entry(name, body, texts, pairs):
    text = json.dumps(body, ensure_ascii=False)
    tokenizer = Tokenizer.from_str(text)
    cases = [{"text": t, "ids": tokenizer.encode(t).ids} for t in texts]
    found = [(a, b, tokenizer.encode(a, b)) for a, b in pairs]
    return {"name": name, "file": text, "cases": cases,
            "pairs": [{"first": a, "second": b, "ids": e.ids, "types": e.type_ids} for a, b, e in found]}


texts = EXTRA + [some_text() for _ in range(150)]
pairs = [(some_text(), some_text()) for _ in range(20)]
sides = ["<l>", "<r>", "<b>", "<s>", "<w>", "<n>", "ab", "abt", " ", "  ", "\n", "\t", "\u00a0", "\u3000", "a", "_", "é", "\u0301", "7", ".", "한"]
golden = [entry("bert-uncased", word_piece(True, "TemplateProcessing"), texts, pairs),
          entry("bert-cased", word_piece(False, "BertProcessing"), texts, pairs),
          entry("xlm-roberta", unigram(False), texts, pairs),
          entry("xlm-roberta-newer", unigram(True), texts, pairs),
          entry("edges", edges(), ["".join(draw.choice(sides) for _ in range(draw.randrange(1, 12))) for _ in range(400)], [])]
(here / "golden.json").write_text("[\n" + ",\n".join(json.dumps(e, ensure_ascii=False) for e in golden) + "\n]\n", "utf-8")
