// A receipt, checked in this page: both of its entries are in the signed log, they belong together, and
// the answer on the screen is the one that was committed to. What a page cannot do – run the model again
// and compare every bit – `diwan verify receipt.json --replay` does, offline.

import { receipt as fetchReceipt } from '../shell/api.js';
import { fromBase64, hex } from './bytes.js';
import { canonicalBytes } from './canonical.js';
import { parseCheckpoint } from './checkpoint.js';
import { fetchKeys, mustEqual, signatureFacts, story } from './inclusion.js';
import { leafHash, rootFrom } from './tree.js';

const PROOF = 'c2sp.org/tlog-proof@v1';
/** A path in a tree of 2^63 leaves has 63 hashes (c2sp.org/tlog-proof). */
const LONGEST_PATH = 63;

/** `{index, path, checkpoint}` of a tlog-proof text. */
export function parseProof(text) {
  const split = text.indexOf('\n\n');
  const lines = text.slice(0, split).split('\n');
  if (split < 0 || lines.shift() !== PROOF) throw new Error(`not a ${PROOF}`);
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const found = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? '');
  if (!found) throw new Error('the proof names no index');
  if (lines.length > LONGEST_PATH) throw new Error(`the proof has ${lines.length} hashes, limit ${LONGEST_PATH}`);
  return { index: Number(found[1]), path: lines.map(fromBase64), checkpoint: parseCheckpoint(text.slice(split + 2)) };
}

/** Checks receipt `id`, and that `shown`, the answer on the screen, is its answer. */
export function verifyReceipt(id, shown) {
  let receipt;
  let keys;
  const included = (part) => async () => {
    const { entry, proof } = receipt[part];
    const { index, path, checkpoint } = parseProof(proof);
    const facts = await signatureFacts(checkpoint, keys);
    const leaf = await leafHash(canonicalBytes(entry));
    mustEqual('differs.proof', checkpoint.root,
      await rootFrom(leaf, index, checkpoint.size, path));
    return [['index', String(index)], ['hash', hex(leaf)], ...facts];
  };
  return story([
    ['verify.receipt', async () => {
      receipt = await fetchReceipt(id);
      keys = await fetchKeys();
      mustEqual('differs.receipt', id, receipt.id);
    }],
    ['verify.decided', included('decided')],
    ['verify.answered', included('answered')],
  ]);
}

