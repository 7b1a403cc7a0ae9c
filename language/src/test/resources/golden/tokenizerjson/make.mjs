// node make.mjs: writes golden.json, small tokenizer.json files of every shape that is read, and what
// @huggingface/tokenizers makes of random texts with them. See HOW.md.
import fs from 'node:fs';
import {Tokenizer} from '@huggingface/tokenizers';

let state = 7;
const random = n => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % n; };
const pick = list => list[random(list.length)];

const LETTERS = [...'abtse\'1.,  \nكتبَé한年😁'];
const plain = [[33, 126], [161, 172], [174, 255]].flatMap(([a, b]) => [...Array(b - a + 1)].map((_, i) => a + i));
const byteLetter = [];
let next = 256;
for (let b = 0; b < 256; b++) byteLetter.push(String.fromCodePoint(plain.includes(b) ? b : next++));
const spelled = text => [...new TextEncoder().encode(text)].map(b => byteLetter[b]).join('');

function byteVocabulary() {
  const vocab = {}, merges = [];
  for (const letter of byteLetter) vocab[letter] = Object.keys(vocab).length;
  const merge = (a, b) => {
    if (a + b in vocab) return;
    vocab[a + b] = Object.keys(vocab).length;
    merges.push([a, b]);
  };
  for (const letter of LETTERS) {
    const bytes = [...spelled(letter)];
    for (let i = 1; i < bytes.length; i++) merge(bytes.slice(0, i).join(''), bytes[i]);
  }
  for (let i = 0; i < LETTERS.length ** 2; i++) {
    const pair = i * 101 % LETTERS.length ** 2;
    merge(spelled(LETTERS[Math.floor(pair / LETTERS.length)]), spelled(LETTERS[pair % LETTERS.length]));
  }
  return {vocab, merges};
}

// Pieces with scores, and every pair that forms one, the highest score first: as converters of SentencePiece models write them.
function pieceVocabulary() {
  const vocab = {'<unk>': 0, '<s>': 1, '</s>': 2};
  for (let b = 0; b < 256; b++) vocab[`<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`] = 3 + b;
  const pieces = ['▁', ...'abtseكتب한'];
  for (let i = 0; i < 160; i++) {
    const piece = pick(pieces) + pick(pieces);
    if (!pieces.includes(piece) && piece.length <= 8) pieces.push(piece);
  }
  for (const piece of pieces) vocab[piece] = Object.keys(vocab).length;
  const ordered = pieces.slice(10).map(piece => [random(1e6), piece]).sort((a, b) => a[0] - b[0]).map(([, piece]) => piece);
  const merges = [];
  for (const piece of ordered)
    for (let cut = 1; cut < piece.length; cut++) {
      const [left, right] = [piece.slice(0, cut), piece.slice(cut)];
      if (pieces.includes(left) && pieces.includes(right)) merges.push([left, right]);
    }
  return {vocab, merges};
}

