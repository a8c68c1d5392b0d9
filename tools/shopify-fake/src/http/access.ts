import { randomUUID } from 'node:crypto';

const TOKEN_S = 86_399;

/** Who may ask: the fixed token of an app of before 2026, and tokens that an app gets for its id and secret. */
export class Access {
  private readonly issued = new Map<string, number>();

  constructor(
    private readonly app: { readonly id: string; readonly secret: string; readonly token: string },
    readonly scopes: ReadonlySet<string>,
  ) {}

  isKnown(token: string | undefined): boolean {
    if (token === undefined) return false;
    return token === this.app.token || (this.issued.get(token) ?? 0) > Date.now();
  }

  /** The client credentials grant. Undefined when id or secret are not the app's. */
  grant(form: URLSearchParams): { access_token: string; scope: string; expires_in: number } | undefined {
    const fits =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === this.app.id &&
      form.get('client_secret') === this.app.secret;
    if (!fits) return undefined;
    const token = `shpat_${randomUUID().replaceAll('-', '')}`;
    this.issued.set(token, Date.now() + TOKEN_S * 1000);
    return { access_token: token, scope: [...this.scopes].join(','), expires_in: TOKEN_S };
  }

  /** All issued tokens end now. */
  expire(): void {
    this.issued.clear();
  }
}
