// The signed head of the log: whose it is, how long it is, the root over all of it, and who signed.

import { LitElement, css, html } from 'lit';
import { base64 } from '../proof/bytes.js';
import { ALGORITHM } from '../proof/checkpoint.js';
import '../proof/steps.js';
import { verifyCheckpoint } from '../proof/whole.js';
import * as icons from '../shell/icons.js';
import { Localized, number, t } from '../shell/language.js';
import { style } from '../shell/style.js';

class DiwanCheckpoint extends LitElement {
  static properties = {
    checkpoint: { attribute: false },
    keys: { attribute: false },
    steps: { state: true },
  };

  static styles = [style, css`
    section {
      padding: 1.5rem clamp(1.1rem, 3vw, 2rem) 1.1rem;
      border: 1px solid var(--rule);
      border-block-start: 4px double var(--accent);
      border-radius: 0 0 var(--radius) var(--radius);
      background: var(--sheet);
      box-shadow: 0 0.5rem 2rem var(--shadow);
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 0.5rem 2rem;
      align-items: baseline;
    }
    dt {
      color: var(--muted);
      font-size: 0.9rem;
    }
    .size {
      font-family: var(--serif);
      font-size: 1.6rem;
      line-height: 1.4;
      color: var(--accent);
    }
    .size,
    .origin {
      unicode-bidi: isolate;
    }
    .keys li {
      display: flex;
      flex-wrap: wrap;
      gap: 0 0.75rem;
    }
    .acts {
      margin-block-start: 1rem;
    }
    @media (max-width: 40rem) {
      dl {
        grid-template-columns: minmax(0, 1fr);
        gap: 0;
      }
      dd {
        margin-block-end: 0.75rem;
      }
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.steps = null;
    this.keys = [];
  }

  willUpdate(changed) {
    if (changed.has('checkpoint')) this.steps = null;
  }

  render() {
    const { origin, size, root, signatures } = this.checkpoint;
    return html`
      <section aria-label=${t('checkpoint')}>
        <dl>
          <dt>${t('fact.size')}</dt><dd class="size">${number(size)}</dd>
          <dt>${t('fact.origin')}</dt><dd class="origin">${origin}</dd>
          <dt>${t('fact.root')}</dt><dd><bdi class="hash">${base64(root)}</bdi></dd>
          <dt>${t('fact.signatures')}</dt>
          <dd><ul class="keys">${signatures.map(({ name, id }) => html`
            <li><span>${this.#algorithm(id)}</span><bdi class="hash">${name}+${id}</bdi></li>`)}</ul></dd>
        </dl>
        <div class="acts">
          <button class="quiet framed" @click=${this.#verify}>${icons.seal}${t('verify.here')}</button>
        </div>
        ${this.steps ? html`<diwan-steps .steps=${this.steps}></diwan-steps>` : ''}
      </section>`;
  }

  #algorithm(id) {
    const key = this.keys.find((candidate) => candidate.id === id);
    return ALGORITHM[key?.type] ?? t('checkpoint.unknownKey');
  }

  async #verify() {
    this.steps = [];
    for await (const step of verifyCheckpoint()) this.steps = [...this.steps, step];
  }
}

customElements.define('diwan-checkpoint', DiwanCheckpoint);
