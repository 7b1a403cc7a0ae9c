// Checkpoints (c2sp.org/tlog-checkpoint) and the signatures on them (c2sp.org/signed-note).
//
//   diwan.example/log        origin
//   20852163                 size
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root, base64
//                            (blank)
//   — diwan.example/log Az3grl…   name, base64(key id (4) ‖ signature)

import { bytesOf, fromBase64, hex, sha256 } from './bytes.js';

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
  const [origin, size, root] = body.split('\n');
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size ?? '')) throw new Error('checkpoint names no origin and size');
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

/** Why this browser cannot check Ed25519, as a locale key; null when it can. */
export async function unsupported() {
  if (!globalThis.crypto?.subtle) return 'verify.insecure';
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), { name: 'Ed25519' }, false, ['verify']);
    return null;
  } catch {
    return 'verify.unsupported';
  }
}

/** The Ed25519 key of `keys` by which the checkpoint's own origin signed it; throws where there is none. */
export async function verifySignature(checkpoint, keys) {
  const own = keys.filter((key) => key.type === ED25519 && key.name === checkpoint.origin);
  for (const key of own) {
    const line = checkpoint.signatures.find(({ name, id }) => name === key.name && id === key.id);
    if (line && (await ed25519(key.key, line.signature, bytesOf(checkpoint.body)))) return key;
    if (line) throw new Error(`the signature by ${key.name}+${key.id} does not fit this checkpoint`);
  }
  throw new Error(`no Ed25519 signature by ${checkpoint.origin} under a known key`);
}

async function ed25519(publicKey, signature, message) {
  const key = await crypto.subtle.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message);
}

