import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * The time by which is told what the shop's feed has been read past. All processes of a channel have it from their
 * database, and it never goes back: where a clock does, a moment is only a little later than the last one, and what is
 * waited for takes longer. A process's own clock would take a read of an hour ago for one that is yet to come.
 */
@Injectable()
export class Moments {
  constructor(private readonly database: DataSource) {}

  /** Later than all moments that were given before. */
  async next(): Promise<Date> {
    const [rows] = await this.database.query<[{ moment: Date }[], number]>(
      `UPDATE installation
       SET moment = greatest(moment + interval '1 millisecond', date_trunc('milliseconds', clock_timestamp()))
       RETURNING moment`,
    );
    const [row] = rows;
    if (!row) throw new Error('the installation has no row, although its migration makes one');
    return row.moment;
  }
}
