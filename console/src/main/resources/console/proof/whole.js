// The whole log, recomputed from its entries: the slowest check and the one that needs no trust in tiles.

import { log } from '../shell/api.js';
import { hex } from './bytes.js';
import { fetchCheckpoint, fetchKeys, mustEqual, signatureFacts, story } from './inclusion.js';
import { Tree, leafHash, rootOf } from './tree.js';

/** Entries that a page reads at most, 128 bundles; for longer logs `diwan ledger fsck` is the tool. */
export const LONGEST = 1 << 15;

/** The checkpoint's signature; then its root, from every entry of a log of at most `LONGEST` entries. */
export function verifyCheckpoint() {
  let checkpoint;
  return story([
    ['verify.signature', async () => {
      checkpoint = await fetchCheckpoint();
      return signatureFacts(checkpoint, await fetchKeys());
    }],
    ['verify.tiles', async () => {
      if (checkpoint.size === 0) return [];
      const root = await new Tree(checkpoint.size, log).hash(0, checkpoint.size);
      mustEqual('differs.tiles', checkpoint.root, root);
      return [['root', hex(root)]];
    }],
    ['verify.whole', async () => {
      if (checkpoint.size > LONGEST) {
        throw new Error(`${checkpoint.size} entries, this page reads ${LONGEST}: use diwan ledger fsck`);
      }
      const tree = new Tree(checkpoint.size, log);
      const leaves = [];
      for (let index = 0; index < checkpoint.size; index++) {
        const leaf = await leafHash(await tree.entry(index));
        mustEqual(`entry ${index} is not the one that was signed`, await tree.node(0, index), leaf);
        leaves.push(leaf);
      }
      mustEqual('differs.whole', checkpoint.root, await rootOf(leaves));
      return [['entries', String(leaves.length)]];
    }],
  ]);
}
