import { fromMilli } from '../warehouse/milli.ts';
import { received, type PurchaseLine, type PurchaseOrder } from '../warehouse/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { html, type Html } from './html.ts';
import { matches, select, type View } from './view.ts';

const SHOWN_MAX = 100;

/** Announced deliveries; nothing at all while there never was one. */
export function renderPurchases(warehouse: Warehouse, view: View): Html {
  const { purchaseOrders, ground } = warehouse;
  if (purchaseOrders.byId.size === 0) return html``;
  const found = select([...purchaseOrders.byId.values()].toReversed(), SHOWN_MAX, (order) => {
    const open = order.status < ground.knobs.purchaseSteps.deviation;
    return (view.all || open) && matches(order.number, view);
  });
  const note = found.more ? `The newest ${SHOWN_MAX} are shown; search for others.` : '';
  return html`<section aria-labelledby="purchases-title">
    <h2 id="purchases-title">Purchase orders</h2>
    <p class="note">${purchaseOrders.byId.size} in all. ${note}</p>
    <table>
      <thead>
        <tr>
          <th>Number</th>
          <th>Type</th>
          <th>Supplier</th>
          <th>Expected</th>
          <th>Status</th>
          <th>Lines</th>
          <th>Do</th>
        </tr>
      </thead>
      <tbody>
        ${found.items.map((order) => renderPurchase(warehouse, order))}
      </tbody>
    </table>
    ${found.items.length === 0 ? html`<p class="empty">No purchase order here.</p>` : ''}
  </section>`;
}

function renderPurchase(warehouse: Warehouse, order: PurchaseOrder): Html {
  const { purchaseStatusSet } = warehouse.ground.knobs;
  const text = purchaseStatusSet.find(({ number }) => number === order.status)?.text ?? '';
  const type = (order.fields.purchaseOrderType ?? {}) as { code?: unknown };
  const supplier = (order.fields.supplierInfo ?? {}) as { supplierNumber?: unknown; supplierName?: unknown };
  return html`<tr data-purchase="${order.id}">
    <th scope="row">${order.number}</th>
    <td>${String(type.code ?? '–')}</td>
    <td>${String(supplier.supplierName ?? supplier.supplierNumber ?? '–')}</td>
    <td>${String(order.fields.inDate ?? '–').slice(0, 10)}</td>
    <td><span class="status s${Math.floor(order.status / 100)}">${order.status} ${text}</span></td>
    <td>
      <ul>
        ${order.lines.map((line) => renderLine(warehouse, line))}
      </ul>
    </td>
    <td class="do">${actionsFor(warehouse, order)}</td>
  </tr>`;
}

function renderLine(warehouse: Warehouse, line: PurchaseLine): Html {
  const { number } = warehouse.articles.get(line.articleId);
  return html`<li>
    ${fromMilli(line.advised)} × ${number}
    ${received(line) > 0 ? html`<small>${fromMilli(received(line))} received</small>` : ''}
  </li>`;
}

/** Only what the floor would not refuse at this status. */
function actionsFor(warehouse: Warehouse, { id, status, lines }: PurchaseOrder): Html[] {
  const { arrived, received: done } = warehouse.ground.knobs.purchaseSteps;
  if (status >= done) return [];
  const command = (name: string, label: string) =>
    html`<button data-command="${name}" data-purchase="${id}">${label}</button>`;
  const anyReceived = lines.some((line) => line.items.length > 0);
  return [
    ...(status < arrived ? [command('arrive', 'Arrived')] : []),
    html`<button data-dialog="receiveAgainst" data-purchase="${id}">Receive…</button>`,
    ...(anyReceived
      ? [command('finishReceiving', 'Finish')]
      : [command('cancelPurchaseAtWarehouse', 'Cancel')]),
  ];
}
