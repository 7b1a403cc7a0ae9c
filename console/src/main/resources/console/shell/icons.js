// Line drawings on a 20 × 20 grid; decoration only, the label beside each says what it means.

import { svg, html } from 'lit';

const icon = (paths) => html`<svg viewBox="0 0 20 20" aria-hidden="true">${paths}</svg>`;

export const send = icon(svg`<path d="M10 16V4M5 9l5-5 5 5"/>`);
export const stop = icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1.5"/>`);
export const copy = icon(svg`<rect x="7" y="7" width="9" height="9" rx="2"/><path d="M13 4H6a2 2 0 0 0-2 2v7"/>`);
export const done = icon(svg`<path d="M4.5 10.5l4 4 7-9"/>`);
export const wrong = icon(svg`<path d="M5.5 5.5l9 9m0-9l-9 9"/>`);
export const seal = icon(svg`
  <rect x="5" y="5" width="10" height="10"/><rect x="5" y="5" width="10" height="10" transform="rotate(45 10 10)"/>`);
export const key = icon(svg`<circle cx="6.5" cy="13.5" r="3"/><path d="M8.7 11.3L16 4m-3 3l2 2m-4.5.5l1.5 1.5"/>`);
export const plus = icon(svg`<path d="M10 4v12M4 10h12"/>`);
export const download = icon(svg`<path d="M10 4v8m-3.5-3L10 12.5 13.5 9M4.5 16h11"/>`);
export const refresh = icon(svg`<path d="M15.5 7A6 6 0 1 0 16 11M16 4v3.5h-3.5"/>`);
