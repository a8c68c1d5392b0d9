import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { ConsoleConfig } from '../config.ts';

const COOKIE = 'samlast_session';
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Who has signed in. The table holds hashes, so a copy of it opens nothing. */
@Injectable()
export class Sessions {
  private readonly password: Buffer;

  constructor(
    @Inject(CONFIG) private readonly config: ConsoleConfig,
    private readonly database: DataSource,
  ) {
    this.password = digest(config.CONSOLE_PASSWORD);
  }

  isPassword(given: string): boolean {
    return timingSafeEqual(this.password, digest(given));
  }

  /** Answers the cookie that the browser sends from now on. */
  async start(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const seconds = Math.round(this.config.CONSOLE_SESSION_HOURS * 3600);
    await this.database.query('DELETE FROM sessions WHERE expires_at < now()');
    await this.database.query(
      `INSERT INTO sessions (token_hash, expires_at) VALUES ($1, now() + $2 * interval '1 second')`,
      [this.hash(token), seconds],
    );
    return this.cookie(token, seconds);
  }

  async isOpen(cookieHeader: string | undefined): Promise<boolean> {
    const token = tokenIn(cookieHeader);
    if (!token) return false;
    const [row] = await this.database.query<object[]>(
      'SELECT 1 FROM sessions WHERE token_hash = $1 AND expires_at > now()',
      [this.hash(token)],
    );
    return row !== undefined;
  }

  /** Answers a cookie that makes the browser forget its own. */
  async end(cookieHeader: string | undefined): Promise<string> {
    const token = tokenIn(cookieHeader);
    if (token) await this.database.query('DELETE FROM sessions WHERE token_hash = $1', [this.hash(token)]);
    return this.cookie('', 0);
  }

  /** Bound to the password: with a new password everybody signs in again. */
  private hash(token: string): string {
    return createHash('sha256').update(this.password).update(token).digest('base64url');
  }

  private cookie(value: string, seconds: number): string {
    const secure = this.config.CONSOLE_ORIGIN?.startsWith('https:') ? '; Secure' : '';
    return `${COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}${secure}`;
  }
}

function tokenIn(cookieHeader: string | undefined): string | undefined {
  for (const part of (cookieHeader ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === COOKIE && value) return value;
  }
  return undefined;
}
