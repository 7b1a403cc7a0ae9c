// The Merkle tree of RFC 6962 §2.1, read from tiles (c2sp.org/tlog-tiles).
//
// A tile holds up to 256 hashes of one level; levels 0, 8, 16, … are stored, those between are
// computed. Everything here takes hashes from the tiles and gives back what they imply: nothing is
// believed until it equals a root that somebody signed.

import { concat, sha256 } from './bytes.js';

const HASH = 32;
const TILE = 256;
/** Indices are JavaScript numbers: exact up to 2^53 - 1, which no log of ours will reach. */
export const LARGEST = Number.MAX_SAFE_INTEGER;

export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
export const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/** `x001/x234/067` for 1234067: groups of three digits, all but the last marked with an x. */
export function tileNumber(n) {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0');
  const groups = digits.match(/.../g);
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The path of tile `n` of `kind` (a level, or 'entries') in a log of which `count` such items exist. */
function tilePath(kind, n, count) {
  const width = Math.min(TILE, count - n * TILE);
  return `tile/${kind}/${tileNumber(n)}${width < TILE ? `.p/${width}` : ''}`;
}

/** One log of `size` entries, read through `fetchTile(path) → Uint8Array`; each tile is read once. */
export class Tree {
  #fetchTile;
  #tiles = new Map();

  constructor(size, fetchTile) {
    if (!Number.isSafeInteger(size) || size < 0) throw new Error(`log size ${size} is not in [0, 2^53)`);
    this.size = size;
    this.#fetchTile = fetchTile;
  }

  #tile(path) {
    if (!this.#tiles.has(path)) this.#tiles.set(path, this.#fetchTile(path));
    return this.#tiles.get(path);
  }

  /** The bytes of entry `index`, cut out of its bundle: u16be length ‖ entry, repeated. */
  async entry(index) {
    const path = tilePath('entries', Math.floor(index / TILE), this.size);
    const bundle = await this.#tile(path);
    let offset = 0;
    for (let skip = index % TILE; ; skip--) {
      const length = (bundle[offset] << 8) | bundle[offset + 1];
      const end = offset + 2 + length;
      if (!(end <= bundle.length)) throw new Error(`${path} ends inside entry ${index - skip}`);
      if (skip === 0) return bundle.slice(offset + 2, end);
      offset = end;
    }
  }

  /** The hash of the complete subtree of 2^level leaves at `index` of its level. */
  async node(level, index) {
    const within = level % 8;
    const stored = (level - within) / 8;
    const first = index * 2 ** within;
    const path = tilePath(stored, Math.floor(first / TILE), Math.floor(this.size / TILE ** stored));
    const tile = await this.#tile(path);
    const from = (first % TILE) * HASH;
    const run = tile.slice(from, from + 2 ** within * HASH);
    if (run.length !== 2 ** within * HASH) throw new Error(`${path} has ${tile.length} bytes, too few`);
    let hashes = Array.from({ length: 2 ** within }, (_, i) => run.slice(i * HASH, (i + 1) * HASH));
    while (hashes.length > 1) {
      hashes = await Promise.all(
        hashes.filter((_, i) => i % 2 === 0).map((left, i) => nodeHash(left, hashes[2 * i + 1])));
    }
    return hashes[0];
  }

  /** MTH(D[from:to]) of RFC 6962 §2.1 for the ranges that its proofs use. */
  async hash(from, to) {
    const count = to - from;
    const half = largestPowerBelow(count);
    if (count === 2 * half || count === 1) return this.node(Math.log2(count), from / count);
    return nodeHash(await this.hash(from, from + half), await this.hash(from + half, to));
  }

  /** PATH(index, D[from:to]) of RFC 6962 §2.1.1, the sibling nearest to the leaf first. */
  async path(index, from = 0, to = this.size) {
    if (to - from === 1) return [];
    const middle = from + largestPowerBelow(to - from);
    return index < middle
      ? [...(await this.path(index, from, middle)), await this.hash(middle, to)]
      : [...(await this.path(index, middle, to)), await this.hash(from, middle)];
  }
}

/** The largest power of two smaller than `n`, for n ≥ 2; 1 for n ≤ 2. */
function largestPowerBelow(n) {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** The root that `leaf` at `index` of `size` and its `path` imply (RFC 9162 §2.1.3.2). */
export async function rootFrom(leaf, index, size, path) {
  if (!(index >= 0 && index < size && size <= LARGEST)) throw new Error(`index ${index} is not in [0, ${size})`);
  let hash = leaf;
  let node = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) throw new Error(`${path.length} path hashes are too many for entry ${index} of ${size}`);
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new Error(`${path.length} path hashes are too few for entry ${index} of ${size}`);
  return hash;
}

/** The root that the entries themselves imply: a slow, obvious twin of the tiles. */
export async function rootOf(leaves) {
  if (leaves.length === 0) return sha256(concat());
  if (leaves.length === 1) return leaves[0];
  const half = largestPowerBelow(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, half)), await rootOf(leaves.slice(half)));
}
