// "Verify in this page": is what I am shown in the log that was signed?
//
// A verification is a story told step by step: an async generator of steps, each
// `{name, ok: true, facts}` or `{name, ok: false, problem, expected?, found?}`, and it ends at the
// first step that does not hold. Names and facts are keys of the locale; hashes speak for themselves.
// The page asks the server for bytes only: each hash is computed here.

import { log } from '../shell/api.js';
import { hex, textOf } from './bytes.js';
import { canonical } from './canonical.js';
import { parseCheckpoint, parseVerifierKeys, unsupported, verifySignatures } from './checkpoint.js';
import { Tree, leafHash, rootFrom } from './tree.js';

/** Two values that ought to be one. */
export class Differs extends Error {
  constructor(problem, expected, found) {
    super(problem);
    this.expected = expected;
    this.found = found;
  }
}

export function mustEqual(problem, expected, found) {
  const [a, b] = [expected, found].map((value) => (typeof value === 'string' ? value : hex(value)));
  if (a !== b) throw new Differs(problem, a, b);
}

/** Runs `check` and tells how it went: facts, or null where there is nothing to check, or what is thrown. */
async function step(name, check) {
  try {
    const facts = await check();
    return facts === null ? null : { name, ok: true, facts: facts ?? [] };
  } catch (error) {
    return { name, ok: false, problem: error.message, expected: error.expected, found: error.found };
  }
}

/** Runs steps one after the other and stops at the first that does not hold. */
export async function* story(steps) {
  const missing = await unsupported();
  if (missing) {
    yield { name: missing, ok: false, problem: '' };
    return;
  }
  for (const [name, check] of steps) {
    const told = await step(name, check);
    if (told) yield told;
    if (told?.ok === false) return;
  }
}

/** The checkpoint that the log shows now, its text parsed; not yet believed. */
export async function fetchCheckpoint() {
  return parseCheckpoint(textOf(await log('checkpoint')));
}

export async function fetchKeys() {
  return parseVerifierKeys(textOf(await log('vkey')));
}

/** Checks the log's own signatures and says by which keys. */
export async function signatureFacts(checkpoint, keys) {
  const { checked, unchecked } = await verifySignatures(checkpoint, keys);
  return [
    ['origin', checkpoint.origin],
    ['size', String(checkpoint.size)],
    ...checked.map((key) => ['key', key]),
    ...unchecked.map((key) => ['unchecked', key]),
  ];
}

/** Entry `index`, shown to the reader as `shown`: is it, byte for byte, in the signed log? */
export function verifyEntry(index, shown) {
  let checkpoint;
  let tree;
  let entry;
  let leaf;
  return story([
    ['verify.signature', async () => {
      checkpoint = await fetchCheckpoint();
      return signatureFacts(checkpoint, await fetchKeys());
    }],
    ['verify.entry', async () => {
      if (index >= checkpoint.size) {
        throw new Differs('differs.beyond', `> ${index}`, String(checkpoint.size));
      }
      tree = new Tree(checkpoint.size, log);
      entry = await tree.entry(index);
      mustEqual('differs.record', canonical(shown), textOf(entry));
      return [['bytes', String(entry.length)]];
    }],
    ['verify.leaf', async () => {
      leaf = await leafHash(entry);
      mustEqual('differs.leaf', leaf, await tree.node(0, index));
      return [['hash', hex(leaf)]];
    }],
    ['verify.root', async () => {
      const path = await tree.path(index);
      const root = await rootFrom(leaf, index, checkpoint.size, path);
      mustEqual('differs.tiles', checkpoint.root, root);
      return [['path', String(path.length)], ['root', hex(root)]];
    }],
  ]);
}

