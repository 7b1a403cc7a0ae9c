// Checkpoints (c2sp.org/tlog-checkpoint) and the signatures on them (c2sp.org/signed-note).
//
//   diwan.example/log        origin
//   20852163                 size
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root, base64
//                            (blank)
//   — diwan.example/log Az3grl…   name, base64(key id (4) ‖ signature)

import { bytesOf, concat, fromBase64, hex, sha256 } from './bytes.js';

const ED25519 = 1;
const ML_DSA_44 = 6;
export const ALGORITHM = { [ED25519]: 'Ed25519', [ML_DSA_44]: 'ML-DSA-44' };
const LARGEST_NOTE = 1 << 20;

/** `{origin, size, root, body, signatures: [{name, id, signature}]}`; throws where the text is not one. */
export function parseCheckpoint(text) {
  if (text.length > LARGEST_NOTE) throw new Error(`checkpoint of ${text.length} characters, limit ${LARGEST_NOTE}`);
  const split = text.indexOf('\n\n');
  if (split < 0 || !text.endsWith('\n')) throw new Error('checkpoint has no signature block');
  const body = text.slice(0, split + 1);
  const [origin, size, root, ...more] = body.split('\n');
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size ?? '')) throw new Error('checkpoint names no origin and size');
  // No signature may miss a line, and ML-DSA-44 covers the first three alone.
  if (more.length !== 1) throw new Error('checkpoint has extension lines');
  const signatures = text.slice(split + 2, -1).split('\n').map(parseSignature);
  return { origin, size: Number(size), root: fromBase64(root ?? ''), body, signatures };
}

function parseSignature(line) {
  const found = /^\u2014 (\S+) (\S+)$/.exec(line);
  if (!found) throw new Error(`not a signature line: ${line.slice(0, 80)}`);
  const blob = fromBase64(found[2]);
  return { name: found[1], id: hex(blob.slice(0, 4)), signature: blob.slice(4) };
}

/** One line of `/log/vkey`: `name+hex(key id)+base64(type ‖ public key)`; checks that the id belongs to the key. */
export async function parseVerifierKey(line) {
  const found = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line);
  if (!found) throw new Error(`not a verifier key: ${line.slice(0, 80)}`);
  const [, name, id, encoded] = found;
  const blob = fromBase64(encoded);
  const expected = hex((await sha256(bytesOf(`${name}\n`), blob)).slice(0, 4));
  if (id !== expected) throw new Error(`verifier key of ${name} says id ${id}, its bytes say ${expected}`);
  return { name, id, type: blob[0], key: blob.slice(1), line };
}

export const parseVerifierKeys = (text) =>
  Promise.all(text.split('\n').filter((line) => line.trim() !== '').map(parseVerifierKey));

/** Why this browser cannot verify anything, as a locale key; null when it can. */
export async function unsupported() {
  if (!globalThis.crypto?.subtle) return 'verify.insecure';
  return (await publicKey({ type: ED25519, key: new Uint8Array(32) })) ? null : 'verify.unsupported';
}

/**
 * Returns when every key of the log itself has signed the checkpoint: the log signs with a classical and
 * a quantum-safe key, and whoever breaks one must not be able to drop the other. Gives the keys as
 * `{checked, unchecked}`: a browser that knows no ML-DSA leaves that one unchecked, never Ed25519.
 */
export async function verifySignatures(checkpoint, keys) {
  const own = keys.filter(({ name, type }) => name === checkpoint.origin && type in ALGORITHM);
  if (!own.some(({ type }) => type === ED25519)) throw new Error(`no Ed25519 key of ${checkpoint.origin} is known`);
  const told = { checked: [], unchecked: [] };
  for (const key of own) {
    const lines = checkpoint.signatures.filter(({ name, id }) => name === key.name && id === key.id);
    const title = `${ALGORITHM[key.type]} ${key.id}`;
    if (lines.length === 0) throw new Error(`no signature by ${key.name} (${title})`);
    const material = await publicKey(key);
    if (material === null && key.type === ED25519) throw new Error(`not an Ed25519 key: ${title}`);
    for (const { signature } of material === null ? [] : lines) {
      const [message, bare] = signed(checkpoint, key, signature);
      const holds = await crypto.subtle.verify({ name: ALGORITHM[key.type] }, material, bare, message);
      if (!holds) throw new Error(`the signature by ${key.name} (${title}) does not fit this checkpoint`);
    }
    (material === null ? told.unchecked : told.checked).push(title);
  }
  return told;
}

/** The key as the browser's cryptography takes it; null where it does not know the algorithm. */
async function publicKey({ type, key }) {
  const format = type === ED25519 ? 'raw' : 'raw-public';
  try {
    return await crypto.subtle.importKey(format, key, { name: ALGORITHM[type] }, false, ['verify']);
  } catch {
    return null;
  }
}

const LABEL = bytesOf('subtree/v1\n\0');

/** What was signed, and the signature without what stands before it. */
function signed({ body, origin, size, root }, key, signature) {
  if (key.type === ED25519) return [bytesOf(body), signature];
  // cosigned_message of c2sp.org/tlog-cosignature: names with a byte of length, numbers u64 big-endian;
  // in front of an ML-DSA-44 signature stands the time that it covers.
  const time = signature.slice(0, 8);
  const name = (text) => concat(Uint8Array.of(bytesOf(text).length), bytesOf(text));
  return [concat(LABEL, name(key.name), time, name(origin), u64(0), u64(size), root), signature.slice(8)];
}

function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
