import type { DemoModel } from './model.ts';
import type { DemoOrder } from './order.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: unknown) => String(text ?? '').replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');

/** Markup made of parts: every value is escaped unless it is markup itself. */
class Markup {
  constructor(readonly text: string) {}
}

function html(strings: TemplateStringsArray, ...values: unknown[]): Markup {
  const fill = (value: unknown): string => {
    if (value instanceof Markup) return value.text;
    if (Array.isArray(value)) return value.map(fill).join('');
    return escape(value);
  };
  return new Markup(strings.reduce((text, part, index) => text + fill(values[index - 1]) + part));
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { margin-bottom: 0; } .sub { margin-top: 0; opacity: .75; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
  button { font: inherit; padding: .25rem .9rem; } input { font: inherit; width: 4rem; }
  input[name=name], details input[type=text] { width: 14rem; } details label { display: block; }
  .message { padding: .5rem 1rem; border-left: 4px solid #07a; background: #07a2; } small { opacity: .75; }
`;

// The tables are fetched again every second; a form that somebody is typing in is left alone.
const script = `
  setInterval(async () => {
    if (document.activeElement && document.activeElement.tagName === 'INPUT') return;
    if (document.querySelector('#tables details[open]')) return;
    try {
      const answer = await fetch('/tables');
      if (answer.ok) document.getElementById('tables').innerHTML = await answer.text();
    } catch {}
  }, 1000);
`;

export interface PageOptions {
  readonly title: string;
  readonly kind: 'shop' | 'erp';
  readonly claims: boolean;
  readonly message?: string;
}

/** The whole page. */
export function page(model: DemoModel, options: PageOptions): string {
  return `<!doctype html>${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${options.title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        <h1>${options.title}</h1>
        <p class="sub">${about(options)}</p>
        ${options.message ? html`<p class="message" role="status">${options.message}</p>` : ''}
        <div id="tables">${new Markup(tables(model, options.kind))}</div>
        <script>
          ${new Markup(script)};
        </script>
      </body>
    </html>`.text
  }`;
}

function about({ kind, claims }: PageOptions): string {
  if (kind === 'erp')
    return 'Article master and B2B orders. It does not look at stock: what it sells is a demand.';
  return claims
    ? 'A small shop of its own. It asks for the pieces before it sells them.'
    : 'A small shop of its own. It knows only its own numbers.';
}

/** What changes by itself: articles with their stock, and orders. */
export function tables(model: DemoModel, kind: 'shop' | 'erp'): string {
  const orders = [...model.orders.values()].toReversed().slice(0, 100);
  return html`<h2>Articles</h2>
    ${kind === 'erp' ? erpArticles(model) : shopArticles(model)}
    <h2>Orders</h2>
    ${orders.length === 0 ? html`<p>None yet.</p>` : ordersTable(orders)}
    ${kind === 'erp' ? purchases(model) : ''}`.text;
}

function shopArticles(model: DemoModel): Markup {
  const rows = [...model.articles.values()].map((article) => {
    const left = model.stockOf(article.number);
    return html`<tr>
      <td>${article.name}<br /><small>${article.number}</small></td>
      <td class="number">${article.price}</td>
      <td class="number">${left > 0 ? left : 'sold out'}</td>
      <td>${buyForm(article.number, left > 0 ? 'Buy' : undefined)}</td>
    </tr>`;
  });
  return html`<table>
    <tr>
      <th>Article</th>
      <th class="number">Price</th>
      <th class="number">In stock</th>
      <th></th>
    </tr>
    ${rows}
  </table>`;
}

function erpArticles(model: DemoModel): Markup {
  const rows = [...model.articles.values()].map(
    (article) =>
      html`<tr>
        <td>
          <form method="post" action="/rename">
            <input type="hidden" name="article" value="${article.number}" />
            <input name="name" value="${article.name}" aria-label="Name of ${article.number}" />
            <button>Save</button>
          </form>
          <small>${article.number}</small>
        </td>
        <td>${article.barcode}</td>
        <td class="number">${article.weightKg} kg</td>
        <td class="number">${model.stockOf(article.number)}</td>
        <td>${buyForm(article.number, 'Order')} ${goodsForm(article.number)}</td>
      </tr>`,
  );
  return html`<table>
    <tr>
      <th>Article</th>
      <th>Barcode</th>
      <th class="number">Weight</th>
      <th class="number">Available</th>
      <th></th>
    </tr>
    ${rows}
  </table>`;
}

function buyForm(article: string, label: string | undefined): Markup {
  if (!label) return html``;
  return html`<form method="post" action="/buy">
    <input type="hidden" name="article" value="${article}" />
    <input type="number" name="quantity" value="1" min="1" max="999" aria-label="Quantity of ${article}" />
    <button>${label}</button>
  </form>`;
}

function goodsForm(article: string): Markup {
  return html`<form method="post" action="/order-goods">
    <input type="hidden" name="article" value="${article}" />
    <input type="number" name="quantity" value="20" min="1" max="9999" aria-label="Goods of ${article}" />
    <button>Order goods</button>
  </form>`;
}

function purchases(model: DemoModel): Markup {
  const all = [...model.purchases.all.values()].toReversed().slice(0, 50);
  const rows = all.map((one) => {
    const notes = one.notes.map((note) => html`<div><small>${note.text}</small></div>`);
    const cancellable = one.state === 'placed' && one.receipts.length === 0;
    return html`<tr>
      <td>${one.number}<br /><small>expected ${one.expectedOn}</small></td>
      <td>
        ${one.lines.map((line) => html`<div>${line.received} of ${line.quantity} × ${line.article}</div>`)}
      </td>
      <td>
        ${one.closed ? (one.closed.deviation ? 'closed, not as ordered' : 'received') : one.state} ${notes}
      </td>
      <td>
        ${
          cancellable
            ? html`<form method="post" action="/cancel-purchase">
                <input type="hidden" name="purchase" value="${one.id}" /><button>Cancel</button>
              </form>`
            : ''
        }
      </td>
    </tr>`;
  });
  return html`<h2>Purchase orders</h2>
    ${
      all.length === 0
        ? html`<p>None yet.</p>`
        : html`<table>
            <tr>
              <th>Purchase order</th>
              <th>Received</th>
              <th>Status</th>
              <th></th>
            </tr>
            ${rows}
          </table>`
    }`;
}

function ordersTable(orders: readonly DemoOrder[]): Markup {
  const rows = orders.map((order) => {
    const parcels = order.fulfilments.map(
      (one) => html`<div>${one.carrier ?? 'Parcel'} ${one.trackingNumber ?? ''}</div>`,
    );
    const notes = order.notes.map((note) => html`<div><small>${note.text}</small></div>`);
    const back = (order.returned ?? []).flatMap((one) =>
      one.lines.map(
        (line) =>
          html`<div>
            ${line.quantity} came back${line.restocked ? '' : ', scrapped'} ${one.return ?? ''}
          </div>`,
      ),
    );
    const returnable = order.fulfilments.length > 0;
    const cancellable = order.state === 'placed' && order.lines.every((line) => line.fulfilled === 0);
    return html`<tr>
      <td>${order.number}<br /><small>${order.placedAt.slice(0, 19).replace('T', ' ')}</small></td>
      <td>
        ${order.lines.map((line) => html`<div>${line.quantity} × ${line.article}</div>`)}
        <small>${order.buyer.address1}${order.note ? `, “${order.note}”` : ''}</small>
      </td>
      <td>${statusOf(order)} ${parcels} ${back} ${notes}</td>
      <td>
        ${
          cancellable
            ? html`<form method="post" action="/cancel">
                <input type="hidden" name="order" value="${order.id}" /><button>Cancel</button>
              </form>`
            : ''
        }
        ${order.state === 'placed' ? changeForm(order) : ''}
        ${
          returnable
            ? html`<form method="post" action="/return">
                <input type="hidden" name="order" value="${order.id}" /><button>Return one</button>
              </form>`
            : ''
        }
      </td>
    </tr>`;
  });
  return html`<table>
    <tr>
      <th>Order</th>
      <th>Articles</th>
      <th>Status</th>
      <th></th>
    </tr>
    ${rows}
  </table>`;
}

function changeForm(order: DemoOrder): Markup {
  return html`<details>
    <summary>Change</summary>
    <form method="post" action="/change">
      <input type="hidden" name="order" value="${order.id}" />
      ${order.lines.map(
        (line) =>
          html`<label
            >${line.article}
            <input type="number" name="line-${line.id}" value="${line.quantity}" min="0" max="999"
          /></label>`,
      )}
      <label>Address <input type="text" name="address" value="${order.buyer.address1}" /></label>
      <label>Note <input type="text" name="note" value="${order.note}" /></label>
      <button>Save</button>
    </form>
  </details>`;
}

export function statusOf(order: DemoOrder): string {
  if (order.state === 'cancelled') return `cancelled${order.cancelReason ? `: ${order.cancelReason}` : ''}`;
  const ordered = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  const fulfilled = order.lines.reduce((sum, line) => sum + line.fulfilled, 0);
  if (fulfilled === 0) return 'placed';
  return fulfilled < ordered ? 'partly shipped' : 'shipped';
}
