// The ledger: every decision and every answer, newest first, under the checkpoint that signs them all.
// "Verify in this page" recomputes with the browser's own cryptography what the server claims.

import { LitElement, css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import './checkpoint.js';
import './entry.js';
import { fetchCheckpoint, fetchKeys } from '../proof/inclusion.js';
import { PAGE, entries } from '../shell/api.js';
import * as icons from '../shell/icons.js';
import { Localized, number, t } from '../shell/language.js';
import { style } from '../shell/style.js';

class DiwanLedger extends LitElement {
  static properties = {
    shown: { type: Boolean },
    selected: { attribute: false },
    checkpoint: { state: true },
    keys: { state: true },
    rows: { state: true },
    error: { state: true },
  };

  static styles = [style, css`
    :host {
      overflow-y: auto;
      padding: 2.5rem clamp(1rem, 4vw, 2.5rem) 4rem;
    }
    .column {
      max-inline-size: 64rem;
      margin-inline: auto;
    }
    .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 1rem;
    }
    h1 {
      font-family: var(--serif);
      font-size: 2rem;
      font-weight: 500;
      line-height: 1.7;
    }
    .lead {
      max-inline-size: 44rem;
      margin-block: 0.25rem 2rem;
      color: var(--muted);
      line-height: 1.8;
    }
    .entries {
      margin-block-start: 2rem;
      border-block-start: 1px solid var(--rule);
    }
    .more {
      display: flex;
      justify-content: center;
      padding-block: 1.5rem;
      color: var(--muted);
    }
    .error {
      padding: 1rem 1.25rem;
      border: 1px solid var(--differs);
      border-radius: var(--radius);
      color: var(--differs);
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.rows = [];
    this.keys = [];
    this.checkpoint = null;
    this.selected = null;
    this.error = null;
  }

  willUpdate(changed) {
    if (this.shown && (changed.has('shown') || changed.has('selected'))) this.refresh();
  }

  render() {
    const oldest = this.rows.at(-1)?.index ?? 0;
    return html`
      <div class="column">
        <div class="head">
          <h1>${t('ledger.title')}</h1>
          <button class="quiet" @click=${() => this.refresh()}>${icons.refresh}${t('ledger.refresh')}</button>
        </div>
        <p class="lead">${t('ledger.lead')}</p>
        ${this.error
          ? html`<p class="error" role="alert" dir="auto">${t('ledger.error')} ${this.error.message}</p>`
          : nothing}
        ${this.checkpoint
          ? html`<diwan-checkpoint .checkpoint=${this.checkpoint} .keys=${this.keys}></diwan-checkpoint>`
          : nothing}
        <div class="entries" role="list" aria-label=${t('ledger.entries')}>
          ${repeat(this.rows, ({ index }) => index, (row) => html`
            <diwan-entry role="listitem" .row=${row} .open=${row.index === this.selected}></diwan-entry>`)}
        </div>
        <div class="more">
          ${this.rows.length === 0 ? t('ledger.empty') : nothing}
          ${oldest > 0 ? html`
            <button class="quiet" @click=${this.#older}>
              ${t('ledger.older', { count: number(oldest) })}</button>` : nothing}
        </div>
      </div>`;
  }

  /** Reads the checkpoint and the newest entries again; with an entry selected, the page that ends with it. */
  async refresh() {
    if (!this.shown) return;
    this.error = null;
    try {
      // Asked for entries, the log first signs a checkpoint over all of them.
      await entries(0, 0);
      [this.checkpoint, this.keys] = await Promise.all([fetchCheckpoint(), fetchKeys()]);
      const end = this.selected === null ? this.checkpoint.size : Math.min(this.selected + 1, this.checkpoint.size);
      this.rows = await rows(end);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #older() {
    try {
      this.rows = [...this.rows, ...(await rows(this.rows.at(-1).index))];
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    this.error = error;
    if (error.status === 401) this.dispatchEvent(new CustomEvent('needs-key', { bubbles: true, composed: true }));
  }
}

/** The last entries before `end`, newest first. */
async function rows(end) {
  const from = Math.max(0, end - PAGE);
  if (end === from) return [];
  const page = await entries(from, end - from);
  return page.entries.toReversed();
}

customElements.define('diwan-ledger', DiwanLedger);
