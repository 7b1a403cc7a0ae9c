// Asks for the API key: kindly when there is none or the server refused it, and on the reader's wish.

import { LitElement, css, html } from 'lit';
import { key } from './api.js';
import { Localized, t } from './language.js';
import { style } from './style.js';

class DiwanKeyDialog extends LitElement {
  static properties = { missing: { state: true } };

  static styles = [style, css`
    dialog {
      inline-size: min(30rem, calc(100vw - 2rem));
      padding: 2rem;
      border: 1px solid var(--rule);
      border-radius: var(--radius);
      background: var(--sheet);
      color: var(--ink);
      box-shadow: 0 1.5rem 4rem var(--shadow);
    }
    dialog::backdrop {
      background: color-mix(in srgb, var(--paper) 75%, transparent);
      backdrop-filter: blur(3px);
    }
    h2 {
      font-family: var(--serif);
      font-size: 1.5rem;
      font-weight: 500;
    }
    p {
      margin-block: 0.75rem 1.25rem;
      color: var(--muted);
    }
    label {
      display: block;
      font-size: 0.9rem;
      color: var(--muted);
    }
    input {
      inline-size: 100%;
      margin-block: 0.35rem 1.5rem;
      padding: 0.65rem 0.8rem;
      border: 1px solid var(--field);
      border-radius: 0.5rem;
      background: var(--paper);
      font-family: var(--mono);
      direction: ltr;
    }
    .acts {
      display: flex;
      justify-content: end;
      gap: 0.5rem;
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.missing = false;
  }

  render() {
    return html`
      <dialog aria-label=${t('key')}>
        <form method="dialog" @submit=${this.#keep}>
          <h2>${t(this.missing ? 'key.missing' : 'key')}</h2>
          <p>${t('key.help')}</p>
          <label for="key">${t('key.label')}</label>
          <input id="key" name="key" type="password" autocomplete="off" spellcheck="false" required
                 placeholder="dk-…" maxlength="512">
          <div class="acts">
            <button type="button" class="quiet" @click=${() => this.#dialog.close()}>${t('cancel')}</button>
            <button class="primary">${t('key.keep')}</button>
          </div>
        </form>
      </dialog>`;
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog');
  }

  async open(missing) {
    this.missing = missing;
    await this.updateComplete;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #keep(event) {
    const input = event.target.elements.key;
    key.set(input.value.trim());
    input.value = '';
    this.dispatchEvent(new CustomEvent('key-changed'));
  }
}

customElements.define('diwan-key-dialog', DiwanKeyDialog);
