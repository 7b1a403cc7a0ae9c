// One line of the register. Opened, it shows the record as it stands in the log, and can be verified.

import { LitElement, css, html, nothing } from 'lit';
import { verifyEntry } from '../proof/inclusion.js';
import '../proof/steps.js';
import * as icons from '../shell/icons.js';
import { Localized, number, t, time } from '../shell/language.js';
import { style } from '../shell/style.js';

class DiwanEntry extends LitElement {
  static properties = {
    row: { attribute: false },
    open: { attribute: false },
    steps: { state: true },
  };

  static styles = [style, css`
    :host {
      border-block-end: 1px solid var(--rule);
    }
    summary {
      display: grid;
      grid-template-columns: 5rem 9rem minmax(0, 1fr) max-content;
      gap: 0.25rem 1rem;
      align-items: baseline;
      padding: 0.85rem 0.5rem;
      list-style: none;
    }
    summary::-webkit-details-marker {
      display: none;
    }
    summary:hover {
      background: var(--wash);
    }
    .index {
      font-family: var(--serif);
      font-size: 1.1rem;
      color: var(--muted);
    }
    .type {
      color: var(--accent);
    }
    .what {
      min-inline-size: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .deny {
      color: var(--differs);
    }
    time {
      color: var(--muted);
      font-size: 0.86rem;
    }
    .inside {
      padding: 0 0.5rem 1.25rem;
    }
    .route {
      direction: ltr;
      text-transform: uppercase;
      font-size: 0.86rem;
    }
    pre {
      margin: 0.75rem 0 0;
      padding: 1rem 1.25rem;
      overflow-x: auto;
      border-radius: var(--radius);
      background: var(--wash);
      font-family: var(--mono);
      font-size: 0.8rem;
      line-height: 1.7;
      direction: ltr;
      text-align: start;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    @media (max-width: 40rem) {
      summary {
        grid-template-columns: max-content minmax(0, 1fr);
      }
      time,
      .what {
        grid-column: 1 / -1;
      }
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.open = false;
    this.steps = null;
  }

  render() {
    const { index, entry } = this.row;
    return html`
      <details ?open=${this.open}>
        <summary>
          <span class="index">${number(index)}</span>
          <span class="type">${t(`entry.${entry.type}`)}</span>
          <span class="what">${this.#what(entry)}</span>
          ${entry.time ? html`<time datetime=${entry.time}>${time(entry.time)}</time>` : nothing}
        </summary>
        <div class="inside">
          <button class="quiet framed" @click=${this.#verify}>${icons.seal}${t('verify.here')}</button>
          ${this.steps ? html`<diwan-steps .steps=${this.steps}></diwan-steps>` : nothing}
          <pre tabindex="0" aria-label=${t('entry.record')}>${JSON.stringify(entry, null, 2)}</pre>
        </div>
      </details>`;
  }

  /** The heart of the record in a line: the verdict and the route, who answered and how it ended, what was proved. */
  #what({ type, verdict, dataClass, model, origin, destination, upstream, by, finish, reason, statement, holds }) {
    if (type === 'decided') {
      return html`
        <span class=${verdict}>${t(`entry.${verdict}`)}</span> · ${t(`class.${dataClass}`)} ·
        <bdi>${upstream ?? model}</bdi> · <bdi class="route">${origin} → ${destination}</bdi>`;
    }
    if (type === 'answered') return html`<bdi>${by?.model}</bdi> · ${t(`finish.${finish}`)}`;
    if (type === 'proved') return html`<bdi>${statement}</bdi> · ${t(holds ? 'entry.holds' : 'entry.refuted')}`;
    return html`<bdi>${reason ?? ''}</bdi>`;
  }

  async #verify() {
    const { index, entry } = this.row;
    this.steps = [];
    for await (const step of verifyEntry(index, entry)) this.steps = [...this.steps, step];
  }
}

customElements.define('diwan-entry', DiwanEntry);
