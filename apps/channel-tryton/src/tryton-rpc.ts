import { ShopHttp, ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';
import { withoutDots } from './tryton-values.ts';

export interface TrytonAccess {
  readonly TRYTON_URL: string;
  readonly TRYTON_DATABASE: string;
  readonly TRYTON_USERNAME: string;
  readonly TRYTON_PASSWORD: string;
}

const Login = z.tuple([z.int(), z.string()], z.unknown());
/** Errors of Tryton itself begin with their kind; others with what was said and a traceback. */
const Answer = z.object({ result: z.unknown().optional(), error: z.array(z.unknown()).nullish() });

/** Questions that one call may ask; each is asked once. */
const QUESTIONS_MOST = 10;

interface Session {
  readonly header: string;
  /** What the user's calls are made in: company, language. */
  readonly context: Record<string, unknown>;
}

type Said = { result: unknown } | { kind: string; said: string; warning?: string };

/**
 * Tryton's JSON-RPC with a session, which is opened again when Tryton has forgotten it. Its younger REST interface can
 * run no wizards, and tells the reason of a refusal as a page (decision 0029).
 */
export class TrytonRpc {
  private readonly http: ShopHttp;
  private session?: Promise<Session>;

  constructor(private readonly access: TrytonAccess) {
    this.http = new ShopHttp({ url: access.TRYTON_URL, timeoutMs: 60_000 });
  }

  /** The company that this user works for. */
  async company(): Promise<number> {
    const { context } = await this.signedIn();
    const { data } = z.int().safeParse(context.company);
    if (data === undefined) {
      throw new ShopUnavailable(
        `Tryton's user '${this.access.TRYTON_USERNAME}' works for no company: choose one in its preferences.`,
      );
    }
    return data;
  }

  /** Records with these fields; those of related records are named by a dotted path. */
  async search<Schema extends z.ZodType>(
    schema: Schema,
    model: string,
    query: { domain: unknown[]; fields: readonly string[]; order?: [string, string][]; limit?: number },
  ): Promise<z.output<Schema>[]> {
    const { domain, fields, order = [['id', 'ASC']], limit = null } = query;
    const found = await this.call(`model.${model}.search_read`, [domain, 0, limit, order, fields]);
    return z.array(schema).parse(withoutDots(found));
  }

  /**
   * Has something done that has happened already in the warehouse, so each question that Tryton asks about it ("are
   * you sure?") is answered with yes.
   */
  async change(method: string, params: readonly unknown[], context: object = {}): Promise<unknown> {
    for (let asked = 0; ; asked++) {
      const said = await this.ask(method, params, context);
      if ('result' in said) return said.result;
      if (said.warning === undefined || asked >= QUESTIONS_MOST) throw failure(method, said);
      await this.call('model.res.user.warning.skip', [said.warning]);
    }
  }

  /** Runs a wizard at a record up to a state, with what a person would fill in. */
  async runWizard(
    name: string,
    at: { model: string; id: number },
    state: string,
    filled: object,
  ): Promise<void> {
    const [wizard] = z.array(z.unknown()).parse(await this.call(`wizard.${name}.create`, []));
    const context = { active_model: at.model, active_id: at.id, active_ids: [at.id] };
    await this.change(`wizard.${name}.execute`, [wizard, filled, state], context);
    await this.call(`wizard.${name}.delete`, [wizard]);
  }

  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const said = await this.ask(method, params);
    if ('result' in said) return said.result;
    throw failure(method, said);
  }

  private async ask(method: string, params: readonly unknown[], more: object = {}): Promise<Said> {
    const first = await this.signedIn();
    const once = await this.post(method, [...params, { ...first.context, ...more }], first.header);
    if (once) return once;
    if (this.session && (await this.session) === first) this.session = undefined;
    const second = await this.signedIn();
    const again = await this.post(method, [...params, { ...second.context, ...more }], second.header);
    if (again) return again;
    throw new ShopUnavailable(`Tryton does not let this user call ${method}: see the rights in README.md.`);
  }

  private signedIn(): Promise<Session> {
    this.session ??= this.signIn().catch((error: unknown) => {
      this.session = undefined;
      throw error;
    });
    return this.session;
  }

  private async signIn(): Promise<Session> {
    const { TRYTON_USERNAME: username, TRYTON_PASSWORD: password } = this.access;
    const said = await this.post('common.db.login', [username, { password }, 'en']);
    const login = said && 'result' in said ? Login.safeParse(said.result).data : undefined;
    if (!login) {
      throw new ShopUnavailable(
        `Tryton does not let '${username}' in: check TRYTON_USERNAME and TRYTON_PASSWORD.`,
      );
    }
    const [user, token] = login;
    const header = `Session ${Buffer.from(`${username}:${user}:${token}`).toString('base64')}`;
    const preferences = await this.post('model.res.user.get_preferences', [true, {}], header);
    const context = preferences && 'result' in preferences ? preferences.result : undefined;
    return { header, context: z.record(z.string(), z.unknown()).parse(context) };
  }

  /** Undefined where Tryton does not know the user or the session. */
  private async post(method: string, params: unknown[], session?: string): Promise<Said | undefined> {
    try {
      const { body } = await this.http.request({
        method: 'POST',
        path: `${this.access.TRYTON_DATABASE}/rpc/`,
        body: { id: 1, method, params },
        readsOnly: method.endsWith('.search_read'),
        headers: session === undefined ? {} : { authorization: session },
      });
      const { data } = Answer.safeParse(body);
      if (!data) throw new ShopUnavailable('What answers is no Tryton: is TRYTON_URL its address?');
      return data.error ? saidOf(data.error) : { result: data.result };
    } catch (error) {
      if (error instanceof ShopUnavailable && error.status === 401) return undefined;
      if (!(error instanceof ShopRefused)) throw error;
      // What it answers to a database that it does not have must not lose what waits.
      throw new ShopUnavailable(
        `Tryton answered ${error.status} to ${method}: check TRYTON_URL and TRYTON_DATABASE.`,
      );
    }
  }
}

function saidOf([kind, words]: readonly unknown[]): Said {
  const texts = (Array.isArray(words) ? words : [words]).filter((word) => typeof word === 'string');
  if (kind === 'UserWarning') {
    const [warning, ...rest] = texts;
    return { kind, said: rest.join(' '), warning };
  }
  // Anything that is no error of Tryton's own begins with its message and goes on with a traceback.
  return ['UserError', 'ConcurrencyException', 'LoginException'].includes(String(kind))
    ? { kind: String(kind), said: texts.join(' ') }
    : { kind: 'failure', said: String(kind) };
}

function failure(method: string, { kind, said }: Exclude<Said, { result: unknown }>): Error {
  if (kind === 'UserError') return new ShopRefused(`Tryton refuses ${method}.`, { said: fitText(said, 500) });
  if (kind === 'UserWarning')
    return new ShopRefused(`Tryton asks a question about ${method}.`, { said: fitText(said, 500) });
  return new ShopUnavailable(`Tryton cannot do ${method} now (${kind}).`, { said: fitText(said, 500) });
}
