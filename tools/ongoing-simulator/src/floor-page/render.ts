import { fromMilli } from '../warehouse/milli.ts';
import { lineAllocated, linePicked, type Article, type Order, type OrderLine } from '../warehouse/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { html, type Html } from './html.ts';
import { renderPurchases } from './render-purchases.ts';
import { matches, select, type View } from './view.ts';

const ORDERS_SHOWN_MAX = 100;
const ARTICLES_SHOWN_MAX = 200;

export function renderPage(warehouse: Warehouse, view: View): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Warehouse floor</title>
        <link rel="stylesheet" href="/floor.css" />
        <link rel="icon" href="data:," />
        <script type="module" src="/floor.js"></script>
      </head>
      <body>
        <header>
          <h1>Warehouse floor</h1>
          <p>A simulated Ongoing WMS. You are the people of the warehouse.</p>
          <form id="view" role="search">
            <label
              >Search <input name="search" type="search" value="${view.search}" autocomplete="off"
            /></label>
            <label
              ><input name="all" type="checkbox" ${view.all ? 'checked' : ''} /> also sent and
              cancelled</label
            >
          </form>
          <button data-dialog="typeIn">Type in an order…</button>
          <p id="said" role="status"></p>
        </header>
        <main id="live" data-version="${warehouse.ground.version}">${renderLive(warehouse, view)}</main>
        <dialog id="dialog" aria-labelledby="dialog-title"></dialog>
      </body>
    </html>`;
}

/** What changes; the page fetches it again when the version has grown. */
export function renderLive(warehouse: Warehouse, view: View): Html {
  return html`${renderOrders(warehouse, view)}${renderPurchases(warehouse, view)}${renderStock(
    warehouse,
    view,
  )}`;
}

function renderOrders(warehouse: Warehouse, view: View): Html {
  const found = select([...warehouse.orders.byId.values()].toReversed(), ORDERS_SHOWN_MAX, (order) => {
    const open = order.status < warehouse.ground.knobs.steps.sent;
    return (view.all || open) && matches(order.number, view);
  });
  const note = found.more ? `The newest ${ORDERS_SHOWN_MAX} are shown; search for others.` : '';
  return html`<section aria-labelledby="orders-title">
    <h2 id="orders-title">Orders</h2>
    <p class="note">${warehouse.orders.byId.size} in all. ${note}</p>
    <table>
      <thead>
        <tr>
          <th>Number</th>
          <th>Type</th>
          <th>Market place</th>
          <th>Status</th>
          <th>Lines</th>
          <th>Parcels</th>
          <th>Do</th>
        </tr>
      </thead>
      <tbody>
        ${found.items.map((order) => renderOrder(warehouse, order))}
      </tbody>
    </table>
    ${found.items.length === 0 ? html`<p class="empty">No order here.</p>` : ''}
  </section>`;
}

function renderOrder(warehouse: Warehouse, order: Order): Html {
  const { statusSet } = warehouse.ground.knobs;
  const text = statusSet.find(({ number }) => number === order.status)?.text ?? '';
  const type = (order.fields.orderType ?? {}) as { code?: unknown };
  const place = (order.fields.marketPlace ?? {}) as {
    marketPlace?: unknown;
    marketPlaceOrderNumber?: unknown;
  };
  const places = [place.marketPlace, place.marketPlaceOrderNumber].filter(Boolean).map(String).join(' ');
  return html`<tr data-order="${order.id}">
    <th scope="row">${order.number}${order.origin === 'hand' ? html` <small>by hand</small>` : ''}</th>
    <td>${String(type.code ?? '–')}</td>
    <td>${places || '–'}</td>
    <td><span class="status s${Math.floor(order.status / 100)}">${order.status} ${text}</span></td>
    <td>
      <ul>
        ${order.lines.map((line) => renderLine(warehouse, line))}
      </ul>
    </td>
    <td>
      <ul>
        ${order.parcels.map((parcel) => html`<li>${parcel.number}${parcel.isReturn ? ' (return label)' : ''}</li>`)}
      </ul>
    </td>
    <td class="do">${actionsFor(warehouse, order)}</td>
  </tr>`;
}

function renderLine(warehouse: Warehouse, line: OrderLine): Html {
  const article = warehouse.articles.get(line.articleId);
  const done = [
    lineAllocated(line) > linePicked(line) ? `${fromMilli(lineAllocated(line))} allocated` : '',
    linePicked(line) > 0 ? `${fromMilli(linePicked(line))} picked` : '',
  ].filter(Boolean);
  return html`<li>
    ${fromMilli(line.ordered)} ×
    ${article.number}${done.length > 0 ? html` <small>${done.join(', ')}</small>` : ''}
  </li>`;
}

/** Only what the floor would not refuse at this status. */
function actionsFor(warehouse: Warehouse, { id, status }: Order): Html[] {
  const { released, picked, sent, collected, returned, cancelled } = warehouse.ground.knobs.steps;
  if (status === cancelled) return [];
  const command = (name: string, label: string) =>
    html`<button data-command="${name}" data-order="${id}">${label}</button>`;
  const dialog = (name: string, label: string) =>
    html`<button data-dialog="${name}" data-order="${id}">${label}</button>`;
  const editing = [dialog('edit', 'Edit…'), dialog('split', 'Split…')];
  if (status < released)
    return [command('release', 'Release'), ...editing, command('cancelAtWarehouse', 'Cancel')];
  if (status < picked) {
    return [
      command('allocate', 'Allocate'),
      command('pick', 'Pick'),
      command('pickShort', 'Pick short'),
      ...editing,
      command('cancelAtWarehouse', 'Cancel'),
    ];
  }
  if (status < sent)
    return [command('pack', 'Pack'), dialog('ship', 'Ship…'), command('cancelAtWarehouse', 'Cancel')];
  if (status < collected) return [command('collect', 'Collected'), dialog('addParcel', 'Add parcel…')];
  return status < returned ? [dialog('addParcel', 'Add parcel…')] : [];
}

function renderStock(warehouse: Warehouse, view: View): Html {
  const found = select([...warehouse.articles.all()], ARTICLES_SHOWN_MAX, ({ number }) =>
    matches(number, view),
  );
  // A search for an order leaves the stock as it is, rather than empty.
  const shown =
    found.items.length > 0 ? found : select([...warehouse.articles.all()], ARTICLES_SHOWN_MAX, () => true);
  return html`<section aria-labelledby="stock-title">
    <h2 id="stock-title">Stock</h2>
    <p class="note">
      ${warehouse.articles.byId.size} articles.
      ${shown.more ? `The first ${ARTICLES_SHOWN_MAX} are shown.` : ''}
    </p>
    <table>
      <thead>
        <tr>
          <th>Article</th>
          <th>Name</th>
          <th class="n">In warehouse</th>
          <th class="n">Booked</th>
          <th class="n">Allocated</th>
          <th class="n">Locked for sale</th>
          <th class="n">To receive</th>
          <th class="n">Sellable</th>
          <th>Do</th>
        </tr>
      </thead>
      <tbody>
        ${shown.items.map((article) => renderArticle(warehouse, article))}
      </tbody>
    </table>
  </section>`;
}

function renderArticle(warehouse: Warehouse, article: Article): Html {
  const inventory = warehouse.articles.inventory(article);
  const name = typeof article.fields.articleName === 'string' ? article.fields.articleName : '';
  const sellable = fromMilli(inventory.sellable);
  const dialog = (command: string, label: string) =>
    html`<button data-dialog="${command}" data-article="${article.number}">${label}</button>`;
  const isKit = article.parts.length > 0;
  return html`<tr>
    <th scope="row">${article.number}</th>
    <td>${name}${isKit ? html` <small>kit</small>` : ''}</td>
    <td class="n">${fromMilli(inventory.numberOfItems)}</td>
    <td class="n">${fromMilli(inventory.booked)}</td>
    <td class="n">${fromMilli(inventory.allocated)}</td>
    <td class="n">${fromMilli(inventory.lockedForSale)}</td>
    <td class="n">${fromMilli(inventory.toReceive)}</td>
    <td class="n ${sellable < 0 ? 'short' : ''}"><strong>${sellable}</strong></td>
    <td class="do">
      ${
        isKit
          ? ''
          : [
              dialog('receive', 'Receive…'),
              dialog('adjust', 'Adjust…'),
              dialog('lock', 'Lock…'),
              dialog('unlock', 'Unlock…'),
            ]
      }
    </td>
  </tr>`;
}
