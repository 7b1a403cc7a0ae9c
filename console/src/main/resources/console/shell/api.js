// The public HTTP API, as any customer sees it. Nothing else in the console calls `fetch`.

import { events } from './sse.js';

const KEY = 'diwan-key';
/** The console lists a page of entries at a time. */
export const PAGE = 50;

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
};

/** Takes the key out of `…#key=…` into this tab's session, and out of the address bar and history. */
export function takeKeyFromAddress() {
  const found = /^#key=([^&]+)(?:&(.*))?$/.exec(location.hash);
  if (!found) return;
  key.set(decodeURIComponent(found[1]));
  history.replaceState(null, '', `${location.pathname}${location.search}#${found[2] ?? ''}`);
}

/** An answer other than success: the HTTP status and the server's own words. */
export class ApiError extends Error {
  constructor(status, message, body = {}, receiptId = null) {
    super(message);
    this.status = status;
    this.body = body;
    this.receipt = receiptId;
  }
}

/** A response with a 2xx status; everything else throws `ApiError` (status 0: no connection). */
async function call(path, options = {}) {
  const headers = { ...options.headers };
  if (key.get()) headers.authorization = `Bearer ${key.get()}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, error.message);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new ApiError(response.status, body.error?.message ?? response.statusText, body,
    response.headers.get('diwan-receipt'));
}

const json = async (path) => (await call(path)).json();

export const models = async () => (await json('/v1/models')).data;
export const receipt = (id) => json(`/v1/receipts/${encodeURIComponent(id)}`);
/** The receipt as the server spells it: another spelling of the same JSON is no receipt. */
export const receiptFile = async (id) => (await call(`/v1/receipts/${encodeURIComponent(id)}`)).blob();
export const entries = (from, count) => json(`/v1/ledger/entries?from=${from}&count=${count}`);

/** A file of the log, as bytes. Public: an auditor reads the same ones without a key. */
export const log = async (path) => new Uint8Array(await (await call(`/log/${path}`)).arrayBuffer());

/**
 * Streams a chat answer: yields `{receipt, label}`, then `{text}` pieces, then `{finish}`. Aborting the signal ends
 * the answer at the server as well: it frees the slot when the connection goes.
 */
export async function* chat({ model, dataClass, messages, signal }) {
  const response = await call('/v1/chat/completions', {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json', 'diwan-data-class': dataClass },
    body: JSON.stringify({ model, messages, stream: true }),
  });
  yield { receipt: response.headers.get('diwan-receipt'), label: response.headers.get('diwan-label') };
  for await (const { data } of events(response.body)) {
    if (data === '[DONE]') return;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new ApiError(response.status, chunk.error.message, chunk);
    const choice = chunk.choices?.[0];
    if (choice?.delta?.content) yield { text: choice.delta.content };
    if (choice?.finish_reason) yield { finish: choice.finish_reason };
  }
  throw new ApiError(0, 'the answer broke off before its end');
}
