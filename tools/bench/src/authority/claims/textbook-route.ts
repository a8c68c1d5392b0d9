import { Body, ConflictException, Controller, Headers, HttpCode, Post, type Provider } from '@nestjs/common';
import pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import type { RouteSettings } from './routes.ts';

@Entity('stock')
class StockRow {
  @PrimaryColumn('text')
  article!: string;

  @Column('int')
  free!: number;

  @Column('int', { default: 0 })
  reserved!: number;
}

@Entity('claims')
class ClaimRow {
  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  channel!: string;

  @Column('text')
  buyer!: string;

  @Column('jsonb')
  lines!: ClaimBody['lines'];

  @Column('timestamptz')
  expiresAt!: Date;
}

interface ClaimBody {
  readonly channel: string;
  readonly buyer: string;
  readonly lines: { article: string; quantity: string }[];
  readonly expiresInS: number;
}

/** Its own tables are made from the entities. */
export async function openStock({ databaseUrl, connections }: RouteSettings): Promise<Provider> {
  const source = new DataSource({
    type: 'postgres',
    driver: pg,
    url: databaseUrl,
    entities: [StockRow, ClaimRow],
    synchronize: true,
    extra: { max: connections },
  });
  await source.initialize();
  return { provide: DataSource, useValue: source };
}

/**
 * A claim as TypeORM's own pages show it: a transaction of the entity manager, the row with a pessimistic lock,
 * changed and written. The same key again breaks on the primary key, without a look beforehand.
 */
@Controller('claims')
export class TextbookRoute {
  constructor(private readonly source: DataSource) {}

  @Post()
  @HttpCode(201)
  claim(@Headers('idempotency-key') key: string, @Body() body: ClaimBody) {
    const { channel, buyer, lines, expiresInS } = body;
    return this.source.transaction(async (tx) => {
      for (const { article, quantity } of lines.toSorted((a, b) => (a.article < b.article ? -1 : 1))) {
        const stock = await tx.findOne(StockRow, { where: { article }, lock: { mode: 'pessimistic_write' } });
        if (!stock || stock.free < Number(quantity))
          throw new ConflictException(`There is too little of ${article}.`);
        const [free, reserved] = [stock.free - Number(quantity), stock.reserved + Number(quantity)];
        await tx.update(StockRow, { article }, { free, reserved });
      }
      const expiresAt = new Date(Date.now() + expiresInS * 1_000);
      await tx.insert(ClaimRow, { key, channel, buyer, lines, expiresAt });
      return { key, state: 'open', expiresAt };
    });
  }
}
