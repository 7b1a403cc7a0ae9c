// What all components share: controls, focus, labels, hashes. Sizes are logical (inline, block), so one
// sheet serves both directions.

import { css } from 'lit';

export const style = css`
  :host {
    display: block;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [lang='ar'] {
    --serif: var(--serif-arabic);
  }
  [lang='en'] {
    --serif: var(--serif-latin);
  }
  [lang='ko'] {
    --serif: var(--serif-korean);
    word-break: keep-all;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ol,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button,
  select,
  summary,
  a {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 0.3rem;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.25em;
    text-decoration-thickness: 1px;
  }
  svg {
    inline-size: 1.15em;
    block-size: 1.15em;
    flex: none;
    vertical-align: -0.2em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .quiet {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    padding: 0.3rem 0.6rem;
    min-block-size: 2rem;
    border: 0;
    border-radius: 0.5rem;
    background: none;
    color: var(--muted);
    font-size: 0.86rem;
    text-decoration: none;
  }
  .framed {
    border: 1px solid var(--rule);
    padding-inline: 0.9rem;
    border-radius: 999px;
    color: var(--accent);
  }
  .quiet:hover {
    background: var(--wash);
    color: var(--accent);
  }
  /* A select as wide as its choice, with a chevron of two strokes at its end. */
  .choice {
    position: relative;
    display: inline-flex;
    align-items: center;
    min-inline-size: 0;
    color: var(--muted);
    font-size: 0.86rem;
  }
  .choice:hover {
    color: var(--accent);
  }
  .choice select {
    appearance: none;
    field-sizing: content;
    max-inline-size: 100%;
    min-block-size: 2rem;
    padding-block: 0.2rem;
    padding-inline: 0.5rem 1.5rem;
    border: 0;
    border-radius: 0.5rem;
    background: none;
    text-overflow: ellipsis;
  }
  .choice select:hover {
    background: var(--wash);
  }
  .choice option {
    background: var(--sheet);
    color: var(--ink);
  }
  .choice::after {
    content: '';
    position: absolute;
    inset-inline-end: 0.65rem;
    inline-size: 0.4rem;
    block-size: 0.4rem;
    margin-block-start: -0.2rem;
    border: solid currentColor;
    border-width: 0 1.5px 1.5px 0;
    rotate: 45deg;
    pointer-events: none;
  }
  .primary {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    padding: 0.5rem 1.25rem;
    min-block-size: 2.6rem;
    border: 1px solid var(--accent);
    border-radius: 999px;
    background: var(--accent);
    color: var(--on-accent);
  }
  .primary:disabled {
    background: none;
    border-color: var(--rule);
    color: var(--muted);
    cursor: default;
  }
  .outline {
    background: none;
    color: var(--accent);
  }
  .outline:hover {
    background: var(--wash);
  }
  .hash,
  code {
    font-family: var(--mono);
    font-size: 0.82em;
    direction: ltr;
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
