import type {
  FeedPosition,
  OrderNote,
  OrderPage,
  OrderRef,
  ShelfAccess,
  Shipment,
  Shop,
  ShopArticle,
} from '@samlast/channel-kit';
import { readAcmeOrder } from './acme-orders.ts';
import type { AcmeConfig } from './config.ts';
import { missing } from './missing.ts';

const here = 'acme-shop.ts';

/** An Acme shop in the kit's terms. libs/channel-kit/src/shop.ts says what each call must hold. */
export function acmeShop(config: AcmeConfig): Shop {
  return {
    features: {
      // How long after a change the shop's list of orders may still not show it; `grade` and `leases` wait that long.
      feedLagMs: 10_000,
      restocksCancelled: true,
      // Best effort. The part `grade` of the suite says what else the shop has earned.
      safety: [],
    },
    changedOrders: (since) => changedOrders(config, since),
    async order(id) {
      const found = await orderOf(config, id);
      return found === undefined ? undefined : readAcmeOrder(found);
    },
    shelf: shelfOf(config),
    fulfil: (order, shipment) => fulfil(config, order, shipment),
    cancel: (order, reason) => cancel(config, order, reason),
    note: (order, remark) => note(config, order, remark),
    articles: () => articles(config),
  };
}

function changedOrders(_config: AcmeConfig, _since: FeedPosition): AsyncIterable<OrderPage> {
  return missing(
    here,
    'changedOrders',
    'orders that are new or changed since a place in the feed, page by page; `pagesByTime` of the kit does it for a ' +
      'shop that filters by time, `readAcmeOrder` translates each.',
  );
}

async function orderOf(_config: AcmeConfig, _id: string): Promise<unknown> {
  return missing(here, 'orderOf', 'one order as the shop has it now, undefined when there is none.');
}

function shelfOf(_config: AcmeConfig): ShelfAccess {
  return {
    // The weakest promise. Prefer what the shop can do best: see `ShelfAccess` in libs/channel-kit/src/shop.ts.
    method: 'none',
    wholePieces: true,
    read: async (_articles) => missing(here, 'shelf.read', "the shop's own numbers of these articles."),
    write: async (_writes) => missing(here, 'shelf.write', 'write each number, with one answer for each.'),
  };
}

async function fulfil(_config: AcmeConfig, _order: OrderRef, _shipment: Shipment): Promise<void> {
  missing(here, 'fulfil', 'make one fulfilment of this parcel, and no second one when called again.');
}

async function cancel(_config: AcmeConfig, _order: OrderRef, _reason: string): Promise<void> {
  missing(here, 'cancel', 'cancel the order; one that is cancelled already is a success.');
}

async function note(_config: AcmeConfig, _order: OrderRef, _note: OrderNote): Promise<void> {
  missing(here, 'note', "write a remark for the shop's staff at the order, once for each key.");
}

function articles(_config: AcmeConfig): AsyncIterable<ShopArticle[]> {
  return missing(here, 'articles', 'all that the shop sells, page by page; throw rather than end early.');
}
