// A receipt, checked in this page: both of its entries are in the signed log, they belong together, and
// the answer on the screen is the one that was committed to. What a page cannot do – run the model again
// and compare every bit – `diwan verify receipt.json --replay` does, offline.

import { receipt as fetchReceipt } from '../shell/api.js';
import { bytesOf, fromBase64, fromHex, hex, sha256 } from './bytes.js';
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

/**
 * Checks receipt `id`. `shown` is the answer on the screen, `complete` whether the reader let it come to its
 * end: of an answer that was stopped, the ledger may hold a few words more than the screen.
 */
export function verifyReceipt(id, shown, complete) {
  let receipt;
  let keys;
  const proved = {};
  const included = (part) => async () => {
    const { entry, proof } = receipt[part];
    const { index, path, checkpoint } = parseProof(proof);
    const facts = await signatureFacts(checkpoint, keys);
    const leaf = await leafHash(canonicalBytes(entry));
    mustEqual('differs.proof', checkpoint.root, await rootFrom(leaf, index, checkpoint.size, path));
    mustEqual('differs.receipt', id, entry.receipt);
    proved[part] = { index, leaf };
    return [['index', String(index)], ['hash', hex(leaf)], ...facts];
  };
  return story([
    ['verify.receipt', async () => {
      receipt = await fetchReceipt(id);
      keys = await fetchKeys();
      mustEqual('differs.receipt', id, receipt.id);
    }],
    ['verify.decided', included('decided')],
    ['verify.asked', async () => {
      const { request } = receipt.decided.entry;
      mustEqual('differs.opening', request, await commitment(receipt.openings.request));
      return [['commitment', request]];
    }],
    ['verify.answered', () => receipt.answered && included('answered')()],
    ['verify.bound', () => receipt.answered && (() => {
      const { index, hash } = receipt.answered.entry.decided;
      mustEqual('differs.bound', hex(proved.decided.leaf), hash);
      mustEqual('differs.bound', String(proved.decided.index), String(index));
    })()],
    ['verify.opened', () => receipt.openings.answer && (async () => {
      const { answer } = receipt.answered.entry;
      mustEqual('differs.opening', answer, await commitment(receipt.openings.answer));
      const { value } = receipt.openings.answer;
      const { text } = value.told ?? value;
      mustEqual('differs.shown', complete ? text : text.slice(0, shown.length), shown);
      return [['commitment', answer]];
    })()],
  ]);
}

const COMMITMENT = bytesOf('diwan-commitment/v1\n');

/** SHA-256("diwan-commitment/v1\n" ‖ salt ‖ canonical JSON of the value), in hexadecimal. */
async function commitment({ salt, value }) {
  return hex(await sha256(COMMITMENT, fromHex(salt), canonicalBytes(value)));
}
