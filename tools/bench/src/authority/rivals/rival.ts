import type { StartedProcess } from '@samlast/test-stack';
import type { Client } from 'pg';
import type { Stage } from '../../benchmark.ts';
import { startContestant, until } from '../../paused.ts';
import { processorTime, since } from '../../processor-time.ts';
import type { Audit, AuthorityContestant, Offered, Running, Taken, Task } from '../contestant.ts';
import { delays } from '../delays.ts';
import { connect, OwnDatabase } from '../own-database.ts';
import { placedOrders, stockFor, workloads } from '../workloads.ts';
import { auditRival } from './audit.ts';
import { GO, LAY_OUT, type RivalCommand, type RivalKind, type RivalSettings, rivalTables } from './tables.ts';
import { newestPosition, seenFrom } from './watch.ts';

/** One of the usual ways to reserve, on so many connections at once. */
export function rival(kind: RivalKind, connections: number): AuthorityContestant {
  return {
    name: `${kind}, ${connections} at once`,
    start: (stage, task) => Rival.start(stage, task, kind, connections),
  };
}

class Rival implements Running {
  private constructor(
    private readonly kind: RivalKind,
    private readonly task: Task,
    private readonly stock: Map<string, number>,
    private readonly database: OwnDatabase,
    private readonly watcher: Client,
    private readonly process: StartedProcess,
  ) {}

  static async start(stage: Stage, task: Task, kind: RivalKind, connections: number): Promise<Rival> {
    const database = await OwnDatabase.make(stage);
    try {
      const stock = stockFor(task.workload, task.most);
      await layStock(database, kind, stock);
      const settings: RivalSettings = {
        kind,
        connections,
        databaseUrl: database.url,
        workload: workloads.indexOf(task.workload),
        events: task.events,
      };
      const process = await startContestant('authority/rivals/rival.main.ts', settings);
      return new Rival(kind, task, stock, database, await connect(database.url), process);
    } catch (error) {
      await database.drop();
      throw error;
    }
  }

  async take(first: number, count: number): Promise<Taken> {
    await this.layOut({ first, count });
    const before = processorTime(this.process.pid);
    const beganAt = performance.now();
    await this.go({ first, count });
    const seconds = (performance.now() - beganAt) / 1_000;
    return { seconds, processor: since(before, processorTime(this.process.pid)) };
  }

  async offer(first: number, count: number, perSecond: number): Promise<Offered> {
    await this.layOut({ first, count });
    const watching = seenFrom(this.watcher, await newestPosition(this.watcher), count);
    // Where the rival fails first, nobody waits for the watcher any more.
    watching.catch(() => {});
    const from = await this.go({ first, count, perSecond });
    // It had them all in its hands, so each could be taken at its moment of the steady rate, and no later.
    const orders = placedOrders(this.task.workload, first, count);
    const offered = new Map(orders.map(({ key }, at) => [key, from + (at * 1_000) / perSecond]));
    return { perSecond, delaysMs: delays(offered, await watching) };
  }

  audit(orders: number): Promise<Audit> {
    return auditRival(this.kind, this.task, this.stock, this.database, orders);
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await this.watcher.end();
    await this.database.drop();
  }

  private async layOut(command: RivalCommand): Promise<void> {
    await this.tell(LAY_OUT, command);
    await this.printed(new RegExp(`^laid out ${command.first}\\.$`, 'm'));
    await this.database.client.query('CHECKPOINT');
  }

  /** Until it says that it is done and the inbox holds them all. Answers when the first could be taken. */
  private async go(command: RivalCommand): Promise<number> {
    const total = command.first + command.count;
    await this.tell(GO, command);
    const [, from] = await this.printed(new RegExp(`^done ${command.first} since (\\S+)\\.$`, 'm'));
    const { count } = await this.database.one<{ count: number }>('SELECT count(*)::int AS count FROM inbox');
    if (count !== total) throw new Error(`${this.kind} took ${total} orders, and ${count} are in its inbox.`);
    return Number(from);
  }

  private async tell(channel: string, command: RivalCommand): Promise<void> {
    await this.database.client.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(command)]);
  }

  private async printed(line: RegExp): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await until(async () => {
      match = line.exec(this.process.output);
      return match !== null;
    }, this.process);
    return match as unknown as RegExpExecArray;
  }
}

async function layStock(database: OwnDatabase, kind: RivalKind, stock: Map<string, number>): Promise<void> {
  const values = [[...stock.keys()], [...stock.values()]];
  await database.client.query(rivalTables);
  await database.client.query(
    kind === 'row per piece'
      ? `INSERT INTO pieces (article) SELECT article FROM unnest($1::text[], $2::int[]) AS given (article, quantity),
           generate_series(1, quantity)`
      : 'INSERT INTO stock (article, free) SELECT * FROM unnest($1::text[], $2::int[])',
    values,
  );
  // Plans as good as they will ever be.
  await database.client.query('VACUUM ANALYZE');
}
