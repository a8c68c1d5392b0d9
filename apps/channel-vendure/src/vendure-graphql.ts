import { ShopHttp, ShopUnavailable } from '@samlast/channel-kit';
import { z } from 'zod';

export interface VendureAccess {
  readonly VENDURE_URL: string;
  readonly VENDURE_ADMIN_PATH: string;
  readonly VENDURE_USERNAME: string;
  readonly VENDURE_PASSWORD: string;
  readonly VENDURE_CHANNEL_TOKEN?: string;
}

const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() }),
    )
    .optional(),
});

const LOGIN = `mutation($username: String!, $password: String!) {
  login(username: $username, password: $password, rememberMe: true) { __typename }
}`;

/** Vendure's admin interface: GraphQL with a session, which is opened again when the shop has forgotten it. */
export class VendureGraphql {
  private readonly http: ShopHttp;
  private session?: Promise<Record<string, string>>;

  constructor(private readonly access: VendureAccess) {
    const { VENDURE_CHANNEL_TOKEN: channel } = access;
    this.http = new ShopHttp({
      url: access.VENDURE_URL,
      headers: (): Record<string, string> => (channel ? { 'vendure-token': channel } : {}),
    });
  }

  /**
   * @throws ShopUnavailable where the shop could not answer, does not let this administrator in, or does not
   * understand the question: nothing that waits is lost by what a person has to mend
   */
  async ask<Schema extends z.ZodType>(
    schema: Schema,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<z.output<Schema>> {
    const known = this.session;
    let answer = await this.send(query, variables, await this.signedIn());
    // A session that this call did not open may have ended long ago; one that it did open has not.
    if (known && codeOf(answer) === 'FORBIDDEN') {
      if (this.session === known) this.session = undefined;
      answer = await this.send(query, variables, await this.signedIn());
    }
    const code = codeOf(answer);
    const { errors: [error] = [] } = answer;
    if (code === 'FORBIDDEN') {
      throw new ShopUnavailable(
        `Vendure does not let '${this.access.VENDURE_USERNAME}' do what the channel needs (${nameOf(query)}): ` +
          'give its role the permissions that the README of channel-vendure lists.',
      );
    }
    if (error && code === 'GRAPHQL_VALIDATION_FAILED') {
      const message = `Vendure does not understand ${nameOf(query)}: is it version 3, with the Samlast plugin installed?`;
      throw new ShopUnavailable(message, { said: error.message });
    }
    if (error)
      throw new ShopUnavailable(`Vendure could not answer ${nameOf(query)}.`, { said: error.message });
    const result = schema.safeParse(answer.data);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new ShopUnavailable(
      `Vendure's answer to ${nameOf(query)} has ${issue?.path.join('.')} that ${issue?.message}: is it version 3?`,
    );
  }

  private signedIn(): Promise<Record<string, string>> {
    this.session ??= this.signIn().catch((error: unknown) => {
      this.session = undefined;
      throw error;
    });
    return this.session;
  }

  /** A shop gives its session as a cookie, unless it is set up to give a token. */
  private async signIn(): Promise<Record<string, string>> {
    const { VENDURE_USERNAME: username, VENDURE_PASSWORD: password } = this.access;
    const { body, headers } = await this.post(LOGIN, { username, password }, {});
    const { data } = parse(body);
    const said = z.object({ login: z.object({ __typename: z.string() }) }).safeParse(data);
    if (said.data?.login.__typename !== 'CurrentUser') {
      throw new ShopUnavailable(
        `Vendure does not let '${username}' in: check VENDURE_USERNAME and VENDURE_PASSWORD, and that it is an administrator.`,
      );
    }
    const token = headers.get('vendure-auth-token');
    if (token) return { authorization: `Bearer ${token}` };
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    return { cookie: cookies.join('; ') };
  }

  private async send(query: string, variables: Record<string, unknown>, session: Record<string, string>) {
    const { body } = await this.post(query, variables, session);
    return parse(body);
  }

  private post(query: string, variables: Record<string, unknown>, headers: Record<string, string>) {
    const path = this.access.VENDURE_ADMIN_PATH;
    // A query that is not understood is answered with 400 and its reason.
    const readsOnly = !query.startsWith('mutation');
    const body = { query, variables };
    return this.http.request({ method: 'POST', path, body, headers, accept: [400], readsOnly });
  }
}

function parse(body: unknown): z.output<typeof Answer> {
  const { data } = Answer.safeParse(body);
  if (data) return data;
  throw new ShopUnavailable('What answers is no GraphQL interface: is VENDURE_URL the server of the shop?');
}

function codeOf({ errors }: z.output<typeof Answer>): string | undefined {
  return errors?.[0]?.extensions?.code;
}

/** The first field that is asked for. */
function nameOf(query: string): string {
  return /\{\s*(\w+)/.exec(query)?.[1] ?? 'a question';
}
