// RFC 8785 (JSON Canonicalization Scheme). The scheme takes its numbers and strings from ECMAScript,
// so in a browser only the order of the members is left to do.

import { bytesOf } from './bytes.js';

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  // The default sort compares UTF-16 code units, as RFC 8785 §3.2.3 asks.
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}

export const canonicalBytes = (value) => bytesOf(canonical(value));