const token = (id, content, special, more = {}) => ({id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special, ...more});
const BYTES = byteVocabulary();
const SIZE = Object.keys(BYTES.vocab).length;
const split = Regex => ({type: 'Split', pattern: {Regex}, behavior: 'Isolated', invert: false});
const byteLevel = use_regex => ({type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex});
const sequence = (...pretokenizers) => ({type: 'Sequence', pretokenizers});
const begin = (text, id) => ({
  type: 'TemplateProcessing',
  single: [{SpecialToken: {id: text, type_id: 0}}, {Sequence: {id: 'A', type_id: 0}}],
  pair: [{Sequence: {id: 'A', type_id: 0}}, {Sequence: {id: 'B', type_id: 0}}],
  special_tokens: {[text]: {id: text, ids: [id], tokens: [text]}},
});
const CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
const REST = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]', PREFIX = '[^\\r\\n\\p{L}\\p{N}]?';
const bytes = more => ({
  version: '1.0', truncation: null, padding: null,
  added_tokens: [token(SIZE, '<|endoftext|>', true), token(SIZE + 1, '<|im_end|>', true), token(SIZE + 2, '<tool_call>', false)],
  normalizer: null, pre_tokenizer: byteLevel(true), post_processor: byteLevel(true), decoder: byteLevel(true),
  model: {type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false,
    byte_fallback: false, ignore_merges: false, vocab: BYTES.vocab, merges: BYTES.merges},
  ...more,
});
const PIECES = pieceVocabulary();
const pieces = more => ({
  version: '1.0', truncation: null, padding: null,
  added_tokens: [token(0, '<unk>', true), token(1, '<s>', true), token(2, '</s>', true)],
  normalizer: {type: 'Sequence', normalizers: [{type: 'Prepend', prepend: '▁'}, {type: 'Replace', pattern: {String: ' '}, content: '▁'}]},
  pre_tokenizer: null, post_processor: begin('<s>', 1),
  decoder: {type: 'Sequence', decoders: [{type: 'Replace', pattern: {String: '▁'}, content: ' '}, {type: 'ByteFallback'}, {type: 'Fuse'}, {type: 'Strip', content: ' ', start: 1, stop: 0}]},
  model: {type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true,
    byte_fallback: true, ignore_merges: false, vocab: PIECES.vocab, merges: PIECES.merges},
  ...more,
});

const FILES = {
  'gpt-2': bytes({}),
  starcoder: bytes({pre_tokenizer: sequence({type: 'Digits', individual_digits: true}, byteLevel(true))}),
  'llama-3': bytes({
    pre_tokenizer: sequence(split(CONTRACTION + PREFIX + '\\p{L}+|\\p{N}{1,3}|' + REST), byteLevel(false)),
    post_processor: {type: 'Sequence', processors: [byteLevel(false), begin('<|endoftext|>', SIZE)]},
    model: {...bytes({}).model, ignore_merges: true, merges: BYTES.merges.map(pair => pair.join(' '))},
  }),
  'qwen-2': bytes({
    normalizer: {type: 'NFC'},
    pre_tokenizer: sequence(split(CONTRACTION + PREFIX + '\\p{L}+|\\p{N}|' + REST), byteLevel(false)),
  }),
  tekken: bytes({
    pre_tokenizer: sequence(split(`${PREFIX}${UPPER}*${LOWER}+|${PREFIX}${UPPER}+${LOWER}*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`), byteLevel(false)),
    model: {...bytes({}).model, ignore_merges: true},
  }),
  'llama-2': pieces({}),
  gemma: pieces({
    normalizer: {type: 'Replace', pattern: {String: ' '}, content: '▁'},
    pre_tokenizer: {type: 'Split', pattern: {String: ' '}, behavior: 'MergedWithPrevious', invert: false},
    decoder: {type: 'Sequence', decoders: [{type: 'Replace', pattern: {String: '▁'}, content: ' '}, {type: 'ByteFallback'}, {type: 'Fuse'}]},
  }),
  mistral: pieces({normalizer: null, pre_tokenizer: {type: 'Metaspace', replacement: '▁', prepend_scheme: 'never', split: false}}),
};
const PARTS = [...LETTERS, 'ab', 'te', "'s", '12', '   ', 'e\u0301', '<|im_end|>', '<s>', '</s>', '<tool_call>', '▁'];
const golden = Object.entries(FILES).map(([name, file]) => {
  const tokenizer = new Tokenizer(file, {});
  const cases = [];
  for (let i = 0; i < 60; i++) {
    const text = [...Array(1 + random(14))].map(() => pick(PARTS)).join('');
    cases.push({text, ids: tokenizer.encode(text).ids});
  }
  return {name, file: JSON.stringify(file), cases};
});
fs.writeFileSync('golden.json', '[\n' + golden.map(entry => JSON.stringify(entry)).join(',\n') + '\n]\n');
