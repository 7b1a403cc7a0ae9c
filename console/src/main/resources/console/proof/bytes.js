// Bytes, their text forms, and SHA-256. The smallest vocabulary that the log needs.

const utf8 = new TextEncoder();

export const bytesOf = (text) => utf8.encode(text);

/** Strict: bytes that are not UTF-8 throw instead of turning into replacement characters. */
export const textOf = (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Standard alphabet with padding (RFC 4648 §4); anything else throws. */
export function fromBase64(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (base64(bytes) !== text) throw new Error(`not canonical base64: ${text.slice(0, 60)}`);
  return bytes;
}

export function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Error(`not lower-case hexadecimal: ${text.slice(0, 60)}`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export const equal = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);

export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));
