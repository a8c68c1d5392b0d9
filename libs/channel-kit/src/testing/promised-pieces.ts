import type { AskedOfAuthority } from './stage.ts';

interface Opening {
  readonly lines: readonly { readonly article: string; readonly quantity: string }[];
}

interface Held {
  readonly article: string;
  readonly quantity: number;
  state: 'open' | 'confirmed' | 'released';
}

/** The stock authority's part of claims, as far as a shop meets it: each piece is promised once. */
export class PromisedPieces {
  /** While nobody can say, every request is answered 503. */
  silent = false;
  private readonly free = new Map<string, number>();
  private readonly claims = new Map<string, Held>();

  put(article: string, pieces: number): void {
    this.free.set(article, pieces);
  }

  isConfirmed(key: string | undefined): boolean {
    return key !== undefined && this.claims.get(key)?.state === 'confirmed';
  }

  /** For `StageOptions.claims`. */
  answer({ method, path, key, body }: AskedOfAuthority): { status: number; body: object } {
    if (this.silent) return { status: 503, body: { code: 'claims.unavailable', message: 'Nobody can say.' } };
    if (method === 'POST') return this.open(key ?? '', body as Opening);
    const name = decodeURIComponent(/^\/claims\/([^?]*)/.exec(path)?.[1] ?? '');
    const claim = this.claims.get(name);
    if (!claim) return { status: 404, body: { message: `No claim ${name} is known.` } };
    if (method === 'PUT' && claim.state === 'open') claim.state = 'confirmed';
    if (method === 'DELETE' && claim.state !== 'released') this.give(name, claim);
    const ended = method === 'PUT' && claim.state === 'released';
    return { status: ended ? 409 : 200, body: { key: name, state: claim.state } };
  }

  private open(key: string, { lines }: Opening): { status: number; body: object } {
    const known = this.claims.get(key);
    if (known) return { status: 200, body: { key, state: known.state } };
    const [line] = lines;
    if (!line || lines.length > 1) throw new Error('Buyers of the suite claim one article at a time.');
    const { article, quantity: wanted } = line;
    const left = this.free.get(article) ?? 0;
    const quantity = Number(wanted);
    if (quantity > left) {
      const shortages = [{ article, reason: 'stock', wanted, free: String(left) }];
      return { status: 409, body: { code: 'claim.short', message: 'Not all of it is there.', shortages } };
    }
    this.free.set(article, left - quantity);
    this.claims.set(key, { article, quantity, state: 'open' });
    return { status: 201, body: { key, state: 'open' } };
  }

  private give(name: string, claim: Held): void {
    this.claims.set(name, { ...claim, state: 'released' });
    this.free.set(claim.article, (this.free.get(claim.article) ?? 0) + claim.quantity);
  }
}
