import { connectControl } from '@samlast/ongoing-simulator';
import { demoArticles } from './demo-shop/index.ts';
import type { Installation } from './installation.ts';

const PIECES = [24, 12, 7, 40, 18, 3];

/** Pieces in the warehouse by article number; those that are not named get some. */
export type Pieces = Readonly<Record<string, number>>;

/**
 * What a merchant has before Samlast comes: articles and pieces in the warehouse, and a webhook set up there by hand.
 * The warehouse keeps the webhook with its pieces and gets it last, so it says that all is there: a first start that
 * was interrupted, in whatever way, is made good by the next one.
 */
export async function seedWorld(
  { url, webhookToken }: Pick<Installation, 'url' | 'webhookToken'>,
  pieces: Pieces = {},
): Promise<void> {
  const control = connectControl(url('simulator'));
  const isSeeded = (await control.webhooks()).length > 0;
  if (!isSeeded) {
    const stored = await control.articles();
    const isEmpty = (number: string) => !stored.some((one) => one.number === number && one.inWarehouse > 0);
    // Their names come from the ERP, through Samlast: the one system that may write article data.
    const articles = demoArticles('erp', 'ERP').map(({ number }, index) => ({
      number,
      stock: pieces[number] ?? PIECES[index] ?? 10,
    }));
    await control.seed({ articles: articles.filter(({ number }) => isEmpty(number)) });
  }
  // Each time, since the gateway's port may be another one now.
  await control.webhooks({
    hooks: [{ url: `${url('wms-gateway')}/webhooks/ongoing`, auth: { kind: 'token', token: webhookToken } }],
  });
}
