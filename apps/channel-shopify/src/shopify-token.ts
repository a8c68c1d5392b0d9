import { ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';
import type { ShopifyConfig } from './config.ts';

export type TokenAccess = Pick<
  ShopifyConfig,
  'SHOPIFY_SHOP' | 'SHOPIFY_URL' | 'SHOPIFY_CLIENT_ID' | 'SHOPIFY_CLIENT_SECRET' | 'SHOPIFY_ACCESS_TOKEN'
>;

const TIMEOUT_MS = 15_000;
/** A token is replaced this long before its end. */
const EARLY_MS = 5 * 60_000;

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.number() });

/** What the channel proves itself with: a lasting token, or one that it gets anew for the app's id and secret. */
export class ShopifyToken {
  private granted?: Promise<{ token: string; until: number }>;

  constructor(private readonly access: TokenAccess) {}

  async get(): Promise<string> {
    const { SHOPIFY_ACCESS_TOKEN: lasting } = this.access;
    if (lasting) return lasting;
    const known = await this.granted;
    if (known && known.until > Date.now()) return known.token;
    this.granted = this.ask().catch((error: unknown) => {
      this.granted = undefined;
      throw error;
    });
    return (await this.granted).token;
  }

  /** Shopify did not take it. True when another one can be had. */
  async refused(token: string): Promise<boolean> {
    if (this.access.SHOPIFY_ACCESS_TOKEN) return false;
    if ((await this.granted)?.token === token) this.granted = undefined;
    return true;
  }

  private async ask(): Promise<{ token: string; until: number }> {
    const { SHOPIFY_SHOP: shop, SHOPIFY_URL, SHOPIFY_CLIENT_ID: id = '' } = this.access;
    const [secret = ''] = this.access.SHOPIFY_CLIENT_SECRET;
    const response = await fetch(new URL('/admin/oauth/access_token', SHOPIFY_URL ?? `https://${shop}`), {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
    }).catch(() => undefined);
    if (!response || response.status >= 500 || response.status === 429)
      throw new ShopUnavailable('Shopify did not answer the request for an access token.');
    const { data } = Granted.safeParse(await response.json().catch(() => undefined));
    if (response.ok && data)
      return { token: data.access_token, until: Date.now() + data.expires_in * 1000 - EARLY_MS };
    throw new ShopUnavailable(
      `Shopify gives no access token for ${shop} (${response.status}): check SHOPIFY_CLIENT_ID and ` +
        'SHOPIFY_CLIENT_SECRET, and that the app is installed in this shop and belongs to the same organisation.',
    );
  }
}
