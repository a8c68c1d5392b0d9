import { connectControl } from '@samlast/ongoing-simulator';
import { demoArticles } from './demo-shop/index.ts';
import type { Installation } from './installation.ts';

const PIECES = [24, 12, 7, 40, 18, 3];

/** Pieces in the warehouse by article number; those that are not named get some. */
export type Pieces = Readonly<Record<string, number>>;

/**
 * What a merchant has before Samlast comes: articles and pieces in the warehouse, and a webhook set up there by hand.
 */
export async function seedWorld({ url, webhookToken }: Installation, pieces: Pieces = {}): Promise<void> {
  const control = connectControl(url('simulator'));
  // Their names come from the ERP, through Samlast: the one system that may write article data.
  const articles = demoArticles('erp', 'ERP').map(({ number }, index) => ({
    number,
    stock: pieces[number] ?? PIECES[index] ?? 10,
  }));
  await control.seed({ articles });
  await control.webhooks({
    hooks: [{ url: `${url('wms-gateway')}/webhooks/ongoing`, auth: { kind: 'token', token: webhookToken } }],
  });
}
