import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { articleRoutes } from './article-routes.ts';
import { Counts } from './counts.ts';
import { dangerousGoodsRoutes } from './dangerous-goods-routes.ts';
import { Faults, type FaultNow } from './faults.ts';
import { oddAnswer } from './odd-answers.ts';
import { orderPatches } from './order-patches.ts';
import { orderRoutes } from './order-routes.ts';
import { purchaseRoutes } from './purchase-routes.ts';
import { registerRoutes } from './register-routes.ts';
import { returnRoutes } from './return-routes.ts';
import { Query, type Answer, type Call, type GoodsOwner, type Route } from './route.ts';
import { WriteQueue } from './write-queue.ts';

export interface User {
  user: string;
  password: string;
  /** Ids of the goods owners that this user may see. */
  goodsOwners: number[];
}

export interface ApiRequest {
  method: string;
  /** Behind `/api/v1`. */
  path: string;
  parameters: URLSearchParams;
  authorization: string | undefined;
  /** What a browser's fetch, and Node's, says of itself. */
  fetchMode?: string | undefined;
  body: string;
}

export type Reply =
  | { kind: 'answer'; status: number; contentType: string; body: string; retryAfter?: number }
  /** The connection is cut, or nothing ever comes. */
  | { kind: 'drop' | 'hang' };

interface Found {
  route: Route;
  ids: number[];
}

const ERROR_PAGE =
  '<!DOCTYPE html><html><head><title>Runtime Error</title></head><body><h1>Server Error in / Application.</h1></body></html>';

/** The REST API of one goods owner: who may ask, what goes wrong, and whose turn it is. */
export class Api {
  readonly counts = new Counts();
  readonly faults: Faults;
  private readonly writes = new WriteQueue();
  private readonly routes: { route: Route; parts: string[] }[];

  constructor(
    private readonly warehouse: Warehouse,
    private readonly goodsOwner: GoodsOwner,
    private readonly users: User[],
  ) {
    this.faults = new Faults(warehouse.ground);
    const routes = [
      ...articleRoutes,
      ...dangerousGoodsRoutes,
      ...registerRoutes,
      ...orderRoutes,
      ...orderPatches,
      ...purchaseRoutes,
      ...returnRoutes,
    ];
    this.routes = routes.map((route) => ({ route, parts: route.path.split('/') }));
  }

  async handle(request: ApiRequest): Promise<Reply> {
    const found = this.find(request.method, request.path);
    if (!found)
      return answer(
        refused(new Refusal(404, 'No HTTP resource was found that matches the request URI.')),
        false,
      );
    const endpoint = `${found.route.method} ${found.route.path}`;
    this.counts.request(endpoint);
    const body = parseBody(request.body);
    const number = this.numberIn(request, found, body);
    this.counts.write(endpoint, number, 'received');
    const fault = this.refusesFetch(request) ? FAULT : this.faults.for(endpoint, number);
    const reply = await this.carryOut(request, found, { endpoint, body, number, fault });
    const { retryAfterS } = this.warehouse.ground.knobs;
    if (reply.kind === 'answer' && reply.status === 429 && retryAfterS > 0) reply.retryAfter = retryAfterS;
    this.counts.answer(endpoint, reply.kind === 'answer' ? reply.status : reply.kind);
    return reply;
  }

  private async carryOut(
    request: ApiRequest,
    { route, ids }: Found,
    {
      endpoint,
      body,
      number,
      fault,
    }: { endpoint: string; body: unknown; number: string | undefined; fault: FaultNow | undefined },
  ): Promise<Reply> {
    const { knobs } = this.warehouse.ground;
    const early = fault && !fault.afterCommit ? broken(fault, body) : undefined;
    if (early) return early;
    const work = (): Answer => {
      try {
        this.admit(request.authorization);
        const query = new Query(request.parameters);
        this.checkGoodsOwner(request, route, query);
        const done = route.handle({
          warehouse: this.warehouse,
          goodsOwner: this.goodsOwner,
          query,
          ids,
          body,
        } satisfies Call);
        this.counts.write(endpoint, number, 'done');
        return done;
      } catch (error) {
        if (error instanceof Refusal) return refused(error);
        throw error;
      }
    };
    const delayMs = fault?.delayMs ?? 0;
    let result: Answer;
    if (request.method === 'GET') {
      if (knobs.readLatencyMs + delayMs > 0) await wait(knobs.readLatencyMs + delayMs);
      result = work();
    } else {
      const writing = this.writes.run(knobs.writeLatencyMs + delayMs, work);
      this.counts.writesAtOnce = Math.max(this.counts.writesAtOnce, this.writes.length);
      result = await writing;
    }
    if (knobs.answerLatencyMs > 0) await wait(knobs.answerLatencyMs);
    const late = fault?.afterCommit ? broken(fault, body) : undefined;
    if (late) return late;
    if (fault?.kind === 'null-id') withoutId(result);
    const { chance } = this.warehouse.ground;
    if (fault?.kind === 'blank') result.body = without(fault.members ?? [], result.body);
    const reply = answer(result, !knobs.nullMembers);
    if (reply.kind === 'answer' && result.status < 300 && chance.hits(knobs.oddRate)) {
      const odd = oddAnswer(JSON.parse(reply.body), chance);
      reply.body = odd.body;
      this.counts.odd(odd.kind);
    }
    return reply;
  }

