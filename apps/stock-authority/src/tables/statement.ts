import type { EntityManager } from 'typeorm';

/** What of the driver's own connection TypeORM does not pass on: a statement with a name is prepared once. */
interface Connection {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rowCount: number | null }>;
}

/**
 * A statement that each batch runs, parsed and planned once for a connection. Only for one whose plan does not depend
 * on how many rows its tables hold: the plan of an empty table would stay.
 */
export function statement(name: string, text: string) {
  /** Answers how many rows it has written. */
  return async (tx: EntityManager, values: unknown[]): Promise<number> => {
    const connection = (await tx.queryRunner?.connect()) as Connection | undefined;
    if (!connection) throw new Error(`The statement ${name} needs a transaction: run it in one.`);
    return (await connection.query({ name, text, values })).rowCount ?? 0;
  };
}
