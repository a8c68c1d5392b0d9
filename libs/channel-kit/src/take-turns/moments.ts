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

  /**
   * Later than all moments that were given before. It does not wait for the disk, or tens of moments a second would be
   * as many writes that everybody waits for. What a crash of the database loses of them only counts if its clock jumps
   * back at that very time.
   */
  async next(): Promise<Date> {
    const [rows] = await this.database.query<[{ moment: Date }[], number]>(
      `UPDATE installation
       SET moment = greatest(moment + interval '1 millisecond', date_trunc('milliseconds', clock_timestamp()))
       WHERE set_config('synchronous_commit', 'off', true) = 'off'
       RETURNING moment`,
    );
    const [row] = rows;
    if (!row) throw new Error('the installation has no row, although its migration makes one');
    return row.moment;
  }
}
