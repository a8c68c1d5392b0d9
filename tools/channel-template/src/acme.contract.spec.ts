import { channelContract, type FarOrder, type FarSale, type FarSide } from '@samlast/channel-kit/testing';
import { acme } from './acme.channel.ts';
import { missing } from './missing.ts';

const here = 'acme.contract.spec.ts';

/** The shop as the suite plays it: a fake of it at first, the real one where that can be had for a test. */
class AcmeFarSide implements FarSide {
  readonly env = { ACME_URL: 'http://127.0.0.1:9', ACME_TOKEN: 'for-tests-only' };
  readonly moreThanOnePage = 5;

  async newArticle(_offered: number): Promise<string> {
    return missing(
      here,
      'newArticle',
      'put an article that is new there into the shop, with so many pieces.',
    );
  }

  async offered(_article: string): Promise<number> {
    return missing(here, 'offered', 'what the shop offers to buyers now.');
  }

  async buy(_article: string, _quantity: number): Promise<FarSale | undefined> {
    return missing(here, 'buy', 'buy as a buyer does; undefined when the shop refuses the sale.');
  }

  async cancel(_id: string): Promise<void> {
    missing(here, 'cancel', 'cancel an order as staff does.');
  }

  async touch(_id: string): Promise<void> {
    missing(
      here,
      'touch',
      'change something of the order that concerns nobody, so that its list shows it again.',
    );
  }

  async change(_id: string, _quantity: number): Promise<void> {
    missing(here, 'change', 'change the quantity of its one line as staff does.');
  }

  async order(_id: string): Promise<FarOrder> {
    return missing(here, 'order', 'what the suite looks at: cancelled, fulfilments, remarks.');
  }

  async phantom(): Promise<string> {
    return missing(here, 'phantom', 'leave behind what looks like an order and is none.');
  }

  async unreadable(): Promise<string> {
    return missing(here, 'unreadable', 'make an order that cannot be translated.');
  }

  async stop(): Promise<void> {}
}

// Without `webhooks`, until the adapter has a `webhook`.
channelContract('acme', acme, async () => new AcmeFarSide(), [
  'orders',
  'changes',
  'shelves',
  'changed-shelves',
  'parcels',
  'returns',
  'articles',
  'leases',
  'grade',
]);