  private refusesFetch({ fetchMode }: ApiRequest): boolean {
    return this.warehouse.ground.knobs.rejectFetch && fetchMode !== undefined;
  }

  private find(method: string, path: string): Found | undefined {
    const parts = path.split('/');
    for (const { route, parts: pattern } of this.routes) {
      if (route.method !== method || pattern.length !== parts.length) continue;
      const ids: number[] = [];
      const matches = pattern.every((part, index) => {
        const given = parts[index] ?? '';
        if (!part.startsWith('{')) return part.toLowerCase() === given.toLowerCase();
        if (!/^\d{1,10}$/.test(given)) return false;
        ids.push(Number(given));
        return true;
      });
      if (matches) return { route, ids };
    }
    return undefined;
  }

  private admit(authorization: string | undefined): void {
    const [scheme, credential = ''] = (authorization ?? '').split(' ');
    const [name, ...rest] = Buffer.from(credential, 'base64').toString('utf8').split(':');
    const user = this.users.find((one) => one.user === name && one.password === rest.join(':'));
    if (scheme?.toLowerCase() !== 'basic' || !user) {
      throw new Refusal(401, 'Authorization has been denied for this request.');
    }
    const { apiAccess } = this.warehouse.ground.knobs;
    if (!apiAccess || !user.goodsOwners.includes(this.goodsOwner.id)) {
      throw new Refusal(403, 'The user has no access to this goods owner by the API.');
    }
  }

  /** Lists name their goods owner in the query; bodies in the body. */
  private checkGoodsOwner({ method }: ApiRequest, route: Route, query: Query): void {
    const isList = method !== 'PUT' && !route.path.includes('{') && !FREE_OF_GOODS_OWNER.has(route.path);
    if (!isList) return;
    const asked = query.int('goodsOwnerId');
    if (asked === undefined) {
      throw new Refusal(400, 'The request is invalid.', {
        goodsOwnerId: ['The goodsOwnerId field is required.'],
      });
    }
    if (asked !== this.goodsOwner.id)
      throw new Refusal(403, `The user has no access to goods owner ${asked}.`);
  }

  /** Whose number a write carries, for counts and armed faults. */
  private numberIn({ parameters }: ApiRequest, { route, ids }: Found, body: unknown): string | undefined {
    const { orders, purchaseOrders, returnOrders } = this.warehouse;
    const id = ids[0] ?? 0;
    if (route.path.startsWith('/orders/{orderId}')) return orders.byId.get(id)?.number;
    if (route.path.startsWith('/purchaseOrders/{')) return purchaseOrders.byId.get(id)?.number;
    if (route.path.startsWith('/returnOrders/{')) return returnOrders.byId.get(id)?.number;
    const names = ['orderNumber', 'articleNumber', 'purchaseOrderNumber', 'returnOrderNumber'];
    const members = (body ?? {}) as Record<string, unknown>;
    const values = [
      ...names.map((name) => members[name]),
      ...names.map((name) => parameters.get(name) ?? parameters.get(`${name}s`)),
    ];
    return values.find((value) => typeof value === 'string');
  }
}

const FAULT: FaultNow = { kind: 'error', afterCommit: false, delayMs: 0 };

const FREE_OF_GOODS_OWNER = new Set([
  '/orders/statuses',
  '/purchaseOrders/statuses',
  '/returnOrders/statuses',
  '/warehouses',
]);

function broken({ kind }: FaultNow, body: unknown): Reply | undefined {
  if (kind === 'refuse')
    return answer(refused(new Refusal(400, `This cannot be taken: ${JSON.stringify(body)}`)), false);
  if (kind === 'error') return answer({ status: 500, body: { Message: 'An error has occurred.' } }, false);
  if (kind === 'too-many') return answer({ status: 429, body: { message: 'Too many requests.' } }, false);
  if (kind === 'html')
    return { kind: 'answer', status: 500, contentType: 'text/html; charset=utf-8', body: ERROR_PAGE };
  return kind === 'drop' || kind === 'hang' ? { kind } : undefined;
}

function answer({ status, body }: Answer, omitNulls: boolean): Reply {
  const text = omitNulls
    ? JSON.stringify(body, (_name, value: unknown) => (value === null ? undefined : value))
    : JSON.stringify(body);
  return { kind: 'answer', status, contentType: 'application/json; charset=utf-8', body: text };
}

function refused({ status, message, fields }: Refusal): Answer {
  return { status, body: fields ? { message, modelState: fields } : { message } };
}

function withoutId({ status, body }: Answer): void {
  const ids = body as Record<string, unknown>;
  for (const name of ['orderId', 'articleSystemId', 'purchaseOrderId', 'returnOrderId'])
    if (status < 300 && name in ids) ids[name] = null;
}

function without(members: string[], body: unknown): unknown {
  const text = JSON.stringify(body, (name, value: unknown) => (members.includes(name) ? null : value));
  return JSON.parse(text) as unknown;
}

function parseBody(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const wait = (ms: number) => sleep(ms, undefined, { ref: false });
